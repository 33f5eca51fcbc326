import { attentionTo } from './attention.ts'
import type { Background } from './background.ts'
import { minimumCut } from './cut.ts'
import { dilated, type Grid, mark, regionsOf } from './grid.ts'
import type { LabPicture } from './lab.ts'
import { saliency } from './saliency.ts'

/** Colours are counted in this many steps of each of L, a and b. */
const BINS = 16
const BIN_SIZES = [100 / BINS, 128 / BINS, 128 / BINS] as const
const ROUNDS = 2
/** What saliency and colour count for against the length of the outline. */
const SALIENCY_WEIGHT = 3
/** Saliency that speaks neither for nor against. */
const EVEN = 0.35
const SURFACE_WEIGHT = 0.8
/** This many times the noise a pixel is clearly not the background. */
const CLEARLY = 8
const COLOUR_WEIGHT = 0.7
const MOST_COLOUR = 2.5
const OUTLINE_COST = 3
const EDGE_SPREAD = 8
const ITERATIONS = 45
/** Gaps in the outline up to twice this wide are closed, in pixels. */
const MOUTH = 4
/** Mean saliency in the mask below which it says nothing, and above which it is trusted this much. */
const UNSURE = 0.45
const SURE = 0.6
const MOST_SURE = 0.85

/** What an ordinary photo shows, as well as can be told. */
export interface Guess {
  /** 0..1 a pixel: 1 on the subject; the softer, up to 1 everywhere, the less sure it is. */
  mask: Float32Array
  /** 0..1 a pixel: where to look, beside that. */
  attention: Float32Array
}

/**
 * The subject of an ordinary photo: saliency says about where it is, the colours there and elsewhere say what looks
 * like it, and a minimum cut puts its outline where colours change.
 */
export function guessSubject(picture: LabPicture, background: Background): Guess {
  const likely = saliency(picture)
  const place = placeEvidence(likely, background)
  const bins = binsOf(picture)
  const edge = outlineCost(picture)
  let mask: Float32Array = likely
  for (let round = 0; round < ROUNDS; round++) {
    const colour = colourEvidence(bins, mask)
    const cost = place.map((value, i) => -value - COLOUR_WEIGHT * colour[bins[i]!]!)
    mask = minimumCut(cost, edge, mask, picture, ITERATIONS)
  }
  mask = withoutHoles(mask, picture)
  const sure = sureness(mask, likely)
  // To lose a part of the subject is worse than to keep some background: it is never left out altogether.
  return {
    mask: mask.map((value) => 1 - MOST_SURE * sure * (1 - value)),
    attention: attentionTo(likely, sure, picture),
  }
}

/**
 * What speaks for a pixel where it lies: its saliency, and how far it is from what an even background
 * would show there, the more the more of the border such a background explains.
 */
function placeEvidence(likely: Float32Array, { distance, noise, share }: Background): Float32Array {
  return likely.map((value, i) => {
    const uneven = Math.min(1, distance[i]! / (CLEARLY * noise))
    return SALIENCY_WEIGHT * (value + SURFACE_WEIGHT * share * uneven - EVEN)
  })
}

/** 0..1: where the mask follows from saliency only loosely, it may well have lost the subject. */
function sureness(mask: Float32Array, likely: Float32Array): number {
  const area = mask.reduce((sum, value) => sum + value, 0)
  const agreement = mask.reduce((sum, value, i) => sum + value * likely[i]!, 0) / Math.max(area, 1)
  return Math.min(1, Math.max(0, (agreement - UNSURE) / (SURE - UNSURE)))
}

/** What the subject all but encloses is the subject's: losing a part of it is worse than keeping some background. */
function withoutHoles(mask: Float32Array, grid: Grid): Float32Array {
  const closed = dilated(
    mark(mask, (value) => value > 0.5),
    grid,
    MOUTH,
  )
  for (const { pixels, touchesBorder } of regionsOf(
    closed.map((value) => 1 - value),
    grid,
  )) {
    if (!touchesBorder) for (const pixel of pixels) closed[pixel] = 1
  }
  const outside = dilated(
    closed.map((value) => 1 - value),
    grid,
    MOUTH,
  )
  return mask.map((value, i) => Math.max(value, 1 - outside[i]!))
}

function binsOf({ planes: [L, a, b] }: LabPicture): Uint16Array {
  const step = (value: number, size: number): number => Math.min(BINS - 1, Math.max(0, Math.floor(value / size)))
  const bins = new Uint16Array(L.length)
  for (let i = 0; i < L.length; i++) {
    const inA = step(a[i]! + 64, BIN_SIZES[1])
    const inB = step(b[i]! + 64, BIN_SIZES[2])
    bins[i] = (step(L[i]!, BIN_SIZES[0]) * BINS + inA) * BINS + inB
  }
  return bins
}

/** For each colour the logarithm of how much more frequent it is in the mask than outside. */
function colourEvidence(bins: Uint16Array, mask: Float32Array): Float32Array {
  const inside = new Float32Array(BINS ** 3)
  const outside = new Float32Array(BINS ** 3)
  mask.forEach((value, i) => {
    inside[bins[i]!]! += value
    outside[bins[i]!]! += 1 - value
  })
  const frequencies = [inside, outside].map((counts) => {
    const total = counts.reduce((sum, value) => sum + value, 1e-6)
    return spread(counts).map((value) => value / total + 1e-4)
  })
  return frequencies[0]!.map((value, bin) =>
    Math.min(MOST_COLOUR, Math.max(-MOST_COLOUR, Math.log(value / frequencies[1]![bin]!))),
  )
}

/** Counts shared with the neighbouring colours, ¼ ½ ¼ along each of the three axes. */
function spread(counts: Float32Array): Float32Array {
  let current = counts
  for (const stride of [1, BINS, BINS * BINS]) {
    const next = new Float32Array(current.length)
    for (let i = 0; i < current.length; i++) {
      const at = Math.floor(i / stride) % BINS
      const before = at > 0 ? current[i - stride]! : current[i]!
      const after = at < BINS - 1 ? current[i + stride]! : current[i]!
      next[i] = before / 4 + current[i]! / 2 + after / 4
    }
    current = next
  }
  return current
}

/** An outline costs little where it follows a change of colour. */
function outlineCost({ width, height, planes }: LabPicture): Float32Array {
  return planes[0].map((_, i) => {
    const right = i % width < width - 1 ? i + 1 : i
    const below = i < width * (height - 1) ? i + width : i
    const change = planes.reduce((sum, p) => sum + (p[right]! - p[i]!) ** 2 + (p[below]! - p[i]!) ** 2, 0)
    return OUTLINE_COST * Math.exp(-change / (2 * EDGE_SPREAD ** 2)) + 0.1
  })
}
