import { z } from 'zod'
import { problem } from './problem.ts'
import { colour, id, list, picture, title } from './values.ts'

/** What words can do: draw a sentence, edit a photo, move the strokes of a sketch. */
export const VERBS = ['draw', 'edit', 'move'] as const
export type Verb = (typeof VERBS)[number]

/** Far more than any encoder reads. */
export const MOST_SENTENCE = 4000
const sentence = z.string().max(MOST_SENTENCE)
/** The most colours of a palette. */
export const MOST_COLOURS = 12

/** What is asked for in words. */
export const asking = z.object({
  verb: z.enum(VERBS),
  draw: z.object({
    text: sentence,
    /** What it should not show: phrases with commas between them. */
    against: sentence,
    strokes: z.int().min(1).max(512),
    /** A preset's id (Equipment). */
    preset: z.string().max(64),
    /** Any colours, only those of the palette, or the ink's black alone. */
    colours: z.enum(['any', 'palette', 'mono']),
    palette: list(colour, MOST_COLOURS).refine(({ length }) => length > 0, 'expected a colour'),
    /** Strokes begin on the lines of the photo and in its colours, where there is one. */
    start: z.boolean(),
  }),
  edit: z.object({
    text: sentence,
    /** What the photo is of now; '' for "a photo". */
    source: sentence,
    /** A mode of the engine's (Equipment). */
    mode: z.string().max(64),
    /** Where it may change: all of it, the subject, or all else. */
    where: z.enum(['all', 'subject', 'background']),
    /** How much it counts that it stays as it is. */
    keep: z.number().min(0).max(10),
  }),
  move: z.object({ text: sentence, source: sentence }),
})
export type Asking = z.infer<typeof asking>

export const NOTHING_ASKED: Asking = {
  verb: 'draw',
  draw: {
    ...{ text: '', against: '', strokes: 128, preset: 'standard', colours: 'any' },
    ...{ palette: ['#1f3a8a', '#b8391f', '#e0a526', '#2b2a33'], start: false },
  },
  edit: { text: '', source: '', mode: 'tone', where: 'all', keep: 1 },
  move: { text: '', source: '' },
}

/** The most edits of a photo that are kept: the oldest make room. */
export const MOST_EDITS = 12

/** An edit that was made: `preview` lies where the photo's does, changed as much as it can be. */
export const madeEdit = z.object({ id, text: sentence, mode: title, preview: picture })
export type MadeEdit = z.infer<typeof madeEdit>

/** What is shown of the edits: none of them is the photo itself, and so is one with no strength. */
export const shownEdit = z.object({ edit: id.optional(), strength: z.number().min(0).max(1) })
export type ShownEdit = z.infer<typeof shownEdit>

export const edits = z.object({ made: list(madeEdit, MOST_EDITS), shown: shownEdit })

/** An edit that is being made. */
export const editing = z.object({
  phase: z.enum(['going', 'done', 'stopped', 'failed']),
  /** How far it is, and how long it still takes where that is known. */
  share: z.number().min(0).max(1),
  secondsLeft: z.number().optional(),
  /** As it is so far: smaller than the photo's. */
  preview: picture.optional(),
  /** What came of it: it is shown from now on. */
  made: madeEdit.optional(),
  /** What its owner should know, in plain sentences. */
  warnings: z.array(z.string()).optional(),
  problem: problem.optional(),
})
export type Editing = z.infer<typeof editing>

/** What an edited photo is saved as, by the ends of files' names: its strokes as an SVG where it was painted in them. */
export const pictureEnd = z.enum(['png', 'jpg', 'webp', 'tif', 'svg'])
export type PictureEnd = z.infer<typeof pictureEnd>
