import type { Point } from './mask.ts'

/*
 * A stroke as cubics that follow each other: x y of 3·segments + 1 control points. A place on it is a number: the
 * segment it lies in, and how far along that, so 1.5 is the middle of the second cubic (de Casteljau's t).
 */

/** One place on a stroke. */
export interface Place extends Point {
  readonly at: number
}

/** Between two samples, in canvas units at most; and how many there are of a cubic at least and at most. */
const STEP = 0.75
const SAMPLES = { least: 8, most: 600 }

export const segmentsOf = (points: Float32Array): number => (points.length / 2 - 1) / 3

export function pointAt(points: Float32Array, at: number): Place {
  const [segment, t] = within(points, at)
  const s = 1 - t
  const mix = (i: number): number => {
    const [a, b, c, d] = [0, 2, 4, 6].map((k) => points[6 * segment + k + i]!) as [number, number, number, number]
    return s * s * s * a + 3 * s * s * t * b + 3 * s * t * t * c + t * t * t * d
  }
  return { at, x: mix(0), y: mix(1) }
}

/** Places along the stroke, close to each other, both ends among them. */
export function sampled(points: Float32Array, step = STEP): Place[] {
  const places: Place[] = [pointAt(points, 0)]
  for (let segment = 0; segment < segmentsOf(points); segment++) {
    const count = Math.min(SAMPLES.most, Math.max(SAMPLES.least, Math.ceil(hullLength(points, segment) / step)))
    for (let i = 1; i <= count; i++) places.push(pointAt(points, segment + i / count))
  }
  return places
}

/** The place nearest to a point. */
export function nearestTo(points: Float32Array, { x, y }: Point): Place {
  const far = (place: Point): number => Math.hypot(place.x - x, place.y - y)
  return sampled(points).reduce((best, place) => (far(place) < far(best) ? place : best))
}

/** The place that has as much of the line before it as after it. */
export function middleOf(points: Float32Array): Place {
  const places = sampled(points)
  const lengths = places.map((place, i) => (i === 0 ? 0 : distance(place, places[i - 1]!)))
  let left = lengths.reduce((sum, length) => sum + length, 0) / 2
  return places.find((_, i) => (left -= lengths[i]!) <= 0) ?? places.at(-1)!
}

/** From one place to a later one, as cubics of its own. */
export function pieceOf(points: Float32Array, from: number, to: number): Float32Array {
  const piece: number[] = []
  for (let segment = Math.floor(from); segment < to; segment++) {
    const cubic = points.subarray(6 * segment, 6 * segment + 8)
    const part = cut(cubic, Math.max(0, from - segment), Math.min(1, to - segment))
    piece.push(...(piece.length === 0 ? part : part.slice(2)))
  }
  return Float32Array.from(piece)
}

export function reversed(points: Float32Array): Float32Array {
  return points.map((_, i) => points[points.length - 2 - i + 2 * (i % 2)]!)
}

export const startOf = (points: Float32Array): Point => ({ x: points[0]!, y: points[1]! })
export const endOf = (points: Float32Array): Point => ({ x: points.at(-2)!, y: points.at(-1)! })
export const distance = (a: Point, b: Point): number => Math.hypot(a.x - b.x, a.y - b.y)

/** A straight cubic. */
export function straight(from: Point, to: Point): Float32Array {
  const between = [0, 1 / 3, 2 / 3, 1].flatMap((t) => [from.x + t * (to.x - from.x), from.y + t * (to.y - from.y)])
  return Float32Array.from(between)
}

/** The part of one cubic between t0 and t1. */
function cut(cubic: Float32Array, t0: number, t1: number): number[] {
  const [, after] = halves([...cubic], t0)
  return t0 >= 1 ? after : halves(after, (t1 - t0) / (1 - t0))[0]
}

function halves(cubic: readonly number[], t: number): [before: number[], after: number[]] {
  let row = Array.from({ length: 4 }, (_, i) => [cubic[2 * i]!, cubic[2 * i + 1]!])
  const [before, after] = [[row[0]!], [row[3]!]]
  while (row.length > 1) {
    row = row.slice(1).map(([x, y], i) => [row[i]![0]! * (1 - t) + x! * t, row[i]![1]! * (1 - t) + y! * t])
    before.push(row[0]!)
    after.unshift(row.at(-1)!)
  }
  return [before.flat(), after.flat()]
}

function within(points: Float32Array, at: number): [segment: number, t: number] {
  const segment = Math.min(segmentsOf(points) - 1, Math.max(0, Math.floor(at)))
  return [segment, Math.min(1, Math.max(0, at - segment))]
}

/** No cubic is longer than the way along its control points. */
function hullLength(points: Float32Array, segment: number): number {
  const corner = (i: number): Point => ({ x: points[6 * segment + 2 * i]!, y: points[6 * segment + 2 * i + 1]! })
  return [0, 1, 2].reduce((sum, i) => sum + distance(corner(i), corner(i + 1)), 0)
}
