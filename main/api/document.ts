import { z } from 'zod'
import { drawing, moment, runState, seedResult } from './drawing.ts'
import { settings } from './settings.ts'
import { packedSteps } from './steps.ts'
import { bytes, emphasis, greyImage, id, maskMode, picture, rectangle, title } from './values.ts'
import { editing, edits } from './words.ts'

/** The photo of a document. */
export const photo = z.object({
  name: title,
  /** Upright pixels of the file. */
  width: z.int(),
  height: z.int(),
  /** Where it lies on the canvas, in canvas units. */
  frame: rectangle,
  /** The photo alone, without padding, large enough for a screen: it fills `frame`. */
  preview: picture,
  /** What its owner should know, in plain sentences. */
  warnings: z.array(z.string()),
})
export type Photo = z.infer<typeof photo>

/** What the engine makes of a photo before it draws. */
export const subject = z.object({
  mode: maskMode,
  /** 255 is the subject. */
  mask: greyImage,
  /** Where lines are, within the mask: 255 is the strongest. */
  lines: greyImage,
  /** What the best n strokes would draw of the lines, from n = 0 on: it never falls. */
  gains: z.array(z.number()),
  /** How many strokes it takes for each `detail`, at even steps from 0 to 1. */
  counts: z.array(z.int().min(1)),
  /** What will draw badly, and what helps, in plain sentences; by what it is about, the window offers the remedy. */
  hints: z
    .array(z.object({ about: z.string().max(32), text: z.string().max(500) }))
    .max(16)
    .optional(),
})

export type Subject = z.infer<typeof subject>

/** Something that was found in a photo. */
export const thing = z.object({ words: title, score: z.number().min(0).max(1), mask: greyImage })
export type Thing = z.infer<typeof thing>

/** What was found, the likeliest first, and how near the phrases came of which nothing was. */
export const found = z.object({
  things: z.array(thing),
  misses: z.array(z.object({ words: title, score: z.number() })),
  notes: z.array(z.string()),
})
export type Found = z.infer<typeof found>

/** Everything a window needs to show a document from nothing: after opening, a reload, or a crash. */
export const snapshot = z.object({
  document: id,
  title,
  photo: photo.optional(),
  subject: subject.optional(),
  /** Where lines count more or less, as painted; alike everywhere when absent. */
  emphasis: emphasis.optional(),
  settings,
  /** As it stands, edits included. */
  drawing: drawing.optional(),
  /** What can be undone from there, and done again: `unpackSteps`. */
  steps: packedSteps.optional(),
  /** The last run: it may still be going. */
  run: runState.optional(),
  /** Edits of the photo, oldest first, which of them is shown, and the one that is being made. */
  edits: edits.optional(),
  editing: editing.optional(),
  /** Of the last run, oldest first; thinned out when there are very many. */
  history: z.array(moment),
  /** Of the last run, as far as they are done. */
  seeds: z.array(seedResult),
  /** The project file has not everything that is here. Nothing is lost either way: all is kept by autosave. */
  modified: z.boolean(),
  /** This is work kept from an earlier session. */
  restored: z.boolean(),
})
export type Snapshot = z.infer<typeof snapshot>

/** Where something to open comes from: a photo, a `.fewline` project, or an SVG made by Fewline; told by content. */
export const source = z.discriminatedUnion('from', [
  /** Picked, dropped or pasted in the window. */
  z.object({ from: z.literal('bytes'), name: title, bytes }),
  /** A file dropped on the desktop app's window: `Port.pathOf` has told its path. */
  z.object({ from: z.literal('path'), path: z.string().min(1).max(4096) }),
  z.object({ from: z.literal('sample'), name: title }),
  z.object({ from: z.literal('recent'), id }),
  /** The photo of the document that is shown, cropped around its subject. */
  z.object({ from: z.literal('subject') }),
  z.object({ from: z.literal('gallery'), id }),
  /** The system's own dialog, in the desktop app; what it opens is the user's choice. */
  z.object({ from: z.literal('dialog') }),
])
export type Source = z.infer<typeof source>

/** A file that was opened lately, or work that is in no file (`unsaved`): it comes back as it was left. */
export const recent = z.object({
  id,
  name: title,
  kind: z.enum(['photo', 'project', 'svg', 'unsaved']),
  opened: z.number(),
})
export type Recent = z.infer<typeof recent>
