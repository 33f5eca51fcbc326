import type { Share } from '../views/view.ts'
import type { Rates } from './descent.ts'
import type { Course, Preset } from './presets.ts'

/** How a drawing is made from a sentence alone. */
export interface WordsPlan extends Course {
  strokes: number
  /** For each group of parameters, in canvas units and in shares of a colour. */
  rates: Readonly<Record<'points' | 'widths' | 'colors', Rates>>
  /** Strokes come in layers, first those that lay the picture out, and those of its details later and on top. */
  layers: readonly Layer[]
  /** How it is looked at: from where on in a try, by how many random views beside itself, keeping how much of its area. */
  looks: readonly Look[]
}

export interface Layer {
  /** When they come, as a share of the steps, and how many there are by then, as a share of all. */
  from: number
  upTo: number
  /** Full widths in units, between which they begin. */
  widths: readonly [least: number, most: number]
  /** How far a control point lies from the one before at most, in x and y, as a share of the canvas. */
  reach: number
}

export interface Look {
  from: number
  views: number
  share: Share
}

/** Wide strokes find the colours and the places of things; finer ones would only learn all of that again. */
const COARSE_TO_FINE: readonly Layer[] = [
  { from: 0, upTo: 0.25, widths: [14, 36], reach: 0.3 },
  { from: 0.2, upTo: 0.6, widths: [5, 14], reach: 0.16 },
  { from: 0.45, upTo: 1, widths: [2, 6], reach: 0.09 },
]
const RATES = { points: [1.5, 0.1], widths: [0.3, 0.02], colors: [0.04, 0.005] } as const

/** The presets without a photo. What they cost is for ViT-B/32 and 128 strokes on two processor cores. */
const WORDS = {
  /** Half a minute. */
  fast: {
    ...{ strokes: 128, iterations: 100, seeds: 1, trial: Infinity, rates: RATES, layers: COARSE_TO_FINE },
    looks: [{ from: 0, views: 1, share: [0.8, 1] }],
  },
  /** A minute and a half. */
  standard: {
    ...{ strokes: 128, iterations: 200, seeds: 2, trial: 25, rates: RATES, layers: COARSE_TO_FINE },
    looks: [
      { from: 0, views: 1, share: [0.9, 1] },
      { from: 0.5, views: 2, share: [0.6, 0.9] },
    ],
  },
  /** As published (CLIPDraw: Frans et al. 2021); its rates fall in steps, ours along a cosine. */
  paper: {
    ...{ strokes: 256, iterations: 1000, seeds: 1, trial: Infinity },
    rates: { points: [1, 0.1], widths: [0.2, 0.02], colors: [0.01, 0.001] },
    layers: [{ from: 0, upTo: 1, widths: [2, 2], reach: 0.1 }],
    looks: [{ from: 0, views: 4, share: [0.7, 0.9] }],
  },
} as const satisfies Record<Preset, WordsPlan>

/** What a request may say instead of its preset. */
export interface WordsWish {
  preset?: Preset
  strokes?: number
  iterations?: number
  seeds?: number
}

export function wordsPlanFor({ preset = 'standard', strokes, iterations, seeds }: WordsWish): WordsPlan {
  const plan: WordsPlan = WORDS[preset]
  return {
    ...plan,
    strokes: strokes ?? plan.strokes,
    iterations: iterations ?? plan.iterations,
    seeds: seeds ?? plan.seeds,
  }
}

/** The look of a step, of those that begin one after another. */
export function lookAtStep({ looks, iterations }: WordsPlan, step: number): Look {
  return looks.findLast(({ from }) => step >= from * iterations) ?? looks[0]!
}

/** How many strokes there are at a step, and the layer that the last of them came with. */
export function strokesAtStep(
  { layers, iterations, strokes }: WordsPlan,
  step: number,
): { count: number; layer: Layer } {
  const layer = layers.findLast(({ from }) => step >= from * iterations) ?? layers[0]!
  return { count: Math.max(1, Math.round(layer.upTo * strokes)), layer }
}
