import { z } from 'zod'
import { exportOptions } from './exports.ts'
import { problem } from './problem.ts'
import { settings } from './settings.ts'
import { id, list, picture, rectangle, strokes, title } from './values.ts'

/** The most photos that a batch holds. */
export const MOST_PHOTOS = 5000

const share = z.number().min(0).max(1)

/** One photo of the batch. */
export const batchRow = z.object({
  id,
  name: title,
  /** `waiting`: for its turn. `failed`: see `problem`. */
  phase: z.enum(['waiting', 'drawing', 'done', 'failed']),
  /** How much of it is drawn, while it is. */
  share: share.optional(),
  /** What will draw badly, each with what helps, in plain sentences; nobody has looked yet when absent. */
  hints: list(z.string().max(2000), 32).optional(),
  problem: problem.optional(),
  /** Of what it has become. */
  strokes: z.int().optional(),
  /** The file with its drawing, in the folder of the results. */
  file: title.optional(),
  /** What it is drawn with otherwise than the others. */
  own: settings.partial().optional(),
})
export type BatchRow = z.infer<typeof batchRow>

/** What holds for all photos of the batch. */
export const batchHead = z.object({
  going: z.boolean(),
  settings,
  output: exportOptions,
  /** The folder that the user has chosen for the results; without one they are kept, and can be had in one archive. */
  folder: z.string().optional(),
  /** It was named when Fewline was started: no window can choose another. */
  fixed: z.boolean(),
  /** How many photos are drawn at once, while it is going on. */
  atOnce: z.int().min(1).optional(),
  /** How long the rest takes, where that is known. */
  secondsLeft: z.number().min(0).optional(),
})
export type BatchHead = z.infer<typeof batchHead>

/** All of it, in the order in which the photos are drawn. */
export const batch = batchHead.extend({ rows: list(batchRow, MOST_PHOTOS) })
export type Batch = z.infer<typeof batch>

/** What has changed of it. */
export const batchChange = batchHead.extend({
  /** Rows that are new or other than before. */
  rows: list(batchRow, MOST_PHOTOS),
  /** Which rows there are, in order, when that has changed. */
  order: list(id, MOST_PHOTOS).optional(),
})
export type BatchChange = z.infer<typeof batchChange>

/** How a row looks: its photo, and what has become of it. */
export const batchPicture = z.object({
  photo: picture.optional(),
  sketch: z.object({ strokes, frame: rectangle }).optional(),
})
export type BatchPicture = z.infer<typeof batchPicture>

const ids = list(id, MOST_PHOTOS)

/** The requests that are about the batch. */
export const batchRequests = {
  ids: z.object({ ids }),
  row: z.object({ id }),
  /** `by`: so many places further down, as far as there are some. */
  move: z.object({ id, by: z.int().min(-MOST_PHOTOS).max(MOST_PHOTOS) }),
  /** Of all photos, or of those `ids`: there `null` takes their exceptions back. */
  set: z.object({
    settings: settings.partial().nullable(),
    ids: ids.optional(),
  }),
  output: z.object({ output: exportOptions }),
}
