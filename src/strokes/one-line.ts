import { curveLength, placesOn, pointOffsets, startsOf } from './bezier.ts'
import { partOf, type Cubic } from './fit.ts'
import { smoothed, splineThrough } from './spline.ts'
import type { Strokes } from './strokes.ts'
import { cheapestTour, visitsOf, type Costs, type Point, type Visit } from './tour.ts'

/** Going along a stroke again shows nothing, but takes its time: what a unit of it costs next to one across white paper. */
const AGAIN = 0.2
/** Leaving ink and coming back to it, in units of white paper. */
const CROSSING = 1
/** A way may leave a stroke, or meet it, about every so many units. */
const APART = 9
/** As many cubics as one stroke can have; … */
const MOST = 255
/** … a line of more is drawn anew by fewer, which stray from it by so many units, or by so many times more. */
const CLOSE = 0.15
const LOOSER = 1.5
/** How far the handles of a joining curve reach, as a share of its length; less where it has to turn back. */
const HANDLE = 0.36
const TIGHT = 0.14

/**
 * All strokes as one line that never lifts: each is drawn once, and between two of them the line takes the least visible way
 * there is, along strokes rather than across white paper. That is a rural postman's tour over the strokes (Orloff 1974), with
 * free ends, improved by 2-opt and Or-opt. The line has one stroke of many cubics, as wide as most of the strokes are and in
 * the first one's colour.
 *
 * With `smooth` it is one long spline: as near to the strokes as it can be and as little bent, all of it at once; where it
 * goes along them again, or across paper, it swings freely.
 */
export function oneLine(strokes: Strokes, { smooth = false }: { smooth?: boolean } = {}): Strokes {
  if (strokes.widths.length < 2) return strokes
  const stops = stopsOf(strokes)
  const ways = waysBetween(stops)
  const ends = endsOf(stops)
  const startOf = ({ index, flipped }: Visit): number => ends[index]![flipped ? 1 : 0]
  const endOf = ({ index, flipped }: Visit): number => ends[index]![flipped ? 0 : 1]
  const costs: Costs = { between: (a, b) => (a && b ? ways.cost(endOf(a), startOf(b)) : 0) }
  const tour = cheapestTour(visitsOf(strokes), costs)
  const parts = tour.flatMap((visit, i) => {
    const own = cubicsOf(strokes, visit.index)
    const drawn = (visit.flipped ? own.reverse().map(backwards) : own).map((cubic): Part => ({ cubic, of: 'stroke' }))
    if (i === 0) return drawn
    return [...alongWay(ways.path(endOf(tour[i - 1]!), startOf(visit)), stops), ...drawn]
  })
  const line = withJoints(parts)
  return joined(strokes, smooth ? relaxed(line) : line.map(({ cubic }) => cubic))
}

/** A part of the line: of a stroke, along one again, or across paper. */
interface Part {
  cubic: Cubic
  of: 'stroke' | 'again' | 'paper'
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

/** The first and the last stop of each stroke. */
function endsOf(stops: readonly Stop[]): [first: number, last: number][] {
  const ends: [number, number][] = []
  stops.forEach(({ stroke, first, last }, i) => {
    if (first) ends[stroke] = [i, i]
    if (last) ends[stroke]![1] = i
  })
  return ends
}

/**
 * The cheapest ways from one stop to another, by whichever there are: straight across paper, or along strokes and across
 * what lies near. The ways from a stop are found by correcting them until none gets cheaper (Moore 1959).
 */
function waysBetween(stops: readonly Stop[]) {
  const steps = stepsFrom(stops)
  const trees = new Map<number, Tree>()
  const treeFrom = (start: number): Tree => {
    const tree = trees.get(start) ?? treeOfWays(start, stops, steps)
    trees.set(start, tree)
    return tree
  }
  // both ways round are one way, so that they cost the same
  const cost = (from: number, to: number): number => treeFrom(Math.min(from, to)).cost[Math.max(from, to)]!
  const path = (from: number, to: number): number[] => {
    if (from > to) return path(to, from).reverse()
    const { via } = treeFrom(from)
    const stopsOnIt = [to]
    while (stopsOnIt[0] !== from) stopsOnIt.unshift(via[stopsOnIt[0]!]!)
    return stopsOnIt
  }
  return { cost, path }
}

/** What it costs to come to each stop, and from which other one comes who does. */
interface Tree {
  cost: Float64Array
  via: Int32Array
}

function treeOfWays(start: number, stops: readonly Stop[], { to, cost: costs }: Steps): Tree {
  const n = stops.length
  const cost = Float64Array.from(stops, ({ at }, k) => (k === start ? 0 : apart(at, stops[start]!.at) + CROSSING))
  const via = new Int32Array(n).fill(start)
  const waits = new Uint8Array(n).fill(1)
  let waiting = Array.from({ length: n }, (_, k) => k)
  while (waiting.length > 0) {
    const next: number[] = []
    for (const at of waiting) {
      waits[at] = 0
      for (let e = at * STEPS; e < (at + 1) * STEPS; e++) {
        const there = cost[at]! + costs[e]!
        const k = to[e]!
        if (there >= cost[k]! - 1e-9) continue
        cost[k] = there
        via[k] = at
        if (!waits[k]) next.push(k)
        waits[k] = 1
      }
    }
    waiting = next
  }
  return { cost, via }
}

/** From each stop lead so many steps: along its stroke both ways, and to the stops nearest to it. */
const STEPS = 14

/** Step e of stop a is at place STEPS a + e: where it leads, and what it costs; infinitely much where there is none. */
interface Steps {
  to: Int32Array
  cost: Float64Array
}

function stepsFrom(stops: readonly Stop[]): Steps {
  const to = new Int32Array(stops.length * STEPS)
  const cost = new Float64Array(stops.length * STEPS).fill(Infinity)
  stops.forEach(({ stroke, at }, a) => {
    const along = [a - 1, a + 1].filter((b) => stops[b]?.stroke === stroke)
    const across = nearestTo(a, STEPS - along.length, stops)
    const all = [
      ...along.map((b) => ({ b, cost: AGAIN * apart(stops[b]!.at, at) })),
      ...across.map((b) => ({ b, cost: apart(stops[b]!.at, at) + CROSSING })),
    ]
    all.forEach((step, e) => {
      to[a * STEPS + e] = step.b
      cost[a * STEPS + e] = step.cost
    })
  })
  return { to, cost }
}

/** The `count` stops nearest to a stop, those next to it on its stroke aside. */
function nearestTo(a: number, count: number, stops: readonly Stop[]): number[] {
  const { stroke, at } = stops[a]!
  const nearest: number[] = []
  const ways = new Float64Array(count + 1).fill(Infinity)
  for (let b = 0; b < stops.length; b++) {
    const other = stops[b]!
    const way = (other.at[0] - at[0]) ** 2 + (other.at[1] - at[1]) ** 2
    if (way >= ways[count - 1]! || (other.stroke === stroke && Math.abs(a - b) < 2)) continue
    let place = Math.min(nearest.length, count - 1)
    for (; place > 0 && ways[place - 1]! > way; place--) {
      ways[place] = ways[place - 1]!
      nearest[place] = nearest[place - 1]!
    }
    ways[place] = way
    nearest[place] = b
  }
  return nearest
}

/** What of strokes a way goes along; where it crosses paper there is nothing yet. */
function alongWay(path: readonly number[], stops: readonly Stop[]): Part[] {
  const parts: Part[] = []
  const places = path.map((k) => stops[k]!)
  let from = 0
  places.forEach((place, to) => {
    if (places[to + 1]?.cubic === place.cubic) return
    if (to > from) parts.push({ cubic: partOf(place.cubic, places[from]!.t, place.t), of: 'again' })
    from = to + 1
  })
  return parts
}

/** The parts with curves between those that do not meet, which leave one and reach the next in their directions. */
function withJoints(parts: readonly Part[]): Part[] {
  return parts.flatMap((part, i) => {
    const { cubic: before } = parts[i - 1] ?? {}
    const { cubic } = part
    if (!before) return [part]
    const [from, to]: [Point, Point] = [
      [before[6], before[7]],
      [cubic[0], cubic[1]],
    ]
    const way = apart(from, to)
    if (way < 1e-6) return [part]
    const out = handle(from, to, directionAt(before, 1), way)
    const into = handle(to, from, directionAt(cubic, 0).map((v) => -v) as [number, number], way)
    return [{ cubic: [...from, ...out, ...into, ...to] as Cubic, of: 'paper' }, part]
  })
}

/** How much it counts, for each part of a line that relaxes, that it stays where it is; and that it bends. */
const HOLD = { stroke: 1, again: 0.25, paper: 0.01 }
const STIFF = 12

/** The line as one long spline. */
function relaxed(parts: readonly Part[]): Cubic[] {
  const held = parts.flatMap(({ cubic, of }) => placesAlong(cubic).map((place) => ({ place, hold: HOLD[of] })))
  const places = [...held.map(({ place }) => place), endOfLine(parts.map(({ cubic }) => cubic))]
  const hold = [...held.map(({ hold }) => hold), 1]
  // where it begins and ends, it stays
  hold[0] = hold[hold.length - 1] = 100
  const [x, y] = [0, 1].map((axis) =>
    smoothed(
      places.map((place) => place[axis]!),
      hold,
      STIFF,
    ),
  ) as [Float64Array, Float64Array]
  return splineThrough(x, y, CLOSE)
}

function endOfLine(line: readonly Cubic[]): Point {
  const last = line.at(-1)!
  return [last[6], last[7]]
}

/** Places on a cubic about a unit apart, without the last. */
function placesAlong(cubic: Cubic): Point[] {
  const steps = Math.max(1, Math.round(curveLength(cubic, 0)))
  const flat = placesOn(cubic, 0, steps)
  return Array.from({ length: steps }, (_, k) => pointOf(flat, k))
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

function joined(strokes: Strokes, line: readonly Cubic[]): Strokes {
  const cubics = withinMost(line)
  const { widths, colors, width, height } = strokes
  return {
    points: Float32Array.from([cubics[0]![0], cubics[0]![1], ...cubics.flatMap((cubic) => cubic.slice(2))]),
    widths: Float32Array.of([...widths].sort((a, b) => a - b)[widths.length >> 1]!),
    segments: Uint8Array.of(cubics.length),
    ...(colors && { colors: colors.slice(0, 4) }),
    ...{ width, height },
  }
}

/** The same line in no more cubics than a stroke can have, as closely as those can. */
function withinMost(line: readonly Cubic[]): readonly Cubic[] {
  let cubics = line
  const places = line.length > MOST ? [...line.flatMap(placesAlong), endOfLine(line)] : []
  const [x, y] = [0, 1].map((axis) => places.map((place) => place[axis]!)) as [number[], number[]]
  for (let close = CLOSE; cubics.length > MOST; close *= LOOSER) cubics = splineThrough(x, y, close)
  return cubics
}

function apart([ax, ay]: Point, [bx, by]: Point): number {
  return Math.hypot(bx - ax, by - ay)
}
