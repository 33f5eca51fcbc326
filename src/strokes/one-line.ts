import { FewlineError } from '../errors.ts'
import { placesOn, pointOffsets, startsOf } from './bezier.ts'
import { partOf, type Cubic } from './fit.ts'
import type { Strokes } from './strokes.ts'
import { costOf, improved, nearestFirst, visitsOf, type Costs, type Point, type Visit } from './tour.ts'

/** Going along a stroke again shows nothing, but takes its time: what a unit of it costs next to one across white paper. */
const AGAIN = 0.2
/** Leaving ink and coming back to it, in units of white paper. */
const CROSSING = 1
/** A way may leave a stroke, or meet it, about every so many units. */
const APART = 9
/** As many cubics as one stroke can have. */
const MOST = 255
/** How far the handles of a joining curve reach, as a share of its length; less where it has to turn back. */
const HANDLE = 0.36
const TIGHT = 0.14

/**
 * All strokes as one line that never lifts: each is drawn once, and between two of them the line takes the least visible way
 * there is, along strokes rather than across white paper. That is a rural postman's tour over the strokes (Orloff 1974), with
 * free ends, improved by 2-opt and Or-opt. The line has one stroke of many cubics, as wide as most of the strokes are and in
 * the first one's colour.
 *
 * Throws a FewlineError of kind `call` when that takes more than 255 cubics.
 */
export function oneLine(strokes: Strokes): Strokes {
  if (strokes.widths.length < 2) return strokes
  const stops = stopsOf(strokes)
  const ways = waysBetween(stops)
  const costs: Costs = {
    between: (a, b) => (a && b ? ways.cost(endOf(a, stops), startOf(b, stops)) : 0),
  }
  const visits = visitsOf(strokes)
  const tours = [visits, nearestFirst(visits, costs)].map((start) => improved(start, costs))
  const [first, second] = tours as [Visit[], Visit[]]
  const tour = costOf(second, costs) < costOf(first, costs) ? second : first
  const cubics = tour.flatMap((visit, i) => {
    const own = cubicsOf(strokes, visit.index)
    const drawn = visit.flipped ? own.reverse().map(backwards) : own
    if (i === 0) return drawn
    return [...alongWay(ways.path(endOf(tour[i - 1]!, stops), startOf(visit, stops)), stops), ...drawn]
  })
  return joined(strokes, withJoints(cubics))
}

/** A place on a stroke at which a way may begin, end, leave or meet it. */
interface Stop {
  stroke: number
  /** The cubic it lies on, and where. */
  cubic: Cubic
  t: number
  at: Point
  first: boolean
  last: boolean
}

function stopsOf(strokes: Strokes): Stop[] {
  return Array.from(strokes.widths, (_, stroke) => {
    const cubics = cubicsOf(strokes, stroke)
    return cubics.flatMap((cubic, s) => {
      const flat = placesOn(cubic, 0, 16)
      const length = Array.from({ length: 16 }, (_, k) => apart(pointOf(flat, k), pointOf(flat, k + 1))).reduce(
        (a, b) => a + b,
      )
      const steps = Math.max(1, Math.round(length / APART))
      const places = placesOn(cubic, 0, steps)
      return Array.from({ length: steps + 1 }, (_, k): Stop => ({
        ...{ stroke, cubic, t: k / steps, at: pointOf(places, k) },
        ...{ first: s === 0 && k === 0, last: s === cubics.length - 1 && k === steps },
      }))
    })
  }).flat()
}

const pointOf = (flat: ArrayLike<number>, k: number): Point => [flat[2 * k]!, flat[2 * k + 1]!]

function cubicsOf(strokes: Strokes, stroke: number): Cubic[] {
  return startsOf(strokes, stroke, pointOffsets(strokes)[stroke]!).map(
    (first) => Array.from(strokes.points.subarray(2 * first, 2 * first + 8)) as Cubic,
  )
}

const startOf = (visit: Visit, stops: readonly Stop[]): number => endFor(visit, stops, visit.flipped)
const endOf = (visit: Visit, stops: readonly Stop[]): number => endFor(visit, stops, !visit.flipped)

function endFor({ index }: Visit, stops: readonly Stop[], last: boolean): number {
  return stops.findIndex(({ stroke, first, last: isLast }) => stroke === index && (last ? isLast : first))
}

/** The cheapest ways between the ends of strokes, by any stops there are (Dijkstra 1959). */
function waysBetween(stops: readonly Stop[]) {
  const n = stops.length
  const step = (a: number, b: number): number => {
    const [one, other] = [stops[Math.min(a, b)]!, stops[Math.max(a, b)]!]
    const way = apart(one.at, other.at)
    const along = Math.abs(a - b) === 1 && one.stroke === other.stroke
    return along ? AGAIN * way : way + CROSSING
  }
  const trees = new Map<number, { cost: Float64Array; via: Int32Array }>()
  const treeFrom = (start: number) => {
    const known = trees.get(start)
    if (known) return known
    const cost = new Float64Array(n).fill(Infinity)
    const via = new Int32Array(n).fill(-1)
    const done = new Uint8Array(n)
    cost[start] = 0
    for (let round = 0; round < n; round++) {
      let at = -1
      for (let k = 0; k < n; k++) if (!done[k] && (at < 0 || cost[k]! < cost[at]!)) at = k
      done[at] = 1
      for (let k = 0; k < n; k++) {
        if (done[k]) continue
        const there = cost[at]! + step(at, k)
        if (there < cost[k]!) {
          cost[k] = there
          via[k] = at
        }
      }
    }
    const tree = { cost, via }
    trees.set(start, tree)
    return tree
  }
  return {
    cost: (from: number, to: number): number => treeFrom(from).cost[to]!,
    path(from: number, to: number): number[] {
      const { via } = treeFrom(from)
      const path = [to]
      while (path[0] !== from) path.unshift(via[path[0]!]!)
      return path
    },
  }
}

/** What of strokes a way goes along; where it crosses paper there is nothing yet. */
function alongWay(path: readonly number[], stops: readonly Stop[]): Cubic[] {
  const parts: Cubic[] = []
  const places = path.map((k) => stops[k]!)
  let from = 0
  places.forEach((place, to) => {
    if (places[to + 1]?.cubic === place.cubic) return
    if (to > from) parts.push(partOf(place.cubic, places[from]!.t, place.t))
    from = to + 1
  })
  return parts
}

/** The cubics with curves between those that do not meet, which leave one and reach the next in their directions. */
function withJoints(cubics: readonly Cubic[]): Cubic[] {
  return cubics.flatMap((cubic, i) => {
    const before = cubics[i - 1]
    if (!before) return [cubic]
    const [from, to]: [Point, Point] = [
      [before[6], before[7]],
      [cubic[0], cubic[1]],
    ]
    const way = apart(from, to)
    if (way < 1e-6) return [cubic]
    const out = handle(from, to, directionAt(before, 1), way)
    const into = handle(to, from, directionAt(cubic, 0).map((v) => -v) as [number, number], way)
    return [[...from, ...out, ...into, ...to] as Cubic, cubic]
  })
}

function handle(from: Point, to: Point, [dx, dy]: readonly [number, number], way: number): Point {
  const ahead = ((to[0] - from[0]) * dx + (to[1] - from[1]) * dy) / way
  const reach = way * (ahead > 0 ? HANDLE : TIGHT)
  return [from[0] + reach * dx, from[1] + reach * dy]
}

/** Which way a cubic goes at its beginning (0) or end (1), of length 1. */
function directionAt(c: Cubic, end: 0 | 1): [number, number] {
  const near = end === 0 ? [0, 2, 4, 6] : [6, 4, 2, 0]
  for (const other of near.slice(1)) {
    const [dx, dy] = [c[other]! - c[near[0]!]!, c[other + 1]! - c[near[0]! + 1]!]
    const length = Math.hypot(dx, dy)
    if (length > 1e-6) return end === 0 ? [dx / length, dy / length] : [-dx / length, -dy / length]
  }
  return [0, 0]
}

function backwards(c: Cubic): Cubic {
  return [c[6], c[7], c[4], c[5], c[2], c[3], c[0], c[1]]
}

function joined(strokes: Strokes, cubics: readonly Cubic[]): Strokes {
  if (cubics.length > MOST) {
    throw new FewlineError({
      kind: 'call',
      expected: `one line of at most ${MOST} curves`,
      came: `these strokes take ${cubics.length}`,
      todo: 'choose fewer strokes',
    })
  }
  const { widths, colors, width, height } = strokes
  return {
    points: Float32Array.from([cubics[0]![0], cubics[0]![1], ...cubics.flatMap((cubic) => cubic.slice(2))]),
    widths: Float32Array.of([...widths].sort((a, b) => a - b)[widths.length >> 1]!),
    segments: Uint8Array.of(cubics.length),
    ...(colors && { colors: colors.slice(0, 4) }),
    ...{ width, height },
  }
}

function apart([ax, ay]: Point, [bx, by]: Point): number {
  return Math.hypot(bx - ax, by - ay)
}
