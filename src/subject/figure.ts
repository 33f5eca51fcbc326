import { minimumCut } from './cut.ts'
import { enclosure } from './enclosure.ts'
import { highestAround } from './filters.ts'
import type { Grid } from './grid.ts'
import type { LabPicture } from './lab.ts'
import { ramp } from './ramp.ts'
import { structureTensor } from './structure.ts'

/** Colours are counted in this many steps of each of L, a and b. */
const BINS = 16
const BIN_SIZES = [100 / BINS, 128 / BINS, 128 / BINS] as const
/** Steps towards the cut in each round: the first only has to tell colours apart. */
const ROUNDS = [8, 28]
/** What the eye and colour count for against the length of the outline. */
const EYE_WEIGHT = 3
/** A figure this likely speaks neither for nor against; there is less of one than of what is behind it. */
const EVEN = 0.6
const COLOUR_WEIGHT = 1
const MOST_COLOUR = 2.5
const OUTLINE_COST = 3
/** How much less an outline costs along a line. */
const ALONG_LINES = 0.95
/**
 * How much likelier the eye finds the figure within the cut than beyond it: below one it knows of none, above the other it
 * does.
 */
const UNSURE = 0.05
const SURE = 0.35
/** How much clearer lines are along the outline of the cut than anywhere: below one it is by chance, above the other it is not. */
const CHANCE = 1.2
const CLEAR = 1.6

/**
 * Commits to a figure, 0..1 a pixel. The eye says about where it is, the more so where lines enclose it, the colours there
 * and elsewhere say what looks like it, and a minimum cut puts its outline on lines. Away from .5 is how sure the eye agrees
 * with the cut; where the eye sees no figure at all, or lines no outline, everything is one.
 */
export function commitFigure(picture: LabPicture, figure: Float32Array, lines: Float32Array): Float32Array {
  const bins = binsOf(picture)
  const edge = outlineCost(lines)
  const likely = withinLines(figure, lines, picture)
  let mask = likely
  for (const iterations of ROUNDS) {
    const colour = colourEvidence(bins, mask)
    const cost = likely.map((here, i) => EYE_WEIGHT * (EVEN - here) - COLOUR_WEIGHT * colour[bins[i]!]!)
    mask = minimumCut(cost, edge, mask, picture, iterations)
  }
  const sure = sureness(mask, figure) * clearness(mask, lines, picture)
  return mask.map((inside, i) => 1 - sure * (1 - softly(inside, likely[i]!)))
}

/** What is seen, likelier where lines enclose it and less so where they don't: the odds are so many times as high. */
function withinLines(figure: Float32Array, lines: Float32Array, grid: Grid): Float32Array {
  const enclosed = enclosure(lines, figure, grid)
  return figure.map((value, i) => {
    const odds = value * enclosed[i]!
    return odds / (odds + 1 - value + 1e-9)
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
  return ramp(apart, UNSURE, SURE)
}

/** 0..1: how much to believe that its outline is one, by the lines along it. */
function clearness(mask: Float32Array, lines: Float32Array, { width }: Grid): number {
  const near = highestAround(lines, width, 1)
  const { xx, yy } = structureTensor([mask], width)
  let [along, outline, anywhere] = [0, 1e-6, 1e-6]
  near.forEach((line, i) => {
    const edge = Math.sqrt(xx[i]! + yy[i]!)
    along += edge * line
    outline += edge
    anywhere += line / near.length
  })
  return ramp(along / outline / anywhere, CHANCE, CLEAR)
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

/** An outline costs little along a line. */
function outlineCost(lines: Float32Array): Float32Array {
  return lines.map((line) => OUTLINE_COST * (1 - ALONG_LINES * line))
}
