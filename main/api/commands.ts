import { z } from 'zod'
import { batch, batchPicture, batchRequests } from './batch.ts'
import { found, photo, recent, snapshot, source, subject } from './document.ts'
import { drawing, indices, moment, runState, seedResult } from './drawing.ts'
import { equipment, model } from './equipment.ts'
import { exportOptions, exportSummary, filmPages, videoFormat, videoOptions } from './exports.ts'
import { gallery } from './gallery.ts'
import { appSettings, settings } from './settings.ts'
import { packedSteps } from './steps.ts'
import { LOOK_NAMES } from '../../src/looks/looks.ts'
import { bytes, emphasis, greyImage, id, list, paper, strokes, title } from './values.ts'
import { editing, pictureEnd, shownEdit } from './words.ts'

/** The most moments of a pen that a window asks for. */
const MOST_MOMENTS = 600
const nothing = z.object({})
const file = z.object({ name: title, type: z.string(), bytes })

/** Where something went. A browser gets the bytes and downloads them; the desktop app has asked where, and written it. */
const delivered = z.discriminatedUnion('to', [
  z.object({ to: z.literal('download'), file }),
  z.object({ to: z.literal('file'), path: z.string(), name: title }),
  z.object({ to: z.literal('clipboard') }),
  z.object({ to: z.literal('nowhere') }),
])

/** An export is of the drawing given: edited, coloured and simplified as the window shows it. */
const exporting = z.object({ options: exportOptions, drawing })

/** Every command: what is asked, and what is answered. All are about the document that the window shows. */
export const commands = {
  /**
   * First of all. `document` is the one this window had before it was reloaded (keep it in sessionStorage); without it
   * the window gets work that was left behind by a crash or a closed window, else an empty document.
   */
  hello: {
    request: z.object({ document: id.optional() }),
    reply: z.object({
      version: z.string(),
      /** The desktop app has dialogs, a clipboard and a menu of its own; a browser does these itself. */
      host: z.enum(['desktop', 'browser']),
      app: appSettings,
      snapshot,
    }),
  },

  // What to draw
  /** Opens a document in this window. The one before is kept: it is found among the recent ones if it is in no file. */
  open: { request: z.object({ source }), reply: z.object({ opened: snapshot.optional() }) },
  recent: { request: nothing, reply: z.object({ recent: z.array(recent) }) },
  photo: { request: nothing, reply: z.object({ photo: photo.optional() }) },

  // The gallery: each answers with what is in it by then.
  gallery: { request: nothing, reply: gallery },
  renameDrawing: { request: z.object({ id, name: title }), reply: gallery },
  copyDrawing: { request: z.object({ id, name: title }), reply: gallery },
  /** It can be brought back for a while. */
  deleteDrawing: { request: z.object({ id }), reply: gallery },
  bringBackDrawing: { request: z.object({ id }), reply: gallery },

  /**
   * The subject found, everything (`none`), or as painted, and where lines count more or less in it: kept for the next run.
   * Takes up to a second.
   */
  subject: {
    request: z.object({
      mask: z.union([z.enum(['auto', 'none']), greyImage]),
      emphasis: emphasis.optional(),
    }),
    reply: z.object({ subject }),
  },

  /**
   * Things in the photo: by phrases (with `-` in front: not meant), or at a place in canvas units. Words may take seconds; the
   * photo may be another by then, and the window knows. Nothing is changed.
   */
  find: {
    request: z.object({
      words: z.array(z.string().max(200)).max(64),
      points: z.array(z.object({ x: z.number(), y: z.number() })).max(16),
    }),
    reply: z.object({ found }),
  },

  // How to draw it
  equipment: { request: nothing, reply: z.object({ equipment }) },
  /** Remembered for this document and, when it is drawn, for the next one. */
  change: { request: z.object({ settings: settings.partial() }), reply: z.object({ settings }) },
  changeApp: { request: z.object({ app: appSettings.partial() }), reply: z.object({ app: appSettings }) },

  // The run. Each answers at once; frames and the run's phases come as events.
  draw: { request: nothing, reply: z.object({ state: runState }) },
  /** Draws the sentence of `settings.words`; a photo is only begun on. */
  imagine: { request: nothing, reply: z.object({ state: runState }) },
  /** Moves strokes (indices) from what `settings.words` says they show to what it says they should; all others stay. */
  move: { request: z.object({ drawing, moving: indices }), reply: z.object({ state: runState }) },
  /** Optimises again from an edited drawing; locked strokes stay as they are. */
  continue: { request: z.object({ drawing }), reply: z.object({ state: runState }) },
  pause: { request: nothing, reply: z.object({ state: runState }) },
  resume: { request: nothing, reply: z.object({ state: runState }) },
  /** Ends the run with the best strokes so far: the frame with `done` false and an `order` comes last. */
  stop: { request: nothing, reply: z.object({ state: runState }) },
  history: { request: nothing, reply: z.object({ history: z.array(moment), seeds: z.array(seedResult) }) },

  /** The window has edited the drawing: kept by autosave. Send it when a gesture ends. */
  edit: { request: z.object({ drawing }), reply: nothing },
  /** What can be undone and done again, whenever that has changed: kept by autosave, and given back in the snapshot. */
  keepSteps: { request: z.object({ steps: packedSteps }), reply: nothing },

  // Edits of the photo. `editing` events tell how far one is, and what came of it.
  /** Begins an edit by `settings.words`, in place of one that is being made. */
  editPhoto: { request: nothing, reply: z.object({ editing }) },
  /** Ends it with the best so far. */
  stopEdit: { request: nothing, reply: nothing },
  /** What the window shows of the edits: kept by autosave. */
  showEdit: { request: shownEdit, reply: nothing },
  /** The photo as an edit leaves it, in its own size. */
  saveEdit: { request: z.object({ shown: shownEdit, as: pictureEnd }), reply: z.object({ delivered }) },
  /** The same as the photo of a new document in this window. The one before is kept, as with `open`. */
  sketchEdit: { request: z.object({ shown: shownEdit }), reply: z.object({ opened: snapshot }) },

  // What comes out
  preview: { request: exporting, reply: z.object({ file, summary: exportSummary }) },
  save: { request: exporting, reply: z.object({ delivered, summary: exportSummary }) },
  /** A film as pictures, which the window makes a video of: `deliver` it. */
  pages: { request: z.object({ options: videoOptions, drawing }), reply: filmPages },
  /** Hands the user the video that the window has made, called after the document: an export like those of `save`. */
  deliver: { request: z.object({ format: videoFormat, bytes }), reply: z.object({ delivered }) },
  /** How a pen draws it, at `count` even moments: the last is the whole drawing, in the pen's order. */
  pen: {
    request: z.object({ drawing, count: z.int().min(1).max(MOST_MOMENTS) }),
    reply: z.object({ moments: list(strokes, MOST_MOMENTS) }),
  },
  copy: {
    request: z.object({
      as: z.enum(['svg', 'png']),
      drawing,
      background: paper.optional(),
      look: z.enum(LOOK_NAMES).optional(),
    }),
    reply: z.object({ delivered }),
  },
  /** The project as a `.fewline` file; `as` asks for a name even when it has one. */
  saveProject: { request: z.object({ drawing: drawing.optional(), as: z.boolean() }), reply: z.object({ delivered }) },
  /** An empty document in this window. The one before is kept, as with `open`. */
  newDocument: { request: nothing, reply: z.object({ snapshot }) },

  /** What takes long and is going on in this window (opening, looking for the subject, writing a film) ends without a result. */
  cancel: { request: nothing, reply: nothing },

  /** What a report of a fault needs: English lines, and nothing that tells whose machine it is. Devices are tried for it. */
  diagnostics: { request: nothing, reply: z.object({ text: z.string().max(100_000) }) },

  // Many photos. What becomes of them is told by `batch` events, to every window.
  batch: { request: nothing, reply: z.object({ batch }) },
  /** A photo, or in the desktop app a folder with all photos in it. Those that are there already are left out. */
  batchAdd: {
    request: z.object({ source }),
    reply: z.object({ added: z.int(), known: z.int() }),
  },
  /** Draws what waits; goes on when Fewline is started again. */
  batchStart: { request: nothing, reply: nothing },
  /** What is being drawn waits again. */
  batchStop: { request: nothing, reply: nothing },
  /** To be drawn once more, from nothing if they are done. */
  batchRetry: { request: batchRequests.ids, reply: nothing },
  batchMove: { request: batchRequests.move, reply: nothing },
  /** With all that is kept of them; files in a folder of the user's stay. */
  batchRemove: { request: batchRequests.ids, reply: nothing },
  batchSet: { request: batchRequests.set, reply: nothing },
  batchOutput: { request: batchRequests.output, reply: nothing },
  /** Asks for the folder of the results, in the desktop app. */
  batchFolder: { request: nothing, reply: z.object({ chosen: z.boolean() }) },
  batchPicture: { request: batchRequests.row, reply: batchPicture },
  /** Opens a photo of the batch as a document: with its drawing, when that is done. */
  batchOpen: { request: batchRequests.row, reply: z.object({ opened: snapshot }) },
  /** All results in one archive, where there is no folder for them. */
  batchSave: { request: nothing, reply: z.object({ delivered }) },

  // Models
  models: { request: nothing, reply: z.object({ models: z.array(model) }) },
  /** Answers when it has begun; `model` events tell how far it is. */
  downloadModel: { request: z.object({ name: title }), reply: nothing },
  stopDownload: { request: z.object({ name: title }), reply: nothing },
  importModel: { request: z.object({ source }), reply: z.object({ models: z.array(model) }) },
  removeModel: { request: z.object({ name: title }), reply: z.object({ models: z.array(model) }) },
} satisfies Record<string, { request: z.ZodType; reply: z.ZodType }>

export type Command = keyof typeof commands
export type RequestOf<C extends Command> = z.infer<(typeof commands)[C]['request']>
export type ReplyOf<C extends Command> = z.infer<(typeof commands)[C]['reply']>
