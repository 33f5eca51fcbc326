import type { Chain } from './chains.ts'
import { chooseStrokes, fromItsCorner, type Chosen } from './choose.ts'
import type { Cubic } from './fit.ts'
import { piecesOf, weakened } from './pieces.ts'
import { tracker } from './track.ts'

/** The smallest drawing that is thought of as a whole; of fewer strokes, the most important come first. */
const FIRST = 4
/** A drawing with fewer than this many times the strokes of the one before it is not worth thinking of. */
const STEP = 1.5
/** A line that a stroke runs along as closely as this, 0..1, is drawn. */
const DRAWN = 0.5

/**
 * The drawings that a grown one goes through, by how many strokes they have: 4, 8, 16, … and the whole. Each is to be as good
 * as one made for that number; those between them come of themselves.
 */
export function stagesOf(count: number): number[] {
  const stages: number[] = []
  for (let size = FIRST; STEP * size <= count; size *= 2) stages.push(size)
  return [...stages, count]
}

/**
 * Cubics chosen stage by stage, each given those before it: a line that is drawn gains nothing again, so what comes next is
 * what is missing. `toleranceFor` says how far the strokes of a drawing of so many may stray. May be fewer than `count`, as
 * with `chooseStrokes`; earlier ones come first.
 *
 * `anneal` changes all that were chosen by the last stage that is no larger than `room`, at whose ends each is to be a good
 * drawing; what comes after that is chosen given the changed ones, and is the same in `traced` as in `annealed`.
 */
export function growStrokes(
  chains: readonly Chain[],
  count: number,
  toleranceFor: (count: number) => number,
  room: number,
  anneal: (chosen: readonly Chosen[], ends: readonly number[]) => readonly Chosen[],
): Record<'traced' | 'annealed', readonly Chosen[]> {
  const stages = stagesOf(count)
  const roomy = stages.filter((stage) => stage <= room)
  // cut open once, so that what is remembered of a chain serves every stage
  const open = chains.map(fromItsCorner)
  let left: readonly Chain[] = open
  let annealed: readonly Chosen[] = []
  let moved: readonly Chosen[] = []
  for (const stage of stages) {
    const chosen = chooseStrokes(left, stage - annealed.length, toleranceFor(stage))
    annealed = [...annealed, ...chosen]
    left = undrawn(left, chosen)
    if (stage !== roomy.at(-1)) continue
    moved = annealed
    annealed = anneal(annealed, roomy)
    left = undrawn(open, annealed)
  }
  return { traced: [...moved, ...annealed.slice(moved.length)], annealed }
}

/** The stroke that gains most of what these leave of the chains; undefined where they leave nothing that is worth one. */
export function nextStroke(chains: readonly Chain[], drawn: readonly Cubic[], tolerance: number): Cubic | undefined {
  const open = chains.filter(({ known }) => known === undefined).map(fromItsCorner)
  return chooseStrokes(
    undrawn(
      open,
      drawn.map((cubic) => ({ cubic })),
    ),
    1,
    tolerance,
  )[0]?.cubic
}

/** What chosen strokes leave of the chains. Those that are known and drawn are gone, since a feature is drawn once. */
function undrawn(chains: readonly Chain[], chosen: readonly Chosen[]): Chain[] {
  const known = new Set(chosen.map(({ known }) => known))
  const rest = chains.filter((chain) => chain.known === undefined || !known.has(chain.known))
  const pieces = piecesOf(rest)
  const trackOf = tracker(pieces)
  const left = new Float64Array(pieces.worth.length).fill(1)
  for (const { cubic } of chosen) {
    const track = trackOf(cubic)
    for (let k = 0; track && k < track.count; k++) {
      const [p, closeness] = [track.pieces[k]!, track.closeness[k]!]
      left[p] = closeness > DRAWN ? 0 : Math.min(left[p]!, 1 - closeness)
    }
  }
  return weakened(rest, left)
}
