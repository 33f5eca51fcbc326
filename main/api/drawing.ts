import { z } from 'zod'
import { problem } from './problem.ts'
import { id, list, MOST_STROKES, strokes } from './values.ts'

export const indices = list(
  z
    .int()
    .min(0)
    .max(MOST_STROKES - 1),
  MOST_STROKES,
)

/** Strokes as they stand, and which of them stay as they are (indices). */
export const drawing = z.object({
  strokes,
  locked: indices,
  /** Those that the user has drawn: whoever wants fewer lines keeps them longest. */
  own: indices.optional(),
  /** What each stroke adds to those before it, where that is known: strokes are then in order of importance. */
  importance: list(z.number(), MOST_STROKES).optional(),
  /** Made from a sentence: it fills the whole canvas, and its colours and widths are part of the picture. */
  painted: z.boolean().optional(),
})
export type Drawing = z.infer<typeof drawing>

/** One moment of a run, as the scrubber keeps it. */
export const moment = z.object({
  /** 0 ≤ step ≤ the run's steps. */
  step: z.int(),
  seed: z.int(),
  loss: z.number(),
  terms: z.record(z.string(), z.number()),
  strokes,
})
export type Moment = z.infer<typeof moment>

/** The best of one seed. */
export const seedResult = z.object({ seed: z.int(), loss: z.number(), strokes, best: z.boolean() })
export type SeedResult = z.infer<typeof seedResult>

/**
 * `starting`: the photo is being looked at. `done`: drawn to the end; `stopped`: by the user; `failed`: see `problem`.
 * `interrupted`: Fewline was closed in the middle; `continue` goes on from the last drawing.
 */
const runPhase = z.enum(['starting', 'drawing', 'paused', 'done', 'stopped', 'failed', 'interrupted'])
export type RunPhase = z.infer<typeof runPhase>

/** What a run draws: the photo (when absent), a sentence, or strokes that words move. */
const drawnBy = z.enum(['words', 'move'])

export const runState = z.object({ run: id, phase: runPhase, by: drawnBy.optional(), problem: problem.optional() })
export type RunState = z.infer<typeof runState>
