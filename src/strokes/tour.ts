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

export function distance(a: Point, b: Point): number {
  return Math.hypot(b[0] - a[0], b[1] - a[1])
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

/**
 * The cheapest tour that can be found, never dearer than `start`: that, and the one that always goes on to whatever is the
 * cheapest to go to, are improved as long as they cost less. A part of the tour is driven the other way round, its strokes
 * flipped (2-opt, Croes 1958), or a few strokes in a row move to another place, either way round (Or 1976). A part may be a
 * single stroke.
 */
export function cheapestTour(start: readonly Visit[], costs: Costs): Visit[] {
  const tables = tablesOf(start, costs)
  const asItIs = Int32Array.from(start, (_, i) => 2 * i)
  const visitsIn = (tour: Tour): Visit[] => Array.from(tour, (way) => tables.ways[way]!)
  const [first, second] = [asItIs, nearestFirst(tables)].map((tour) => {
    improve(tour, tables, WORTH * Math.abs(costOf(visitsIn(tour), costs)))
    return visitsIn(tour)
  }) as [Visit[], Visit[]]
  return costOf(first, costs) < costOf(second, costs) ? first : second
}

/** Ways in a row: 2 i is stroke i as it came, 2 i + 1 the same flipped. Searches change it in place. */
type Tour = Int32Array

/** All costs, looked up by ways: a search asks for each a thousand times, and is to be quick the first time too. */
interface Tables {
  ways: readonly Visit[]
  /** Number of strokes, the way that stands for rest, and number of ways with that one. */
  n: number
  rest: number
  side: number
  /** What `between` says of way a and way b, at place a · side + b. */
  between: Float64Array
  drawing: Float64Array
  /** How much more it costs that stroke a comes before stroke b than after it, at a · n + b. */
  before?: Float64Array
}

function tablesOf(visits: readonly Visit[], { between, drawing, before }: Costs): Tables {
  const n = visits.length
  const ways = visits.flatMap((visit) => [visit, flip(visit)])
  return {
    ...{ ways, n, rest: 2 * n, side: 2 * n + 1 },
    between: betweenAll(ways, between),
    drawing: Float64Array.from(ways, (way) => drawing?.(way) ?? 0),
    ...(before && { before: beforeAll(visits, before) }),
  }
}

function betweenAll(ways: readonly Visit[], between: Costs['between']): Float64Array {
  const rest = ways.length
  const side = rest + 1
  const all = new Float64Array(side * side)
  for (let a = 0; a <= rest; a++) {
    for (let b = 0; b <= rest; b++) {
      // the same way back, which costs the same
      const [from, to] = [b === rest ? rest : b ^ 1, a === rest ? rest : a ^ 1]
      const back = side * from + to
      const there = side * a + b
      all[there] = back < there ? all[back]! : between(ways[a], ways[b])
    }
  }
  return all
}

function beforeAll(visits: readonly Visit[], before: NonNullable<Costs['before']>): Float64Array {
  const n = visits.length
  const all = new Float64Array(n * n)
  for (let a = 0; a < n; a++) {
    for (let b = 0; b < a; b++) {
      const [i, j] = [visits[a]!.index, visits[b]!.index]
      all[a * n + b] = before(i, j) - before(j, i)
      all[b * n + a] = -all[a * n + b]!
    }
  }
  return all
}

/** From wherever the pen is to whichever stroke, and end of it, is the cheapest to go to. */
function nearestFirst({ n, rest, side, between, drawing }: Tables): Tour {
  const tour = new Int32Array(n)
  const isDrawn = new Uint8Array(n)
  for (let k = 0, at = rest; k < n; k++) {
    let best = -1
    let least = Infinity
    for (let way = 0; way < rest; way++) {
      if (isDrawn[way >> 1]) continue
      const cost = between[side * at + way]! + drawing[way]!
      if (best >= 0 && !(cost < least)) continue
      best = way
      least = cost
    }
    isDrawn[best >> 1] = 1
    tour[k] = at = best
  }
  return tour
}

/** Changes a tour as long as it gets cheaper by more than `enough` at a time. */
function improve(tour: Tour, tables: Tables, enough: number): void {
  for (let pass = 0; pass < PASSES; pass++) {
    const isTurned = turnParts(tour, tables, enough)
    const isMoved = moveFew(tour, tables, enough)
    if (!isTurned && !isMoved) break
  }
}

/** Turns whatever parts are cheaper the other way round; says whether there were any. */
function turnParts(tour: Tour, { n, rest, side, between, drawing, before }: Tables, enough: number): boolean {
  let isChanged = false
  // for each stroke of the tour what it costs that those from i on come before it; all at once, as i goes on
  const late = new Float64Array(n)
  if (before) addLate(late, tour, 0, n, before)
  for (let i = 0; i < n; i++) {
    // what the strokes i..j cost by their directions and by who comes before whom, as they are and turned
    let inside = 0
    const a = side * (i > 0 ? tour[i - 1]! : rest)
    for (let j = i; j < n; j++) {
      const first = tour[i]!
      const last = tour[j]!
      inside += drawing[last]! - drawing[last ^ 1]! + late[j]!
      const b = j + 1 < n ? tour[j + 1]! : rest
      const now = between[a + first]! + between[side * last + b]!
      const then = between[a + (last ^ 1)]! + between[side * (first ^ 1) + b]!
      if (now - then + inside <= enough) continue
      turn(tour.subarray(i, j + 1))
      if (before) addLate(late.fill(0, i, j + 1), tour, i, j + 1, before)
      inside = -inside
      isChanged = true
    }
    if (before) for (let j = i + 1; j < n; j++) late[j]! -= before[(tour[i]! >> 1) * n + (tour[j]! >> 1)]!
  }
  return isChanged
}

/** Adds for each stroke from `from` to before `to` what it costs that those from there on come before it. */
function addLate(late: Float64Array, tour: Tour, from: number, to: number, before: Float64Array): void {
  for (let k = from; k < to; k++) {
    const row = (tour[k]! >> 1) * tour.length
    for (let j = k + 1; j < to; j++) late[j]! += before[row + (tour[j]! >> 1)]!
  }
}

/** The other way round. */
function turn(part: Tour): void {
  part.reverse()
  for (let k = 0; k < part.length; k++) part[k]! ^= 1
}

/** Moves whatever few strokes in a row are cheaper elsewhere; says whether there were any. */
function moveFew(tour: Tour, tables: Tables, enough: number): boolean {
  let isChanged = false
  for (let size = 1; size <= MOVED; size++) {
    for (let i = 0; i + size <= tour.length; i++) {
      if (moveToItsBest(tour, i, size, tables, enough)) isChanged = true
    }
  }
  return isChanged
}

/** Moves the strokes i..i+size-1 to where they cost least; says whether that is another place, or the other way round. */
function moveToItsBest(tour: Tour, i: number, size: number, tables: Tables, enough: number): boolean {
  const { n, rest, side, between, before } = tables
  const first = tour[i]!
  const last = tour[i + size - 1]!
  const flipping = flippingCost(tour, i, size, tables)
  // what it costs more that k of the others come before the part and not after it; and all that depends on its place
  let later = 0
  let [least, asItIs] = [Infinity, Infinity]
  let place = i
  let flipped = false
  for (let k = 0; k <= n - size; k++) {
    const a = k === 0 ? rest : tour[k <= i ? k - 1 : k + size - 1]!
    const b = k === n - size ? rest : tour[k < i ? k : k + size]!
    const others = later - between[side * a + b]!
    const straight = between[side * a + first]! + between[side * last + b]! + others
    const turned = between[side * a + (last ^ 1)]! + between[side * (first ^ 1) + b]! + others + flipping
    if (k === i) asItIs = straight
    else if (straight < least) {
      least = straight
      place = k
      flipped = false
    }
    if (turned < least) {
      least = turned
      place = k
      flipped = true
    }
    if (before && b !== rest) later += passing(tour, i, size, b, before)
  }
  if (!(least < asItIs - enough)) return false
  const part = tour.slice(i, i + size)
  if (flipped) turn(part)
  tour.copyWithin(i, i + size)
  tour.copyWithin(place + size, place, n - size)
  tour.set(part, place)
  return true
}

/** What it costs more that the strokes i..i+size-1 are drawn the other way round. */
function flippingCost(tour: Tour, i: number, size: number, { n, drawing, before }: Tables): number {
  let sum = 0
  for (let k = i; k < i + size; k++) {
    const way = tour[k]!
    sum += drawing[way ^ 1]! - drawing[way]!
    if (before) for (let j = i; j < k; j++) sum -= before[(tour[j]! >> 1) * n + (way >> 1)]!
  }
  return sum
}

/** What it costs more that a stroke comes before those of i..i+size-1, and not after them. */
function passing(tour: Tour, i: number, size: number, other: number, before: Float64Array): number {
  const row = (other >> 1) * tour.length
  let sum = 0
  for (let k = i; k < i + size; k++) sum += before[row + (tour[k]! >> 1)]!
  return sum
}
