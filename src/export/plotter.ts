import { pointOffsets } from '../strokes/bezier.ts'
import { reordered } from '../strokes/importance.ts'
import type { Strokes } from '../strokes/strokes.ts'
import { colorOf, hexOf } from './color.ts'
import { groupBy } from './svg.ts'

/** Strokes in the order and direction in which a plotter draws them, and how far its pen travels in the air. */
export interface Plot {
  strokes: Strokes
  /** In the units of the strokes: as they came, and as they are now. */
  before: number
  after: number
}

/** Where a pen sets down and lifts off. */
interface Ends {
  index: number
  from: Point
  to: Point
  flipped: boolean
}
type Point = readonly [x: number, y: number]

/** Improvements smaller than this, relative to the whole, are not worth another look. */
const WORTH = 1e-9
/** Passes of improvement; a few are enough, and each looks at all pairs. */
const PASSES = 50

/**
 * The order for a plotter: one pen after another (a pen is a colour), each leaving `home` and coming back to it with as
 * little travel as can be found. Strokes may be drawn from either end. The travel is never longer than before, when
 * pens were changed as seldom as they can be.
 */
export function plotterOrder(strokes: Strokes, home: Point = [0, 0]): Plot {
  const before = [...groupBy(endsOf(strokes), ({ index }) => hexOf(colorOf(strokes, index))).values()]
  const after = before.map((pen) => shortest(pen, home))
  const total = (tours: readonly Ends[][]): number => tours.reduce((sum, tour) => sum + travel(tour, home), 0)
  return { strokes: redrawn(strokes, after.flat()), before: total(before), after: total(after) }
}

function shortest(pen: Ends[], home: Point): Ends[] {
  const better = untangled(nearestFirst(pen, home), home)
  return travel(better, home) < travel(pen, home) ? better : pen
}

/** How far the pen travels in the air, from `home` and back. */
function travel(tour: readonly Ends[], home: Point): number {
  const stops = [home, ...tour.flatMap(({ from, to }) => [from, to]), home]
  let sum = 0
  for (let i = 0; i < stops.length; i += 2) sum += distance(stops[i]!, stops[i + 1]!)
  return sum
}

/** From wherever the pen is to the nearest end that is left. */
function nearestFirst(pen: readonly Ends[], home: Point): Ends[] {
  const left = [...pen]
  const tour: Ends[] = []
  let at = home
  while (left.length > 0) {
    const nearest = left
      .map((stroke, i) => ({ i, stroke, gap: distance(at, stroke.from), back: distance(at, stroke.to) }))
      .reduce((a, b) => (Math.min(b.gap, b.back) < Math.min(a.gap, a.back) ? b : a))
    left.splice(nearest.i, 1)
    const next = nearest.back < nearest.gap ? flip(nearest.stroke) : nearest.stroke
    tour.push(next)
    at = next.to
  }
  return tour
}

/**
 * 2-opt: as long as it saves travel, a part of the tour is driven the other way round, its strokes flipped. A part may
 * be a single stroke.
 */
function untangled(tour: Ends[], home: Point): Ends[] {
  const enough = WORTH * travel(tour, home)
  for (let pass = 0, found = true; found && pass < PASSES; pass++) {
    found = false
    for (let i = 0; i < tour.length; i++) {
      for (let j = i; j < tour.length; j++) {
        const [before, after] = [tour[i - 1]?.to ?? home, tour[j + 1]?.from ?? home]
        const [first, last] = [tour[i]!.from, tour[j]!.to]
        const saved = distance(before, first) + distance(last, after) - distance(before, last) - distance(first, after)
        if (saved <= enough) continue
        tour.splice(
          i,
          j - i + 1,
          ...tour
            .slice(i, j + 1)
            .reverse()
            .map(flip),
        )
        found = true
      }
    }
  }
  return tour
}

function endsOf(strokes: Strokes): Ends[] {
  const offsets = pointOffsets(strokes)
  const at = (p: number): Point => [strokes.points[2 * p]!, strokes.points[2 * p + 1]!]
  return Array.from(strokes.widths, (_, index) => ({
    index,
    from: at(offsets[index]!),
    to: at(offsets[index + 1]! - 1),
    flipped: false,
  }))
}

function redrawn(strokes: Strokes, tour: readonly Ends[]): Strokes {
  const ordered = reordered(
    strokes,
    tour.map(({ index }) => index),
  )
  const offsets = pointOffsets(ordered)
  tour.forEach(({ flipped }, i) => {
    if (flipped) reverse(ordered.points.subarray(2 * offsets[i]!, 2 * offsets[i + 1]!))
  })
  return ordered
}

/** The same curve from its other end: the control points backwards. */
function reverse(points: Float32Array): void {
  points.reverse()
  for (let i = 0; i < points.length; i += 2) points.subarray(i, i + 2).reverse()
}

function flip({ index, from, to, flipped }: Ends): Ends {
  return { index, from: to, to: from, flipped: !flipped }
}

function distance([ax, ay]: Point, [bx, by]: Point): number {
  return Math.hypot(bx - ax, by - ay)
}
