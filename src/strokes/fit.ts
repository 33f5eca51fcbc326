import { hypotenuse } from '../hypotenuse.ts'

/** One cubic Bézier: x y of four control points. */
export type Cubic = [number, number, number, number, number, number, number, number]

export interface Fit {
  cubic: Cubic
  /** Squared distance of each of the given points to the curve at its parameter. */
  squared: Float64Array
}

/**
 * The cubic from the first to the last point that lies nearest to all in least squares; parameters begin at the length
 * along the points and are then improved by Newton steps (Schneider 1990, "An algorithm for automatically fitting
 * digitized curves", with both inner control points free). More `rounds` of that fit strongly bent curves better.
 */
export function fitCubic(x: ArrayLike<number>, y: ArrayLike<number>, rounds = 30): Fit {
  const n = x.length
  const t = chordLengths(x, y)
  let cubic = leastSquares(x, y, t)
  for (let round = 0; round < rounds; round++) {
    for (let i = 1; i < n - 1; i++) t[i] = nearer(cubic, x[i]!, y[i]!, t[i]!)
    cubic = leastSquares(x, y, t)
  }
  const squared = new Float64Array(n)
  for (let i = 0; i < n; i++) {
    const [ex, ey] = [coordinateAt(cubic, 0, t[i]!) - x[i]!, coordinateAt(cubic, 1, t[i]!) - y[i]!]
    squared[i] = ex ** 2 + ey ** 2
  }
  return { cubic, squared }
}

export function pointAt(c: Cubic, t: number): [number, number] {
  return [coordinateAt(c, 0, t), coordinateAt(c, 1, t)]
}

/** x (axis 0) or y (1) alone: fits ask for millions, and a pair would be made for each. */
function coordinateAt(c: Cubic, axis: 0 | 1, t: number): number {
  const u = 1 - t
  return u * u * u * c[axis] + 3 * u * u * t * c[axis + 2]! + 3 * u * t * t * c[axis + 4]! + t * t * t * c[axis + 6]!
}

/** The cubic that is the part from..to (parameters 0..1) of another, by its blossom. */
export function partOf(c: Cubic, from: number, to: number): Cubic {
  const mix = (a: number, b: number, at: number): number => a + at * (b - a)
  const blossom = (axis: 0 | 1, r: number, s: number, t: number): number => {
    const q0 = mix(c[axis], c[axis + 2]!, r)
    const q1 = mix(c[axis + 2]!, c[axis + 4]!, r)
    const q2 = mix(c[axis + 4]!, c[axis + 6]!, r)
    return mix(mix(q0, q1, s), mix(q1, q2, s), t)
  }
  const at = (r: number, s: number, t: number): readonly [number, number] => [blossom(0, r, s, t), blossom(1, r, s, t)]
  const [p0, p1, p2, p3] = [at(from, from, from), at(from, from, to), at(from, to, to), at(to, to, to)]
  return [p0[0], p0[1], p1[0], p1[1], p2[0], p2[1], p3[0], p3[1]]
}

function chordLengths(x: ArrayLike<number>, y: ArrayLike<number>): Float64Array {
  const t = new Float64Array(x.length)
  for (let i = 1; i < x.length; i++) t[i] = t[i - 1]! + hypotenuse(x[i]! - x[i - 1]!, y[i]! - y[i - 1]!)
  const length = t[x.length - 1]! || 1
  for (let i = 0; i < x.length; i++) t[i]! /= length
  return t
}

/** With the ends given, the two inner control points solve a 2×2 system. */
function leastSquares(x: ArrayLike<number>, y: ArrayLike<number>, t: Float64Array): Cubic {
  const n = x.length
  const [x0, y0, x3, y3] = [x[0]!, y[0]!, x[n - 1]!, y[n - 1]!]
  // a little weight on an even, straight control polygon settles what few points leave open
  const rest = 1e-5 * n
  let [bb, bd, dd, bx, by, dx, dy] = [rest, 0, rest, 0, 0, 0, 0]
  bx += rest * (x0 + (x3 - x0) / 3)
  by += rest * (y0 + (y3 - y0) / 3)
  dx += rest * (x0 + (2 * (x3 - x0)) / 3)
  dy += rest * (y0 + (2 * (y3 - y0)) / 3)
  for (let i = 1; i < n - 1; i++) {
    const s = t[i]!
    const u = 1 - s
    const b = 3 * u * u * s
    const d = 3 * u * s * s
    const rx = x[i]! - u * u * u * x0 - s * s * s * x3
    const ry = y[i]! - u * u * u * y0 - s * s * s * y3
    bb += b * b
    bd += b * d
    dd += d * d
    bx += b * rx
    by += b * ry
    dx += d * rx
    dy += d * ry
  }
  const det = bb * dd - bd * bd
  return [
    x0,
    y0,
    (bx * dd - dx * bd) / det,
    (by * dd - dy * bd) / det,
    (dx * bb - bx * bd) / det,
    (dy * bb - by * bd) / det,
    x3,
    y3,
  ]
}

/** One Newton step of the parameter towards the place on the curve nearest to (x, y). */
function nearer(c: Cubic, x: number, y: number, t: number): number {
  const u = 1 - t
  const vx = 3 * (u * u * (c[2] - c[0]) + 2 * u * t * (c[4] - c[2]) + t * t * (c[6] - c[4]))
  const vy = 3 * (u * u * (c[3] - c[1]) + 2 * u * t * (c[5] - c[3]) + t * t * (c[7] - c[5]))
  const ax = 6 * (u * (c[4] - 2 * c[2] + c[0]) + t * (c[6] - 2 * c[4] + c[2]))
  const ay = 6 * (u * (c[5] - 2 * c[3] + c[1]) + t * (c[7] - 2 * c[5] + c[3]))
  const ex = coordinateAt(c, 0, t) - x
  const ey = coordinateAt(c, 1, t) - y
  const slope = vx * vx + vy * vy + ex * ax + ey * ay
  if (Math.abs(slope) < 1e-12) return t
  return Math.min(1, Math.max(0, t - (ex * vx + ey * vy) / slope))
}
