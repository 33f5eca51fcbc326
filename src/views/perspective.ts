import { CANVAS } from '../units.ts'
import type { Point, View } from './view.ts'

/** Pixels along a side of a canvas with a border of nothing around it, so that a place half outside needs no case of its own. */
export function paddedSide(canvas: number): number {
  return canvas + 2
}

/** Where each pixel of a view's square comes from: four neighbours in the padded canvas, and how much of each. */
export interface Taps {
  /** Pixels along a side of the padded canvas. */
  readonly padded: number
  /** [side·side] The upper left one of the four, as a pixel of the padded canvas. */
  readonly first: Uint32Array
  /** [side·side·4] Shares of it, of its right neighbour, and of the two below. */
  readonly shares: Float32Array
}

/**
 * The perspective of a view, bilinear and black outside, at the pixels of its square. A pixel that lies partly outside
 * is darkened once as a mean with black, and once more as a picture laid over black: so torchvision does it.
 */
export function perspectiveTaps({ corners, left, top, side, canvas = CANVAS }: View): Taps {
  const padded = paddedSide(canvas)
  const first = new Uint32Array(side * side)
  const shares = new Float32Array(4 * side * side)
  const [a, b, c, d, e, f, g, h] = projection(corners, canvas)
  for (let i = 0; i < first.length; i++) {
    const x = left + (i % side) + 0.5
    const y = top + Math.floor(i / side) + 0.5
    const depth = g * x + h * y + 1
    // in the padded canvas, counted from the centre of its first pixel
    const u = (a * x + b * y + c) / depth + 0.5
    const v = (d * x + e * y + f) / depth + 0.5
    if (!(u >= 0 && v >= 0 && u < padded - 1 && v < padded - 1)) continue
    const [column, row] = [Math.floor(u), Math.floor(v)]
    const inside = insideShare(u, padded) * insideShare(v, padded)
    const [right, below] = [u - column, v - row]
    first[i] = row * padded + column
    shares[4 * i] = inside * (1 - right) * (1 - below)
    shares[4 * i + 1] = inside * right * (1 - below)
    shares[4 * i + 2] = inside * (1 - right) * below
    shares[4 * i + 3] = inside * right * below
  }
  return { padded, first, shares }
}

/** How much of the pair of pixels around a place is canvas and not border. */
function insideShare(place: number, padded: number): number {
  return Math.min(1, place, padded - 1 - place)
}

type Projection = [number, number, number, number, number, number, number, number]

/** From a place in the view to one on the canvas: ((ax + by + c), (dx + ey + f)) / (gx + hy + 1). */
function projection(corners: View['corners'], canvas: number): Projection {
  const last = canvas - 1
  const from: Point[] = [
    [0, 0],
    [last, 0],
    [last, last],
    [0, last],
  ]
  const rows = corners.flatMap(([x, y], i) => {
    const [u, v] = from[i]!
    return [
      [x, y, 1, 0, 0, 0, -u * x, -u * y, u],
      [0, 0, 0, x, y, 1, -v * x, -v * y, v],
    ]
  })
  return solved(rows) as Projection
}

/** Gaussian elimination; each row holds the coefficients of one equation and its right side. */
function solved(rows: number[][]): number[] {
  const size = rows.length
  for (let k = 0; k < size; k++) {
    const pivot = rows.reduce((best, row, i) => (i >= k && Math.abs(row[k]!) > Math.abs(rows[best]![k]!) ? i : best), k)
    ;[rows[k], rows[pivot]] = [rows[pivot]!, rows[k]!]
    for (let i = 0; i < size; i++) {
      if (i === k) continue
      const factor = rows[i]![k]! / rows[k]![k]!
      rows[i] = rows[i]!.map((value, j) => value - factor * rows[k]![j]!)
    }
  }
  return rows.map((row, i) => row[size]! / row[i]!)
}
