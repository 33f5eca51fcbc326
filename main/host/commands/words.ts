import type { EditRequest } from '../../../src/index.ts'
import type { Bytes } from '../../api.ts'
import type { Handlers } from '../connection.ts'
import { type Document, snapshotOf, unitTensor } from '../document.ts'
import { changeOf, NO_EDITS, startEdit, withEdit } from '../edits.ts'
import type { EditingOrder } from '../../engine/editing.ts'
import type { Host } from '../host.ts'
import { fileName } from '../names.ts'
import { openIn } from '../opening.ts'
import { refuse } from '../problems.ts'
import { readerOf, sentenceOf } from '../requests.ts'
import type { Window } from '../telling.ts'

type WordsCommands = Pick<Handlers, 'editPhoto' | 'stopEdit' | 'showEdit' | 'saveEdit' | 'sketchEdit'>

const TYPES = {
  ...{ png: 'image/png', jpg: 'image/jpeg', webp: 'image/webp', tif: 'image/tiff' },
  svg: 'image/svg+xml',
} as const

/** A photo edited by a sentence. */
export function wordsCommands(host: Host, window: Window): WordsCommands {
  /** The photo as it is shown, in a file of its own. */
  const fileOf = async (document: Document, shown: typeof NO_EDITS.shown, as: keyof typeof TYPES) => {
    const { photo, edits = NO_EDITS } = document
    if (!photo) throw refuse('a photo to edit', 'there is none yet', 'open one')
    const change = changeOf(edits, shown)
    const order = { photo: photo.bytes, change, strength: shown.strength, title: titleOf(document, shown.edit), as }
    return (await window.waiting.begin(() => host.engine.work('editedFile', order))) as Bytes
  }
  return {
    editPhoto() {
      const { document } = window
      const order = orderFor(document)
      document.editing?.abandon()
      void host.checkRoom(document, { encoder: order.encoder, reads: true })
      const run = startEdit(host.engine, order, (state, made) => {
        if (made) document.edits = withEdit(document.edits ?? NO_EDITS, made)
        if (state.phase !== 'going') document.editing = undefined
        host.tell(document, 'editing', state)
        if (!made) return
        host.autosave.edits(document)
        host.changed(document)
      })
      document.editing = run
      return { editing: run.state }
    },
    stopEdit() {
      window.document.editing?.stop()
      return {}
    },
    showEdit(shown) {
      const { document } = window
      document.edits = { ...(document.edits ?? NO_EDITS), shown }
      host.changed(document)
      return {}
    },
    async saveEdit({ shown, as }) {
      const { document, shell } = window
      const bytes = await fileOf(document, shown, as)
      return {
        delivered: await shell.deliver({
          name: `${fileName(titleOf(document, shown.edit))}.${as}`,
          type: TYPES[as],
          bytes,
        }),
      }
    },
    async sketchEdit({ shown }) {
      const { document } = window
      const bytes = await fileOf(document, shown, 'png')
      // Who takes this back finds it as it was, even if it is in a file.
      document.kept = false
      await openIn(host, window, { name: `${titleOf(document, shown.edit)}.png`, bytes })
      return { opened: snapshotOf(window.document) }
    },
  }
}

/** What the engine is asked for. */
function orderFor(document: Document): EditingOrder {
  const { photo, settings } = document
  if (!photo) throw refuse('a photo to edit', 'there is none yet', 'open one')
  const { text, source, mode, where, keep } = settings.words.edit
  return {
    ...{ photo: photo.bytes, text: sentenceOf(text), keep, encoder: readerOf(document), seed: settings.seed },
    // The engine checks their names, and says which there are.
    ...{ mode: mode as EditRequest['mode'], device: settings.device as EditRequest['device'] },
    ...(source.trim() !== '' && { source }),
    ...(where !== 'all' && { within: { mask: regionOf(document, where), frame: photo.shown.frame } }),
  }
}

/** Where the photo may change. What was painted holds at once, even if nobody has looked at the photo since. */
function regionOf({ mask: asked, subject }: Document, where: 'subject' | 'background') {
  const mask = typeof asked !== 'string' ? asked : subject?.mode === asked ? subject.mask : undefined
  if (!mask) throw refuse('a subject to tell where', 'it is still looked for', 'wait a moment')
  return unitTensor(where === 'subject' ? mask : mask.map((value) => 255 - value))
}

/** What an edited photo is called: as the photo, and what was said of it. */
function titleOf({ title, edits = NO_EDITS }: Document, edit: string | undefined): string {
  const text = edits.made.find(({ id }) => id === edit)?.text
  return [title, text?.slice(0, 60)].filter(Boolean).join(', ')
}
