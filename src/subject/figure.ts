import { minimumCut } from './cut.ts'
import type { Grid } from './grid.ts'
import type { LabPicture } from './lab.ts'

/** Colours are counted in this many steps of each of L, a and b. */
const BINS = 16
const BIN_SIZES = [100 / BINS, 128 / BINS, 128 / BINS] as const
/** Steps towards the cut in each round: the first only has to tell colours apart. */
const ROUNDS = [8, 28]
/** What the eye and colour count for against the length of the outline. */
const EYE_WEIGHT = 3
/** A figure this likely speaks neither for nor against. */
const EVEN = 0.5
const COLOUR_WEIGHT = 1
const MOST_COLOUR = 2.5
const OUTLINE_COST = 3
const EDGE_SPREAD = 8
/** How much less an outline costs where the eye sees a line. */
const ALONG_LINES = 0.8
/** By how much, as a power of e, the odds are higher in the middle than far from it, over this share of the photo, … */
const CENTRE = 4
const CENTRE_SIGMA = 0.25
/** … and how central a place is, 0..1, where they stay as they are. */
const CENTRE_EVEN = 0.7
/**
 * How much likelier the eye finds the figure within the cut than beyond it: below one it knows of none, above the other it
 * does.
 */
const UNSURE = 0.05
const SURE = 0.35

/**
 * Commits to a figure, 0..1 a pixel. The eye says about where it is, the colours there and elsewhere say what looks like
 * it, and a minimum cut puts its outline where colours change or the eye sees a line. Away from .5 is how sure the eye
 * agrees with the cut; where the eye sees no figure at all, everything is one.
 */
export function commitFigure(picture: LabPicture, figure: Float32Array, lines: Float32Array): Float32Array {
  const bins = binsOf(picture)
  const edge = outlineCost(picture, lines)
  const likely = placed(figure, picture)
  let mask = likely
  for (const iterations of ROUNDS) {
    const colour = colourEvidence(bins, mask)
    const cost = likely.map((here, i) => EYE_WEIGHT * (EVEN - here) - COLOUR_WEIGHT * colour[bins[i]!]!)
    mask = minimumCut(cost, edge, mask, picture, iterations)
  }
  const sure = sureness(mask, figure)
  return mask.map((inside, i) => 1 - sure * (1 - softly(inside, likely[i]!)))
}

/** What is seen, made likelier in the middle and less so away from it: who takes a photo points at what matters. */
function placed(figure: Float32Array, { width, height }: Grid): Float32Array {
  return figure.map((value, i) => {
    const u = ((i % width) + 0.5) / width - 0.5
    const v = (Math.floor(i / width) + 0.5) / height - 0.5
    const central = Math.exp(-(u * u + v * v) / (2 * CENTRE_SIGMA ** 2))
    const odds = value * Math.exp(CENTRE * (central - CENTRE_EVEN))
    return odds / (odds + 1 - value)
  })
}

/** The cut's word, 0..1, as far as the eye agrees: what is in stays above .5 and what is out below. */
function softly(inside: number, likely: number): number {
  const within = 0.5 + 0.5 * Math.min(1, likely / EVEN)
  const beyond = 0.5 * Math.min(1, likely / (2 * EVEN))
  return inside * within + (1 - inside) * beyond
}

/** 0..1: how much to believe that there is a figure, by how well the cut parts what the eye sees. */
function sureness(mask: Float32Array, figure: Float32Array): number {
  let [inside, within, beyond] = [0, 0, 0]
  mask.forEach((value, i) => {
    inside += value
    within += value * figure[i]!
    beyond += (1 - value) * figure[i]!
  })
  const apart = within / Math.max(1, inside) - beyond / Math.max(1, mask.length - inside)
  return Math.min(1, Math.max(0, (apart - UNSURE) / (SURE - UNSURE)))
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

/** An outline costs little where it follows a change of colour, or a line. */
function outlineCost({ width, height, planes }: LabPicture & Grid, lines: Float32Array): Float32Array {
  return planes[0].map((_, i) => {
    const right = i % width < width - 1 ? i + 1 : i
    const below = i < width * (height - 1) ? i + width : i
    const change = planes.reduce((sum, p) => sum + (p[right]! - p[i]!) ** 2 + (p[below]! - p[i]!) ** 2, 0)
    return OUTLINE_COST * Math.exp(-change / (2 * EDGE_SPREAD ** 2)) * (1 - ALONG_LINES * lines[i]!) + 0.1
  })
}
