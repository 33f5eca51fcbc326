import { curveLength, placesOn, pointOffsets, startsOf } from './bezier.ts'
import type { Strokes } from './strokes.ts'

/** No stroke gets shorter than this, in units: it would be a dot. */
const SHORTEST = 6

/**
 * Strokes whose ink lies within a rectangle. A stroke that leaves it has its control points moved towards the inside,
 * just as far as it takes; the control points of one that stays in may lie where they like.
 */
export function keepWithin(strokes: Strokes, rectangle: Rectangle): Strokes {
  const points = strokes.points.slice()
  const offsets = pointOffsets(strokes)
  strokes.widths.forEach((width, i) => {
    const own = strokes.points.subarray(2 * offsets[i]!, 2 * offsets[i + 1]!)
    const inner = inset(rectangle, width / 2)
    for (let pull = 0; pull <= 1; pull += 1 / 8) {
      const pulled = own.map((v, k) => v + pull * (clampInto(inner, v, k % 2) - v))
      points.set(pulled, 2 * offsets[i]!)
      if (staysIn(pulled, inner)) break
    }
  })
  return { ...strokes, points }
}

/** Whether the curve itself, at 16 places of each cubic, lies in the rectangle. */
function staysIn(points: Float32Array, rectangle: Rectangle): boolean {
  for (let first = 0; 2 * first + 6 < points.length; first += 3) {
    if (placesOn(points, first, 16).some((at, k) => Math.abs(at - clampInto(rectangle, at, k % 2)) > 1e-3)) return false
  }
  return true
}

function inset({ x, y, width, height }: Rectangle, by: number): Rectangle {
  const margin = Math.min(by, width / 2, height / 2)
  return { x: x + margin, y: y + margin, width: width - 2 * margin, height: height - 2 * margin }
}

function clampInto({ x, y, width, height }: Rectangle, value: number, axis: number): number {
  return axis === 0 ? clamp(value, x, x + width) : clamp(value, y, y + height)
}

interface Rectangle {
  x: number
  y: number
  width: number
  height: number
}

/** Strokes that have become too short go back to what they were. */
export function keepLength(strokes: Strokes, before: Strokes): Strokes {
  const offsets = pointOffsets(strokes)
  const short = Array.from(strokes.widths.keys()).filter((i) => {
    const starts = startsOf(strokes, i, offsets[i]!)
    return starts.reduce((sum, first) => sum + curveLength(strokes.points, first), 0) < SHORTEST
  })
  return keepLocked(strokes, before, short)
}

/** The first `count` strokes on a leash: they go only so much of their way, 0..1. */
export function heldBack(strokes: Strokes, before: Strokes, count: number, leash: number): Strokes {
  if (count === 0) return strokes
  const end = 2 * pointOffsets(strokes)[count]!
  const points = strokes.points.map((to, k) => (k < end ? before.points[k]! + leash * (to - before.points[k]!) : to))
  return { ...strokes, points }
}

/** The given strokes as they were before. */
export function keepLocked(strokes: Strokes, before: Strokes, locked: readonly number[]): Strokes {
  if (locked.length === 0) return strokes
  const offsets = pointOffsets(strokes)
  const points = strokes.points.slice()
  for (const i of locked) {
    const [from, to] = [2 * offsets[i]!, 2 * offsets[i + 1]!]
    points.set(before.points.subarray(from, to), from)
  }
  return { ...strokes, points }
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value))
}
