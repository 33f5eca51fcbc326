import type { DrawRequest, Frame } from '../../src/index.ts'

/** A part of a run that the engine draws in one go: all of it, unless its process was lost on the way. */
export interface Leg {
  request: DrawRequest
  /** Steps of its first seed that were drawn before. */
  before: number
}

/** What is left of a leg that got as far as `last`: the rest of that seed from where its strokes are, then the others. */
export function legsLeft({ request, before }: Leg, last: Frame): Leg[] {
  const end = (request.seed ?? 0) + (request.seeds ?? 1)
  const resumed = { ...request, strokes: undefined, from: last.strokes, seed: last.seed, seeds: 1 }
  const seedsLeft = end - last.seed - 1
  // Steps drawn before are those of the first seed alone.
  const drawn = last.seed === (request.seed ?? 0) ? before : 0
  return [
    { request: { ...resumed, iterations: last.steps - last.step }, before: drawn + last.step },
    ...(seedsLeft > 0 ? [{ request: { ...request, seed: last.seed + 1, seeds: seedsLeft }, before: 0 }] : []),
  ]
}

/** A leg that draws nothing, but puts strokes in order. */
export function finishingLeg({ request }: Leg, strokes: Frame['strokes'], seed: number): Leg {
  return { request: { ...request, strokes: undefined, from: strokes, seed, seeds: 1, iterations: 0 }, before: 0 }
}
