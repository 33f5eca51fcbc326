import { z } from 'zod'
import { problem } from './problem.ts'
import { id, strokes } from './values.ts'

/** Strokes as they stand, and which of them stay as they are (indices). */
export const drawing = z.object({
  strokes,
  locked: z.array(z.int().min(0).max(511)),
  /** What each stroke adds to those before it, where that is known: strokes are then in order of importance. */
  importance: z.array(z.number()).optional(),
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

/**
 * A moment as it comes. The last one of a run holds the best strokes, and gives their order; its `step` and `seed` are
 * those of the best strokes. It has `done` when the run went to its end, and not when it was stopped.
 */
export const frame = moment.extend({
  run: id,
  /** The step at which this seed is done. */
  steps: z.int(),
  /** The first seed and how many there are: seed − firstSeed + 1 of seeds. */
  firstSeed: z.int(),
  seeds: z.int(),
  /** Steps that all seeds together have taken, and will take at most: how far the run is. */
  way: z.object({ taken: z.number(), total: z.number() }),
  encoder: z.string(),
  device: z.string(),
  /** Seconds of drawing so far, pauses left out, and of a step lately. */
  seconds: z.number(),
  secondsPerStep: z.number(),
  /** Seconds until the run is done, from the steps measured; absent before there are any. */
  secondsLeft: z.number().optional(),
  done: z.boolean(),
  /** What its owner should know, in plain sentences. */
  warnings: z.array(z.string()),
  /** On the last frame: what each stroke adds to those before it. */
  importance: z.array(z.number()).optional(),
  /** On the last frame: which stroke of the frames before each one is. */
  order: z.array(z.int()).optional(),
})
export type Frame = z.infer<typeof frame>

/** The best of one seed. */
export const seedResult = z.object({ seed: z.int(), loss: z.number(), strokes, best: z.boolean() })
export type SeedResult = z.infer<typeof seedResult>

/**
 * `starting`: the photo is being looked at. `done`: drawn to the end; `stopped`: by the user; `failed`: see `problem`.
 * `interrupted`: Fewline was closed in the middle; `continue` goes on from the last drawing.
 */
export const runPhase = z.enum(['starting', 'drawing', 'paused', 'done', 'stopped', 'failed', 'interrupted'])
export type RunPhase = z.infer<typeof runPhase>

export const runState = z.object({ run: id, phase: runPhase, problem: problem.optional() })
export type RunState = z.infer<typeof runState>
