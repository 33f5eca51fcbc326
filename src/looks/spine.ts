import type { Line } from './mark.ts'

/** A line as places at even distances, from which a look paints. */
export interface Spine {
  readonly x: Float64Array
  readonly y: Float64Array
  /** Which way it runs there, of length 1. */
  readonly dx: Float64Array
  readonly dy: Float64Array
  /** The pen's pressure there. */
  readonly pressure: Float64Array
  /** How far it is along the line. */
  readonly at: Float64Array
  readonly length: number
}

/** Between two places, in canvas units, at least so many and at most so many places. */
const STEP = 2.5
const [FEWEST, MOST] = [6, 400]
/** Places on each cubic from which those at even distances are told. */
const FINE = 32
/** A turn between two places, in radians, that is a corner. */
const CORNER = 0.7
/** A quarter of a circle as a cubic. */
const QUARTER = 0.5523

/** Places along a line, both ends included. `step`: about how far apart, in canvas units. */
export function spineOf({ points, pressure }: Line, step = STEP): Spine {
  const fine = placesOf(points, pressure)
  const along = [0]
  for (let k = 1; k < fine.length; k++) {
    along.push(along[k - 1]! + Math.hypot(fine[k]![0] - fine[k - 1]![0], fine[k]![1] - fine[k - 1]![1]))
  }
  const length = along.at(-1)!
  const count = Math.min(MOST, Math.max(FEWEST, Math.round(length / step))) + 1
  const column = (): Float64Array => new Float64Array(count)
  const [x, y, dx, dy, at, pressed] = [column(), column(), column(), column(), column(), column()] as const
  for (let k = 0, i = 0; k < count; k++) {
    at[k] = (length * k) / (count - 1)
    while (i < fine.length - 2 && along[i + 1]! < at[k]!) i++
    const share = (at[k]! - along[i]!) / (along[i + 1]! - along[i]! || 1)
    const [x0, y0, p0] = fine[i]!
    const [x1, y1, p1] = fine[i + 1]!
    x[k] = x0 + share * (x1 - x0)
    y[k] = y0 + share * (y1 - y0)
    pressed[k] = p0 + share * (p1 - p0)
  }
  for (let k = 0; k < count; k++) {
    const [before, after] = [Math.max(0, k - 1), Math.min(count - 1, k + 1)]
    const [across, down] = [x[after]! - x[before]!, y[after]! - y[before]!]
    const far = Math.hypot(across, down)
    // A dot runs to the right.
    dx[k] = far > 0 ? across / far : 1
    dy[k] = far > 0 ? down / far : 0
  }
  return { x, y, dx, dy, at, pressure: pressed, length }
}

/** x, y and pressure, close to each other. */
function placesOf(points: Line['points'], pressure: Line['pressure']): [number, number, number][] {
  const cubics = (points.length / 2 - 1) / 3
  const places: [number, number, number][] = []
  for (let s = 0; s < cubics; s++) {
    for (let k = s === 0 ? 0 : 1; k <= FINE; k++) {
      const t = k / FINE
      const u = 1 - t
      const weights = [u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t] as const
      const mix = (value: (i: number) => number): number =>
        weights.reduce((sum, weight, i) => sum + weight * value(3 * s + i), 0)
      places.push([mix((i) => points[2 * i]!), mix((i) => points[2 * i + 1]!), pressure ? mix((i) => pressure[i]!) : 1])
    }
  }
  return places
}

/** The line that lies `offset` to the left of a spine, from one of its places to another. */
export function beside(spine: Spine, offset: (k: number) => number, from = 0, to = spine.x.length - 1): number[] {
  const places: number[] = []
  for (let k = from; k <= to; k++) places.push(...leftOf(spine, k, offset(k)))
  return smooth(places)
}

/**
 * The outlines of a line that is `half` as wide on each side: round at its ends, or cut off. All run the same way around, so that
 * what they surround by the non-zero rule is all that the pen touched.
 */
export function ribbon(spine: Spine, half: (k: number) => number, ends: 'round' | 'flat' = 'round'): number[][] {
  const last = spine.x.length - 1
  const [left, right]: [number[], number[]] = [[], []]
  const corners: number[][] = []
  for (let k = 0; k <= last; k++) {
    left.push(...leftOf(spine, k, half(k)))
    right.unshift(...leftOf(spine, k, -half(k)))
    if (k > 0 && k < last && isCorner(spine, k)) corners.push(disc(spine.x[k]!, spine.y[k]!, half(k)))
  }
  const outline = [...smooth(left), ...end(spine, last, half(last), ends), ...smooth(right).slice(2)]
  return [[...outline, ...end(spine, 0, -half(0), ends)], ...corners]
}

function leftOf({ x, y, dx, dy }: Spine, k: number, offset: number): [number, number] {
  return [x[k]! + dy[k]! * offset, y[k]! - dx[k]! * offset]
}

function isCorner({ x, y }: Spine, k: number): boolean {
  const [ax, ay] = [x[k]! - x[k - 1]!, y[k]! - y[k - 1]!]
  const [bx, by] = [x[k + 1]! - x[k]!, y[k + 1]! - y[k]!]
  return Math.abs(Math.atan2(ax * by - ay * bx, ax * bx + ay * by)) > CORNER
}

/** From the left side of an end (with a negative radius of the beginning) around to the right, without the first point. */
function end({ x, y, dx, dy }: Spine, k: number, radius: number, ends: 'round' | 'flat'): number[] {
  const place = (along: number, left: number): [number, number] => [
    x[k]! + radius * (along * dx[k]! + left * dy[k]!),
    y[k]! + radius * (along * dy[k]! - left * dx[k]!),
  ]
  if (ends === 'flat') return [place(0, 1 / 3), place(0, -1 / 3), place(0, -1)].flat()
  return [
    ...[place(QUARTER, 1), place(1, QUARTER), place(1, 0)],
    ...[place(1, -QUARTER), place(QUARTER, -1), place(0, -1)],
  ].flat()
}

/** A circle that runs the way outlines do. */
function disc(x: number, y: number, radius: number): number[] {
  const k = QUARTER * radius
  return [
    ...[x - radius, y, x - radius, y - k, x - k, y - radius, x, y - radius],
    ...[x + k, y - radius, x + radius, y - k, x + radius, y],
    ...[x + radius, y + k, x + k, y + radius, x, y + radius],
    ...[x - k, y + radius, x - radius, y + k, x - radius, y],
  ]
}

/** Cubics through places (Catmull and Rom 1974). */
function smooth(places: readonly number[]): number[] {
  const last = places.length / 2 - 1
  const at = (k: number, axis: number): number => places[2 * Math.min(last, Math.max(0, k)) + axis]!
  const path = [at(0, 0), at(0, 1)]
  for (let k = 0; k < last; k++) {
    for (const [from, sign] of [[k, 1] as const, [k + 1, -1] as const]) {
      for (const axis of [0, 1]) path.push(at(from, axis) + (sign * (at(from + 1, axis) - at(from - 1, axis))) / 6)
    }
    path.push(at(k + 1, 0), at(k + 1, 1))
  }
  return path
}
