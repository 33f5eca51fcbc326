import { tensor, type Tensor } from '../tensor.ts'
import { CANVAS } from '../units.ts'
import { blur } from './filters.ts'

/** Winnemöller 2012 (XDoG), with the figures of CLIPasso (Vinker et al. 2022). */
const SIGMA = 0.8
const WIDER = 10
const GAMMA = 0.98
const PHI = 200
const EPSILON = -0.1

/** Means and deviations of the pictures CLIP learnt from: lengths of grey are in these. */
const MEAN = [0.48145466, 0.4578275, 0.40821073] as const
const DEVIATION = [0.26862954, 0.26130258, 0.27577711] as const
const LUMA = [0.299, 0.587, 0.114] as const

/**
 * The lines of a photo [3, CANVAS, CANVAS] as an extended difference of Gaussians sees them, cut at Otsu's threshold:
 * [CANVAS·CANVAS], 1 on paper, 0 on lines.
 */
export function xdog(image: Tensor): Float32Array {
  const grey = normalisedGrey(image)
  const wide = blur(grey, CANVAS, WIDER * SIGMA)
  const soft = blur(grey, CANVAS, SIGMA).map((near, i) => {
    const difference = near - GAMMA * wide[i]!
    return difference >= EPSILON ? 1 : 1 + Math.tanh(PHI * (difference - EPSILON))
  })
  const threshold = otsu(soft)
  return soft.map((value) => (value >= threshold ? 1 : 0))
}

/**
 * Where the paper's strokes may begin, [CANVAS, CANVAS] 0..1: how relevant a place is, on the photo's lines and nowhere
 * else. Where a photo has no such line, all that is relevant will do.
 */
export function likelyPlaces(image: Tensor, relevance: Float32Array): Tensor {
  const paper = xdog(image)
  const places = relevance.map((value, i) => value * (1 - paper[i]!))
  return tensor([CANVAS, CANVAS], places.some((value) => value > 0) ? places : relevance)
}

function normalisedGrey({ data }: Tensor): Float32Array {
  const size = CANVAS * CANVAS
  const grey = new Float32Array(size)
  for (const c of [0, 1, 2] as const) {
    for (let i = 0; i < size; i++) grey[i]! += (LUMA[c] * (data[c * size + i]! - MEAN[c])) / DEVIATION[c]
  }
  return grey
}

/** How finely values are told apart. */
const BINS = 256

/**
 * The threshold that parts values into two groups as far from each other as can be (Otsu 1979); values from it upwards
 * are the upper group. Equal values all are.
 */
export function otsu(values: Float32Array): number {
  const least = values.reduce((a, b) => Math.min(a, b), Infinity)
  const most = values.reduce((a, b) => Math.max(a, b), -Infinity)
  const width = (most - least) / BINS
  if (width === 0) return least
  const counts = new Float64Array(BINS)
  for (const value of values) counts[Math.min(BINS - 1, Math.floor((value - least) / width))]!++
  const total = counts.reduce((sum, count, bin) => sum + count * bin, 0)
  let best = { apart: -1, bin: 0 }
  let below = 0
  let sum = 0
  for (let bin = 0; bin + 1 < BINS; bin++) {
    below += counts[bin]!
    sum += counts[bin]! * bin
    const above = values.length - below
    if (below === 0 || above === 0) continue
    const apart = below * above * (sum / below - (total - sum) / above) ** 2
    if (apart > best.apart) best = { apart, bin }
  }
  return least + (best.bin + 1) * width
}
