import { hypotenuse } from '../hypotenuse.ts'
import type { Strokes } from './strokes.ts'

/** How many cubics stroke `index` has. */
export function segmentsOf(strokes: Strokes, index: number): number {
  return strokes.segments?.[index] ?? 1
}

/** Where each stroke's control points begin in `points` (in points, not numbers), and, last, how many there are in all. */
export function pointOffsets(strokes: Strokes): Int32Array {
  const offsets = new Int32Array(strokes.widths.length + 1)
  for (let i = 0; i < strokes.widths.length; i++) offsets[i + 1] = offsets[i]! + 3 * segmentsOf(strokes, i) + 1
  return offsets
}

/** The four Bernstein weights of a cubic at `steps + 1` even parameters 0..1, one row of four each; cached. */
export function bernstein(steps: number): Float64Array {
  let weights = cache.get(steps)
  if (!weights) {
    weights = new Float64Array(4 * (steps + 1))
    for (let k = 0; k <= steps; k++) {
      const t = k / steps
      const u = 1 - t
      weights.set([u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t], 4 * k)
    }
    cache.set(steps, weights)
  }
  return weights
}
const cache = new Map<number, Float64Array>()

/** Length of the control polygon of the cubic whose first point is `points[2 * first]`: never less than the curve's. */
export function polygonLength(points: ArrayLike<number>, first: number): number {
  let length = 0
  for (let i = 2 * first; i < 2 * first + 6; i += 2) {
    length += hypotenuse(points[i + 2]! - points[i]!, points[i + 3]! - points[i + 1]!)
  }
  return length
}

/**
 * x y of `steps + 1` places at even parameters on the cubic whose first point is `points[2 * first]`, both ends included;
 * in `places` if it is given, which has to be long enough.
 */
export function placesOn(
  points: ArrayLike<number>,
  first: number,
  steps: number,
  places = new Float64Array(2 * (steps + 1)),
): Float64Array {
  const weights = bernstein(steps)
  for (let axis = 0; axis < 2; axis++) {
    const at = 2 * first + axis
    const [p0, p1, p2, p3] = [points[at]!, points[at + 2]!, points[at + 4]!, points[at + 6]!]
    for (let k = 0, w = 0; k <= steps; k++, w += 4) {
      places[2 * k + axis] = weights[w]! * p0 + weights[w + 1]! * p1 + weights[w + 2]! * p2 + weights[w + 3]! * p3
    }
  }
  return places
}

/** Length of the cubic whose first point is `points[2 * first]`, by 16 chords: a little less than the curve's. */
export function curveLength(points: ArrayLike<number>, first: number): number {
  const places = placesOn(points, first, 16)
  let length = 0
  for (let k = 2; k < places.length; k += 2) {
    length += hypotenuse(places[k]! - places[k - 2]!, places[k + 1]! - places[k - 1]!)
  }
  return length
}

/** The point at which each cubic begins of stroke `index`, whose control points begin at point `first`. */
export function startsOf(strokes: Strokes, index: number, first: number): number[] {
  return Array.from({ length: segmentsOf(strokes, index) }, (_, s) => first + 3 * s)
}

/** The same of all strokes. */
export function cubicStarts(strokes: Strokes): number[] {
  const offsets = pointOffsets(strokes)
  return Array.from(strokes.widths, (_, i) => startsOf(strokes, i, offsets[i]!)).flat()
}

/** Strokes of one cubic each, all of the same width, on a square canvas. */
export function strokesFrom(cubics: readonly (readonly number[])[], width: number, canvas: number): Strokes {
  return {
    points: Float32Array.from(cubics.flat()),
    widths: new Float32Array(cubics.length).fill(width),
    width: canvas,
    height: canvas,
  }
}
