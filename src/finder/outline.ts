import type { LabPicture } from '../subject/lab.ts'
import { minimumCut } from '../subject/cut.ts'
import { colourDistance, meansOver, type Patches } from './patches.ts'

/** Evidence from −1 to 1 becomes the cost of a pixel times this; what an outline costs per length is told by the photo. */
const EVIDENCE = 2
const COLOUR = 2
/** Colours as far apart as this (CIELAB) hardly speak for each other. */
const COLOUR_SPREAD = 7
const OUTLINE = 2
const EDGE_SPREAD = 8
const ROUNDS = 2
const ITERATIONS = 60

/**
 * Sharpens a rough idea of where something is: `likely` (0..1 a pixel of the photo) speaks for each pixel, so do the colours
 * that it holds and those that it does not, and a minimum cut puts the outline where colours change. 0..1 a pixel.
 */
export function outlined(likely: Float32Array, patches: Patches): Float32Array {
  const { label, lab } = patches
  const rough = meansOver(likely, patches)
  const edge = outlineCost(lab)
  let mask = likely
  let inside = rough
  for (let round = 0; round < ROUNDS; round++) {
    const colour = colourEvidence(inside, patches)
    const cost = Float32Array.from(label, (k) => -EVIDENCE * (2 * rough[k]! - 1) - COLOUR * colour[k]!)
    mask = minimumCut(cost, edge, mask, lab, ITERATIONS)
    inside = meansOver(mask, patches)
  }
  return mask
}

/** −1..1: whether the patches that look like this one lie inside or outside. */
function colourEvidence(inside: Float64Array, patches: Patches): Float64Array {
  const { sizes, count } = patches
  const total = { in: 1e-6, out: 1e-6 }
  for (let j = 0; j < count; j++) {
    total.in += sizes[j]! * inside[j]!
    total.out += sizes[j]! * (1 - inside[j]!)
  }
  return inside.map((_, k) => {
    let [like, unlike] = [1e-4, 1e-4]
    for (let j = 0; j < count; j++) {
      const near = sizes[j]! * Math.exp(-colourDistance(patches, k, j) / (2 * COLOUR_SPREAD ** 2))
      like += (near * inside[j]!) / total.in
      unlike += (near * (1 - inside[j]!)) / total.out
    }
    return Math.tanh(Math.log(like / unlike) / 2)
  })
}

/** An outline costs little where it follows a change of colour. */
function outlineCost({ width, height, planes }: LabPicture): Float32Array {
  return planes[0].map((_, i) => {
    const right = i % width < width - 1 ? i + 1 : i
    const below = i < width * (height - 1) ? i + width : i
    const change = planes.reduce((sum, p) => sum + (p[right]! - p[i]!) ** 2 + (p[below]! - p[i]!) ** 2, 0)
    return OUTLINE * Math.exp(-change / (2 * EDGE_SPREAD ** 2)) + 0.05
  })
}
