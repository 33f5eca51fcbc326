import { randomFrom, type Random } from '../random.ts'
import type { LineField } from '../subject/lines.ts'
import { anneal } from './anneal.ts'
import { findChains, type Chain } from './chains.ts'
import { chooseStrokes, type Chosen } from './choose.ts'
import { fitCubic, type Cubic } from './fit.ts'
import { growStrokes } from './grow.ts'

/** Where lines give strokes less room than this each, in units, weaker lines are looked for too. */
const ROOM = 6
const SENSITIVITIES = [1, 2, 4]
/** With less room than this each, strokes draw their lines whole, and annealing would only push them over each other. */
const CROWDED = 16
/** Length in units of the strokes that are drawn twice when even that is not enough. */
const PIECE = 8

/**
 * First placement by tracing: the most of the photo's lines that `count` cubics can draw, chosen line by line, exactly as
 * many as asked for, the strongest first and those of faces after them; none at all when there is no line. `annealed` are
 * the same after those that are of no face were annealed together to draw more. With `random`, lines weigh a little more or
 * less than they should, so that each seed chooses its own. With `grown`, strokes are chosen each given those before it, and
 * annealed so that the first of them are a good drawing as well.
 */
export function traceStrokes(
  found: readonly Chain[],
  count: number,
  random?: Random,
  grown = false,
): Record<'traced' | 'annealed', readonly Cubic[]> {
  if (found.length === 0) return { traced: [], annealed: [] }
  const chains = random ? found.map((chain) => reweighted(chain, random)) : found
  const unknown = chains.filter((chain) => chain.known === undefined)
  const room = lengthOf(unknown) / CROWDED
  const together = (chosen: readonly Chosen[], ends: readonly number[]): readonly Chosen[] => {
    const free = chosen.filter(isFree)
    const freeAt = ends.map((end) => chosen.slice(0, end).filter(isFree).length)
    const cubics = free.map(({ cubic }) => cubic)
    const moved = [...anneal(cubics, unknown, random ?? randomFrom(0), freeAt)]
    return chosen.map((stroke) => (isFree(stroke) ? { cubic: moved.shift()! } : stroke))
  }
  const { traced, annealed } = grown
    ? growStrokes(chains, count, toleranceFor, room, together)
    : chosenAtOnce(chains, count, room, together)
  const rest = piecesAlong(chains, count - traced.length)
  const cubicsOf = (chosen: readonly Chosen[]): Cubic[] => [...chosen.map(({ cubic }) => cubic), ...rest]
  return { traced: cubicsOf(traced), annealed: cubicsOf(annealed) }
}

const isFree = ({ known }: Chosen): boolean => known === undefined

/** The best strokes for the chains, those of faces after the others; annealed where there is room for that. */
function chosenAtOnce(
  chains: readonly Chain[],
  count: number,
  room: number,
  anneal: (chosen: readonly Chosen[], ends: readonly number[]) => readonly Chosen[],
): Record<'traced' | 'annealed', readonly Chosen[]> {
  const chosen = chooseStrokes(chains, count, toleranceFor(count))
  const free = chosen.filter(isFree)
  const traced = [...free, ...chosen.filter((stroke) => !isFree(stroke))]
  return { traced, annealed: free.length > room ? traced : anneal(traced, [traced.length]) }
}

function reweighted(chain: Chain, random: Random): Chain {
  const factor = 0.4 + 1.2 * random()
  return { ...chain, strength: chain.strength.map((s) => factor * s) }
}

/** How far, in units, a stroke may stray from its line: few strokes have to be bold, many can be exact. */
export function toleranceFor(count: number): number {
  return 3 * (16 / count) ** 0.25
}

/** The photo's lines: the strong ones, and weaker ones too where those are too short for `count` strokes. */
export function linesFor(field: LineField, count: number): Chain[] {
  let chains: Chain[] = []
  for (const sensitivity of SENSITIVITIES) {
    chains = findChains(field, sensitivity)
    if (lengthOf(chains) >= ROOM * count) break
  }
  return chains
}

/** Short strokes spread evenly over the chains: they lie on lines already drawn, but there are as many as asked for. */
function piecesAlong(chains: readonly Chain[], count: number): Cubic[] {
  const total = lengthOf(chains)
  return Array.from({ length: count }, (_, i) => {
    let at = Math.floor(((i + 0.5) * total) / count)
    const chain = chains.find(({ x }) => (at -= x.length) < 0)!
    const length = Math.min(PIECE, chain.x.length)
    const from = Math.max(0, Math.min(at + chain.x.length, chain.x.length - length))
    return fitCubic(chain.x.slice(from, from + length), chain.y.slice(from, from + length)).cubic
  })
}

function lengthOf(chains: readonly Chain[]): number {
  return chains.reduce((sum, chain) => sum + chain.x.length, 0)
}
