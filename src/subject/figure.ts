import { minimumCut } from './cut.ts'
import { enclosure } from './enclosure.ts'
import { highestAround } from './filters.ts'
import type { Grid } from './grid.ts'
import { type Kinds, kindsOf, passingIn } from './kinds.ts'
import type { LabPicture } from './lab.ts'
import { ramp } from './ramp.ts'
import { structureTensor } from './structure.ts'

/** Steps towards the cut in each round: the first only has to tell colours apart. */
const ROUNDS = [8, 28]
/** What the eye counts for, next to what a pixel's kind says, which is at most so much either way. */
const EYE_WEIGHT = 3
const MOST_KIND = 2.5
/** A figure this likely speaks neither for nor against; there is less of one than of what is behind it. */
const EVEN = 0.6
/** Any kind is at least so frequent anywhere. */
const RARE = 1e-4
/** What an outline costs for its length. */
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
 * Commits to a figure, 0..1 a pixel. The eye says about where it is, the more so where lines enclose it, the kinds of pixels
 * there and elsewhere say what looks like it, and a minimum cut puts its outline on lines. Away from .5 is how sure the eye agrees
 * with the cut; where the eye sees no figure at all, or lines no outline, everything is one.
 */
export function commitFigure(picture: LabPicture, figure: Float32Array, lines: Float32Array): Float32Array {
  const kinds = kindsOf(picture)
  const edge = outlineCost(lines)
  const likely = withinLines(figure, lines, picture)
  let mask = likely
  for (const iterations of ROUNDS) {
    const evidence = evidenceOf(kinds, mask)
    const cost = likely.map((here, i) => EYE_WEIGHT * (EVEN - here) - evidence[kinds.of[i]!]!)
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

/** For each kind the logarithm of how much more frequent it is in the mask than outside. */
function evidenceOf(kinds: Kinds, mask: Float32Array): Float64Array {
  const inside = frequencies(kinds, mask)
  const outside = frequencies(
    kinds,
    mask.map((value) => 1 - value),
  )
  return inside.map((value, kind) => Math.min(MOST_KIND, Math.max(-MOST_KIND, Math.log(value / outside[kind]!))))
}

/** How frequent each kind is where `mask`, 0..1 a pixel, says. */
function frequencies(kinds: Kinds, mask: Float32Array): Float64Array {
  const counts = new Float64Array(kinds.alike.length)
  mask.forEach((value, i) => (counts[kinds.of[i]!]! += value))
  const total = counts.reduce((sum, value) => sum + value, 1e-6)
  return passingIn(kinds, counts).map((value) => value / total + RARE)
}

/** An outline costs little along a line. */
function outlineCost(lines: Float32Array): Float32Array {
  return lines.map((line) => OUTLINE_COST * (1 - ALONG_LINES * line))
}
