import { afterLoss, draw, type DrawRequest } from '../../src/index.ts'
import type { Drawing, Moment, Rectangle, SeedResult, Strokes } from '../api.ts'
import { createHistory, createSeeds } from '../host/history.ts'
import type { Flow } from './flow.ts'

/** A drawing that nobody watches. */
export interface SketchOrder {
  request: DrawRequest
  /** How many processes it has lost: the more, the more carefully it is drawn. */
  losses?: number
}

/** What has become of a photo, with how it came to be. */
export interface Sketch {
  drawing: Drawing
  /** The photo's rectangle on the canvas. */
  frame: Rectangle
  moments: readonly Moment[]
  seeds: SeedResult[]
}

/** It is told so often how far a drawing is, in milliseconds. */
const TELL_EVERY = 200

/**
 * Draws to the end, and tells how far it is, and before that what will draw badly; what it has become comes at the end alone, and
 * not when it is stopped.
 */
export async function sketch(
  { request, losses = 0 }: SketchOrder,
  { signal, emit, pass }: Flow<{ hints: string[] } | { share: number } | { sketch: Sketch }>,
): Promise<void> {
  const history = createHistory()
  const seeds = createSeeds()
  const care = losses > 0 ? afterLoss(losses).change : {}
  let told = -Infinity
  for await (const frame of draw({ ...request, ...care }, signal)) {
    const { step, seed, loss, terms, order, way, importance } = frame
    if (told < 0) emit({ hints: [...(frame.hints ?? [])] })
    const strokes = frame.strokes as Strokes
    const moment = { step, seed, loss, terms, strokes }
    seeds.note(moment)
    history.note(moment, order !== undefined)
    if (frame.done && order) {
      const drawing = { strokes, locked: [], ...(importance && { importance: [...importance] }) }
      emit({ sketch: { drawing, frame: frame.frame, moments: history.moments, seeds: seeds.results() } })
    } else if (performance.now() - told >= TELL_EVERY) {
      told = performance.now()
      emit({ share: Math.min(1, way.taken / Math.max(1, way.total)) })
    }
    await pass()
  }
}
