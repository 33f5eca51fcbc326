import type { Strokes } from '../strokes/strokes.ts'
import {
  cheapestTour,
  costOf,
  distance,
  redrawn,
  visitsOf,
  type Costs,
  type Point,
  type Visit,
} from '../strokes/tour.ts'
import { colorOf, hexOf } from './color.ts'
import { groupBy } from './svg.ts'

/** Strokes in the order and direction in which a plotter draws them, and how far its pen travels in the air. */
export interface Plot {
  strokes: Strokes
  /** In the units of the strokes: as they came, and as they are now. */
  before: number
  after: number
}

/**
 * The order for a plotter: one pen after another (a pen is a colour), each leaving `home` and coming back to it with as
 * little travel as can be found. Strokes may be drawn from either end. The travel is never longer than before, when
 * pens were changed as seldom as they can be.
 */
export function plotterOrder(strokes: Strokes, home: Point = [0, 0]): Plot {
  const travel: Costs = { between: (a, b) => distance(a?.to ?? home, b?.from ?? home) }
  const before = [...groupBy(visitsOf(strokes), ({ index }) => hexOf(colorOf(strokes, index))).values()]
  const after = before.map((pen) => cheapestTour(pen, travel))
  const total = (tours: readonly Visit[][]): number => tours.reduce((sum, tour) => sum + costOf(tour, travel), 0)
  return { strokes: redrawn(strokes, after.flat()), before: total(before), after: total(after) }
}
