import { pointOffsets } from './bezier.ts'
import { reordered } from './importance.ts'
import type { Strokes } from './strokes.ts'

export type Point = readonly [x: number, y: number]

/** A stroke as a pen that visits it knows it: from where it is drawn, and to where. */
export interface Visit {
  index: number
  from: Point
  to: Point
  /** Drawn from its last point to its first. */
  flipped: boolean
}

/** What an order and a direction of strokes costs. */
export interface Costs {
  /**
   * Going from the end of one stroke to the beginning of the next; undefined is where the pen rests before and after. Going
   * back the same way costs the same.
   */
  between(a: Visit | undefined, b: Visit | undefined): number
  /** Drawing a stroke in this direction; nothing when absent. */
  drawing?(visit: Visit): number
  /** Drawing stroke `a` (an index) at any time before stroke `b`; nothing when absent. */
  before?(a: number, b: number): number
}

/** Improvements smaller than this, relative to the whole, are not worth another look. */
const WORTH = 1e-9
/** Passes of improvement; a few are enough, and each looks at all pairs. */
const PASSES = 50
/** So many strokes in a row may move to another place together. */
const MOVED = 3

/** Each stroke as it comes. */
export function visitsOf(strokes: Strokes): Visit[] {
  const offsets = pointOffsets(strokes)
  const at = (p: number): Point => [strokes.points[2 * p]!, strokes.points[2 * p + 1]!]
  return Array.from(strokes.widths, (_, index) => ({
    index,
    from: at(offsets[index]!),
    to: at(offsets[index + 1]! - 1),
    flipped: false,
  }))
}

/** The strokes in the order and the directions of a tour. */
export function redrawn(strokes: Strokes, tour: readonly Visit[]): Strokes {
  const ordered = reordered(
    strokes,
    tour.map(({ index }) => index),
  )
  const offsets = pointOffsets(ordered)
  tour.forEach(({ flipped }, i) => {
    if (!flipped) return
    reverse(ordered.points.subarray(2 * offsets[i]!, 2 * offsets[i + 1]!))
    ordered.pressures?.subarray(offsets[i], offsets[i + 1]).reverse()
  })
  return ordered
}

/** The same curve from its other end: the control points backwards. */
function reverse(points: Float32Array): void {
  points.reverse()
  for (let i = 0; i < points.length; i += 2) points.subarray(i, i + 2).reverse()
}

export function flip({ index, from, to, flipped }: Visit): Visit {
  return { index, from: to, to: from, flipped: !flipped }
}

export function distance([ax, ay]: Point, [bx, by]: Point): number {
  return Math.hypot(bx - ax, by - ay)
}

/** What a whole tour costs. */
export function costOf(tour: readonly Visit[], { between, drawing, before }: Costs): number {
  let sum = between(tour.at(-1), undefined)
  tour.forEach((visit, i) => {
    sum += between(tour[i - 1], visit) + (drawing?.(visit) ?? 0)
    if (before) for (let j = 0; j < i; j++) sum += before(tour[j]!.index, visit.index)
  })
  return sum
}

/** From wherever the pen is to whichever stroke, and end of it, is the cheapest to go to. */
export function nearestFirst(visits: readonly Visit[], { between, drawing }: Costs): Visit[] {
  const left = visits.flatMap((visit) => [visit, flip(visit)])
  const tour: Visit[] = []
  while (left.length > 0) {
    const costs = left.map((way) => between(tour.at(-1), way) + (drawing?.(way) ?? 0))
    const next = costs.reduce((best, cost, i) => (cost < costs[best]! ? i : best), 0)
    tour.push(left[next]!)
    left.splice(next - (next % 2), 2)
  }
  return tour
}

/**
 * As long as it costs less: a part of the tour is driven the other way round, its strokes flipped (2-opt, Croes 1958), or a
 * few strokes in a row move to another place, either way round (Or 1976). A part may be a single stroke.
 */
export function improved(start: readonly Visit[], costs: Costs): Visit[] {
  const tables = tablesOf(start, costs)
  const enough = WORTH * Math.abs(costOf(start, costs))
  let tour: Tour = start.map((_, i) => 2 * i)
  for (let pass = 0; pass < PASSES; pass++) {
    const next = withFewMoved(withPartsTurned(tour, tables, enough), tables, enough)
    if (next === tour) break
    tour = next
  }
  return tour.map((way) => tables.ways[way]!)
}

/** Ways in a row: 2 i is stroke i as it came, 2 i + 1 the same flipped. */
type Tour = readonly number[]

/** All costs, looked up by ways: a search asks for each a thousand times. */
interface Tables {
  ways: readonly Visit[]
  /** What `between` says of way a and way b, at place a · (number of ways + 1) + b; the last of either is rest. */
  between: Float64Array
  drawing: Float64Array
  /** How much more it costs that stroke a comes before stroke b than after it, at a · (number of strokes) + b. */
  before?: Float64Array
}

function tablesOf(visits: readonly Visit[], { between, drawing, before }: Costs): Tables {
  const ways = visits.flatMap((visit) => [visit, flip(visit)])
  const ends = [...ways, undefined]
  const n = visits.length
  return {
    ways,
    between: Float64Array.from({ length: ends.length ** 2 }, (_, k) => {
      return between(ends[Math.floor(k / ends.length)], ends[k % ends.length])
    }),
    drawing: Float64Array.from(ways, (way) => drawing?.(way) ?? 0),
    ...(before && {
      before: Float64Array.from({ length: n * n }, (_, k) => {
        const [a, b] = [visits[Math.floor(k / n)]!.index, visits[k % n]!.index]
        return before(a, b) - before(b, a)
      }),
    }),
  }
}

/** The same tour where nothing can be turned. */
function withPartsTurned(start: Tour, { between, drawing, before }: Tables, enough: number): Tour {
  const n = start.length
  const rest = 2 * n
  const side = rest + 1
  let tour = start
  for (let i = 0; i < n; i++) {
    // what the strokes i..j cost by their directions and by who comes before whom, as they are and turned
    let inside = 0
    for (let j = i; j < n; j++) {
      const [first, last] = [tour[i]!, tour[j]!]
      inside += drawing[last]! - drawing[last ^ 1]!
      if (before) for (let k = i; k < j; k++) inside += before[(tour[k]! >> 1) * n + (last >> 1)]!
      const a = side * (i > 0 ? tour[i - 1]! : rest)
      const b = j + 1 < n ? tour[j + 1]! : rest
      const now = between[a + first]! + between[side * last + b]!
      const then = between[a + (last ^ 1)]! + between[side * (first ^ 1) + b]!
      if (now - then + inside <= enough) continue
      const turned = tour.slice(i, j + 1).reverse()
      tour = [...tour.slice(0, i), ...turned.map((way) => way ^ 1), ...tour.slice(j + 1)]
      inside = -inside
    }
  }
  return tour
}

/** The same tour where nothing can be moved. */
function withFewMoved(start: Tour, tables: Tables, enough: number): Tour {
  let tour = start
  for (let size = 1; size <= MOVED; size++) {
    for (let i = 0; i + size <= tour.length; i++) tour = movedToItsBest(tour, i, size, tables, enough)
  }
  return tour
}

/** The tour with the strokes i..i+size-1 where they cost least. */
function movedToItsBest(tour: Tour, i: number, size: number, tables: Tables, enough: number): Tour {
  const rest = 2 * tour.length
  const side = rest + 1
  const { between } = tables
  const at = (k: number): number => tour[k] ?? rest
  const part = tour.slice(i, i + size)
  const [first, last] = [part[0]!, part[size - 1]!]
  const flipping = flippingCost(part, tables)
  const closed = between[side * at(i - 1) + at(i + size)]!
  const asItIs = between[side * at(i - 1) + first]! + between[side * last + at(i + size)]! - closed
  let best = { k: i, flipped: false, cost: asItIs - enough }
  // `later`: what it costs besides that the strokes between here and place k come before the part now, or after it
  const consider = (k: number, later: number): void => {
    const [a, b] = k < i ? [at(k - 1), at(k)] : [k === i ? at(i - 1) : at(k + size - 1), at(k + size)]
    const gap = between[side * a + b]!
    const straight = between[side * a + first]! + between[side * last + b]! - gap + later
    if (straight < best.cost) best = { k, flipped: false, cost: straight }
    const turned = between[side * a + (last ^ 1)]! + between[side * (first ^ 1) + b]! - gap + later + flipping
    if (turned < best.cost) best = { k, flipped: true, cost: turned }
  }
  consider(i, 0)
  for (let k = i + 1, later = 0; k + size <= tour.length; k++)
    consider(k, (later += passing(part, at(k + size - 1), tables)))
  for (let k = i - 1, later = 0; k >= 0; k--) consider(k, (later -= passing(part, at(k), tables)))
  if (best.k === i && !best.flipped) return tour
  const others = [...tour.slice(0, i), ...tour.slice(i + size)]
  const moved = best.flipped ? part.toReversed().map((way) => way ^ 1) : part
  return [...others.slice(0, best.k), ...moved, ...others.slice(best.k)]
}

/** What it costs more that strokes in a row are drawn the other way round. */
function flippingCost(part: Tour, { drawing, before, ways }: Tables): number {
  let sum = 0
  part.forEach((way, k) => {
    sum += drawing[way ^ 1]! - drawing[way]!
    if (before) for (let j = 0; j < k; j++) sum -= before[(part[j]! >> 1) * (ways.length / 2) + (way >> 1)]!
  })
  return sum
}

/** What it costs more that a stroke comes before the part and not after it. */
function passing(part: Tour, other: number, { before, ways }: Tables): number {
  if (!before) return 0
  let sum = 0
  for (const own of part) sum += before[(other >> 1) * (ways.length / 2) + (own >> 1)]!
  return sum
}
