import type { Grid } from './grid.ts'

/** How much less lines count that saliency does not point at, where it is all that is known. */
const ALOOF = 0.75
/** Saliency of this much points at a pixel fully. */
const POINTS = 0.65
/** What lines count for away from the middle, falling over this share of the photo. */
const ASIDE = 0.5
const CENTRE_SIGMA = 0.25

/**
 * Where to look in a photo whose subject is not certain, 0..1 a pixel: in the middle, because who takes a photo points at
 * what matters, and the less `sure` (0..1) the mask is, the more at what is salient. Saliency (`likely`, 0..1) knows a
 * thing by its parts even where it cannot tell its outline.
 */
export function attentionTo(likely: Float32Array, sure: number, { width, height }: Grid): Float32Array {
  return likely.map((value, i) => {
    const u = ((i % width) + 0.5) / width - 0.5
    const v = (Math.floor(i / width) + 0.5) / height - 0.5
    const central = ASIDE + (1 - ASIDE) * Math.exp(-(u * u + v * v) / (2 * CENTRE_SIGMA ** 2))
    return central * (1 - ALOOF * (1 - sure) * (1 - Math.min(1, value / POINTS)))
  })
}
