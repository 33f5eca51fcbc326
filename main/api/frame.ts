import { z } from 'zod'
import type { Moment } from './drawing.ts'
import { isId, isStrokes } from './values.ts'

/**
 * A moment as it comes. The last one of a run holds the best strokes, and gives their order; its `step` and `seed` are
 * those of the best strokes. It has `done` when the run went to its end, and not when it was stopped.
 */
export interface Frame extends Moment {
  run: string
  /** The step at which this seed is done. */
  steps: number
  /** The first seed and how many there are: seed − firstSeed + 1 of seeds. */
  firstSeed: number
  seeds: number
  /** Steps that all seeds together have taken, and will take at most: how far the run is. */
  way: { taken: number; total: number }
  encoder: string
  device: string
  /** Seconds of drawing so far, pauses left out, and of a step lately. */
  seconds: number
  secondsPerStep: number
  /** Seconds until the run is done, from the steps measured; absent before there are any. */
  secondsLeft?: number | undefined
  done: boolean
  /** What its owner should know, in plain sentences. */
  warnings: string[]
  /** On the last frame: what each stroke adds to those before it. */
  importance?: number[] | undefined
  /** On the last frame: which stroke of the frames before each one is. */
  order?: number[] | undefined
}

type Check = (value: unknown) => boolean

const isNumber: Check = (value) => Number.isFinite(value)
const isWhole: Check = (value) => Number.isSafeInteger(value)
const isText: Check = (value) => typeof value === 'string'
const isListOf = (check: Check) => (value: unknown) => Array.isArray(value) && value.every(check)
const isRecordOf = (check: Check) => (value: unknown) =>
  typeof value === 'object' && value !== null && Object.values(value).every(check)
const maybe = (check: Check) => (value: unknown) => value === undefined || check(value)

const isWay: Check = (value) => {
  const { taken, total } = Object(value) as Partial<Frame['way']>
  return isNumber(taken) && isNumber(total)
}

/**
 * What each field of a frame must be. Frames are the one message that comes at every step, so they are not checked by a
 * schema that is interpreted, which took longer than all the rest of sending them.
 */
const FIELDS = Object.entries({
  ...{ run: isId, step: isWhole, steps: isWhole, seed: isWhole, firstSeed: isWhole, seeds: isWhole, way: isWay },
  ...{ loss: isNumber, terms: isRecordOf(isNumber), strokes: isStrokes, encoder: isText, device: isText },
  ...{ seconds: isNumber, secondsPerStep: isNumber, secondsLeft: maybe(isNumber) },
  done: (value) => typeof value === 'boolean',
  warnings: isListOf(isText),
  importance: maybe(isListOf(isNumber)),
  order: maybe(isListOf(isWhole)),
} satisfies Record<keyof Frame, Check>)

export const frame = z.custom<Frame>(
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    FIELDS.every(([name, check]) => check((value as Record<string, unknown>)[name])),
  'expected a frame',
)
