/** How a drawing is made: all that a preset decides, and what follows from it. */
export interface Plan extends Recipe {
  /** Adam's first β. */
  momentum: number
  /** Learning rates in canvas units, first and last; half a cosine lies between. */
  rates: readonly [first: number, last: number]
}

/** How many tries there are, and how far each goes. */
export interface Course {
  /** Steps of the optimiser in each try. */
  iterations: number
  /** How many tries are begun, each from a seed of its own, … */
  seeds: number
  /** … and after how many steps only the best of them goes on. */
  trial: number
  /** A try is over when its loss moves by no more than this from one evaluation to the next, twice. */
  settled?: number
  /** Or by no more than this share of it. */
  flat?: number | undefined
}

interface Recipe extends Course {
  placement: Placement
  /** Random views that are looked at in every step, beside the drawing as it is. */
  views: number
  /** Strokes go where the loss sends them: they are neither smoothed nor kept on the photo, nor from shrinking. */
  free?: boolean
}

/** Where strokes begin: along the photo's lines, or as scribbles where lines are likely (the paper's way). */
export type Placement = 'traced' | 'sampled'
/** What an encoder is shown of a photo. */
export type Sight = 'lines' | 'photo'

/**
 * The presets: with the built-in encoder, which sees lines, and with one that sees the photo (CLIP). What they cost is
 * for 16 strokes on two CPU cores; with CLIP it is the time of its encoder, here RN50 or ViT-B/32 (RN101: 1.7 times).
 */
export const PRESETS = {
  /** A quarter of a second; with CLIP a quarter of a minute. */
  fast: {
    lines: { placement: 'traced', iterations: 4, views: 0, seeds: 1, trial: Infinity, flat: 0.002 },
    photo: { placement: 'traced', iterations: 50, views: 1, seeds: 1, trial: Infinity },
  },
  /** About a second; with CLIP a minute and a quarter. */
  standard: {
    lines: { placement: 'traced', iterations: 8, views: 0, seeds: 1, trial: Infinity, flat: 0.002 },
    photo: { placement: 'traced', iterations: 240, views: 1, seeds: 3, trial: 20, settled: 1e-5 },
  },
  /** Scribbles, some seconds; with CLIP the method as published (Vinker et al. 2022), an hour or two. */
  paper: {
    lines: { placement: 'sampled', iterations: 400, views: 0, seeds: 1, trial: Infinity },
    photo: { placement: 'sampled', iterations: 2000, views: 4, seeds: 3, trial: Infinity, settled: 1e-5, free: true },
  },
} as const satisfies Record<string, Record<Sight, Recipe>>
export type Preset = keyof typeof PRESETS

/** Traced strokes need a touch; scribbles have to find their place; CLIP may lead both further. The paper's rate is 1. */
const RATES = {
  lines: { traced: [0.9, 0.2], sampled: [2, 0.1] },
  photo: { traced: [1, 0.1], sampled: [1, 1] },
} as const satisfies Record<Sight, Record<Placement, Plan['rates']>>

/** How much of its direction an optimiser keeps from step to step: in a few steps a long memory only delays it. */
const MOMENTUM = { long: 0.9, short: 0.5 }

/** Steps that all tries of a plan take together, at most: each its trial, and one of them all. */
export function stepsOf({ iterations, trial, seeds }: Course): number {
  return (seeds - 1) * Math.min(trial, iterations) + iterations
}

/** What a request may say instead of its preset. */
export interface Wishes {
  preset?: Preset
  iterations?: number
  seeds?: number
  placement?: Placement
  /** The strokes of another drawing only need a touch. */
  from?: unknown
}

export function planFor(wishes: Wishes, sees: Sight): Plan {
  const recipe: Recipe = PRESETS[wishes.preset ?? 'standard'][sees]
  const placement = wishes.from ? 'traced' : (wishes.placement ?? recipe.placement)
  return {
    ...recipe,
    placement,
    rates: RATES[sees][placement],
    momentum: sees === 'lines' && placement === 'traced' ? MOMENTUM.short : MOMENTUM.long,
    iterations: wishes.iterations ?? recipe.iterations,
    // Who names a number of steps gets them all.
    flat: wishes.iterations === undefined ? recipe.flat : undefined,
    seeds: wishes.seeds ?? (wishes.from ? 1 : recipe.seeds),
  }
}
