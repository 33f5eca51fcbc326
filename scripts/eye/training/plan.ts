import type { Widths } from './net.ts'

/** How a training goes: with the seeds of the scenes, all that follows from nothing else. */
export interface Plan {
  widths: Widths
  /** Of the whole training. */
  steps: number
  seed: number
  /** Over how large a batch of how large pictures, from which share of the steps on. */
  phases: readonly { from: number; batch: number; side: number }[]
  rate: Rate
  /** How many scenes there are to choose from at a step: the same at each try, however fast scenes are made. */
  pool(step: number): number
}

/** Of learning: from 0 to the first over some steps, and to the last at the end. */
export interface Rate {
  first: number
  last: number
  warmup: number
}

/** The share of the steps over which the rate falls: until then one may still decide how long to train. */
const FALL = 0.4

/** The learning rate of a step: up, then level, then down along half a cosine. */
export function rateAt({ steps, rate: { first, last, warmup } }: Plan, step: number): number {
  const fallen = Math.min(Math.max((step / steps - (1 - FALL)) / FALL, 0), 1)
  return Math.min(1, (step + 1) / warmup) * (last + (first - last) * 0.5 * (1 + Math.cos(Math.PI * fallen)))
}

/** Of the eye that is shipped. */
export const WIDTHS: Widths = [16, 24, 32, 40, 40]

/** Small pictures first, as more of them can be seen in the same time. */
export const PHASES: Plan['phases'] = [
  { from: 0, batch: 4, side: 160 },
  { from: 0.5, batch: 4, side: 192 },
  { from: 0.8, batch: 4, side: 224 },
]

/** So many scenes are waited for before the first step; then one is added with every fourth. */
const FIRST_SCENES = 400

/** The plan by which the eye is made, on up to so many scenes. */
export function planOf(steps: number, seed: number, scenes: number): Plan {
  return {
    widths: WIDTHS,
    steps,
    seed,
    phases: PHASES,
    rate: { first: 3e-3, last: 1e-5, warmup: 60 },
    pool: (step) => Math.min(scenes, FIRST_SCENES + Math.floor(step / 4)),
  }
}

/** Scenes of these seeds are never trained on: what measures are stated for. */
export const HELD_OUT = { first: 900_000_000, count: 60 }
