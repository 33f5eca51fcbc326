import { cubicStarts, placesOn, pointOffsets } from './bezier.ts'
import type { Strokes } from './strokes.ts'
import { cheapestTour, distance, redrawn, visitsOf, type Costs, type Visit } from './tour.ts'

/*
 * All costs are in units of the way that a hand goes through the air, so that each can be held against that.
 */

/** Lifting the pen and setting it down; one that goes on where it is does neither. */
const LIFT = 8
/** Ends this close, in units, meet: the pen goes on. */
const MEET = 2
/** Going on round a sharp corner; straight on it costs nothing. */
const CORNER = 4
/** Drawing a unit straight against the comfortable direction. */
const AGAINST = 0.7
/** Drawing a small stroke before one as long as all together, shared among all strokes that it may come before. */
const SMALL_FIRST = 40
/** Drawing a part before the whole that it lies in. */
const PART_FIRST = 25
/** A whole is at least so many times as long as its part, … */
const LARGER = 2
/** … which lies within the box around it, give or take so many units. */
const MARGIN = 4

/** Where a right hand likes to go: down, and to the right; a left one to the left. It pulls a pen rather than pushing it. */
const COMFORTABLE = [0.6, 0.8] as const

export interface Hand {
  leftHanded?: boolean
}

/**
 * Strokes in the order and directions in which a hand draws them: large before small, whole things before their parts,
 * neighbours before distant ones, on from ends that meet, and each in the comfortable direction where that is not out of the
 * way. One cost, minimised as that of a plotter is. The strokes stay the same, but may begin at their other end.
 */
export function handOrder(strokes: Strokes, { leftHanded = false }: Hand = {}): Strokes {
  if (strokes.widths.length === 0) return strokes
  const shapes = shapesOf(strokes)
  const costs = costsOf(shapes, leftHanded ? -1 : 1)
  const largestFirst = visitsOf(strokes).sort((a, b) => shapes[b.index]!.length - shapes[a.index]!.length)
  return redrawn(strokes, cheapestTour(largestFirst, costs))
}

/** What a hand sees of a stroke. */
interface Shape {
  length: number
  left: number
  top: number
  right: number
  bottom: number
  /** Which way it leaves its first point and reaches its last, of length 1. */
  leaves: Direction
  arrives: Direction
  /** How far it goes right and left, down and up, in all. */
  ways: { right: number; left: number; down: number; up: number }
}
type Direction = readonly [x: number, y: number]

function shapesOf(strokes: Strokes): Shape[] {
  const offsets = pointOffsets(strokes)
  const starts = cubicStarts(strokes)
  return Array.from(strokes.widths, (_, i) => {
    const own = starts.filter((first) => first >= offsets[i]! && first < offsets[i + 1]!)
    const places = own.flatMap((first) => [...placesOn(strokes.points, first, 12)])
    const [x, y] = [0, 1].map((axis) => places.filter((_, k) => k % 2 === axis)) as [number[], number[]]
    const steps = x.slice(1).map((to, k): Direction => [to - x[k]!, y[k + 1]! - y[k]!])
    const way = (axis: 0 | 1, sign: 1 | -1): number =>
      steps.reduce((sum, step) => sum + Math.max(0, sign * step[axis]), 0)
    return {
      length: steps.reduce((sum, [dx, dy]) => sum + Math.hypot(dx, dy), 0),
      ...{ left: Math.min(...x), top: Math.min(...y), right: Math.max(...x), bottom: Math.max(...y) },
      ...{ leaves: unit(steps[0]!), arrives: unit(steps.at(-1)!) },
      ways: { right: way(0, 1), left: way(0, -1), down: way(1, 1), up: way(1, -1) },
    }
  })
}

function unit([x, y]: Direction): Direction {
  const length = Math.hypot(x, y) || 1
  return [x / length, y / length]
}

function costsOf(shapes: readonly Shape[], side: 1 | -1): Costs {
  const longest = Math.max(...shapes.map(({ length }) => length)) || 1
  const n = shapes.length
  const before = new Float64Array(n * n)
  const isWhole = new Uint8Array(n)
  for (let a = 0; a < n; a++) {
    const part = shapes[a]!
    let wholes = 0
    for (let b = 0; b < n; b++) wholes += isWhole[b] = isPart(part, shapes[b]!) ? 1 : 0
    for (let b = 0; b < n; b++) {
      const small = (SMALL_FIRST * Math.max(0, shapes[b]!.length - part.length)) / (n * longest)
      before[a * n + b] = small + (isWhole[b] ? PART_FIRST / wholes : 0)
    }
  }
  return {
    between(a, b) {
      if (!a || !b) return 0
      const way = distance(a.to, b.from)
      return way > MEET ? way + LIFT : way + CORNER * turn(arriving(a, shapes), leaving(b, shapes))
    },
    drawing({ index, flipped }) {
      const { right, left, down, up } = shapes[index]!.ways
      const [across, along] = [side * (left - right), up - down]
      const against = COMFORTABLE[0] * across + COMFORTABLE[1] * along
      return AGAINST * (flipped ? -against : against)
    },
    before: (a, b) => before[a * n + b]!,
  }
}

const isPart = (part: Shape, whole: Shape): boolean =>
  whole.length >= LARGER * part.length &&
  part.left >= whole.left - MARGIN &&
  part.right <= whole.right + MARGIN &&
  part.top >= whole.top - MARGIN &&
  part.bottom <= whole.bottom + MARGIN

/** 0 straight on, 1 back again. */
function turn([ax, ay]: Direction, [bx, by]: Direction): number {
  return (1 - ax * bx - ay * by) / 2
}

function leaving({ index, flipped }: Visit, shapes: readonly Shape[]): Direction {
  const { leaves, arrives } = shapes[index]!
  return flipped ? [-arrives[0], -arrives[1]] : leaves
}

function arriving({ index, flipped }: Visit, shapes: readonly Shape[]): Direction {
  const { leaves, arrives } = shapes[index]!
  return flipped ? [-leaves[0], -leaves[1]] : arrives
}
