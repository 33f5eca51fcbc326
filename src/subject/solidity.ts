import type { Tensor } from '../tensor.ts'
import { CANVAS } from '../units.ts'
import { blur } from './filters.ts'
import { mark, regionsOf } from './grid.ts'

/** Sigma in units: what is thinner or smaller is none of a shape. */
const FINE = 2
/** Nor is what is smaller than this share of the largest piece. */
const CRUMB = 0.03

/**
 * How much of its convex hull a subject fills, 0..1, by its mask [CANVAS, CANVAS]: 1 for what is compact, like a pear, less
 * for what has limbs, a neck or spokes. 1 where there is no subject.
 */
export function solidityOf({ data }: Tensor): number {
  const inside = mark(blur(data, CANVAS, FINE), (value) => value > 0.5)
  const pieces = regionsOf(inside, { width: CANVAS, height: CANVAS }).map(({ pixels }) => pixels)
  const largest = pieces.reduce((most, { length }) => Math.max(most, length), 0)
  const pixels = pieces.filter(({ length }) => length >= CRUMB * largest).flat()
  return pixels.length === 0 ? 1 : Math.min(1, pixels.length / hullArea(pixels))
}

type Point = readonly [x: number, y: number]

/** Area of the convex hull of whole pixels, by Andrew's monotone chain (1979); of a row only both ends have a say in it. */
function hullArea(pixels: readonly number[]): number {
  const [left, right] = [new Int32Array(CANVAS).fill(CANVAS), new Int32Array(CANVAS).fill(-1)]
  for (const pixel of pixels) {
    const [x, y] = [pixel % CANVAS, Math.floor(pixel / CANVAS)]
    if (x < left[y]!) left[y] = x
    if (x > right[y]!) right[y] = x
  }
  const corners = Array.from(left.keys()).flatMap((y): Point[] => {
    const [from, to] = [left[y]!, right[y]! + 1]
    return from < to
      ? [
          [from, y],
          [to, y],
          [from, y + 1],
          [to, y + 1],
        ]
      : []
  })
  const sorted = corners.sort(([ax, ay], [bx, by]) => ax - bx || ay - by)
  const hull = [...chainAlong(sorted), ...chainAlong(sorted.toReversed())]
  const twice = hull.reduce((sum, [x, y], i) => {
    const [u, v] = hull[(i + 1) % hull.length]!
    return sum + x * v - u * y
  }, 0)
  return Math.abs(twice) / 2
}

/** One side of the hull of sorted points. */
function chainAlong(points: readonly Point[]): Point[] {
  const chain: Point[] = []
  for (const point of points) {
    while (chain.length > 1 && !turnsLeft(chain.at(-2)!, chain.at(-1)!, point)) chain.pop()
    chain.push(point)
  }
  return chain
}

function turnsLeft([ax, ay]: Point, [bx, by]: Point, [cx, cy]: Point): boolean {
  return (bx - ax) * (cy - ay) - (by - ay) * (cx - ax) > 0
}
