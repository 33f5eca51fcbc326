import { ALIKE, CANVAS, type GreyImage } from '../../main/api.ts'

/** A point of the canvas, in canvas units. */
export interface Point {
  readonly x: number
  readonly y: number
}

/** The mask with all within `radius` of the line from `from` to `to` added to the subject, or removed from it. */
export function brushed(mask: GreyImage, from: Point, to: Point, radius: number, add: boolean): GreyImage {
  const next = mask.slice()
  const { left, right, top, bottom } = reach(from, to, radius)
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      if (distanceTo({ x: x + 0.5, y: y + 0.5 }, from, to) <= radius) next[y * CANVAS + x] = add ? 255 : 0
    }
  }
  return next
}

/** Lines count alike everywhere. */
export const evenly = (): GreyImage => new Uint8Array(CANVAS * CANVAS).fill(ALIKE)

/** Where lines count more or less, a step further up or down where a brush went: what counted less counts alike, and so on. */
export function weighed(before: GreyImage, touched: GreyImage, more: boolean): GreyImage {
  const further = (weight: number): number => {
    if (more) return weight < ALIKE ? ALIKE : 255
    return weight > ALIKE ? ALIKE : 0
  }
  return before.map((weight, i) => (touched[i] ? further(weight) : weight))
}

export const everything = (): GreyImage => new Uint8Array(CANVAS * CANVAS).fill(255)

/** All that any of several masks holds. */
export function together(masks: readonly GreyImage[]): GreyImage {
  const all = new Uint8Array(CANVAS * CANVAS)
  for (const mask of masks) mask.forEach((value, i) => (all[i] = Math.max(all[i]!, value)))
  return all
}

export const without = (mask: GreyImage, other: GreyImage): GreyImage =>
  mask.map((value, i) => Math.min(value, 255 - other[i]!))

function reach(from: Point, to: Point, radius: number): { left: number; right: number; top: number; bottom: number } {
  const inside = (value: number): number => Math.min(CANVAS, Math.max(0, value))
  return {
    left: inside(Math.floor(Math.min(from.x, to.x) - radius)),
    right: inside(Math.ceil(Math.max(from.x, to.x) + radius)),
    top: inside(Math.floor(Math.min(from.y, to.y) - radius)),
    bottom: inside(Math.ceil(Math.max(from.y, to.y) + radius)),
  }
}

/** From a point to a line between two others. */
export function distanceTo({ x, y }: Point, from: Point, to: Point): number {
  const dx = to.x - from.x
  const dy = to.y - from.y
  const length = dx * dx + dy * dy
  const along = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - from.x) * dx + (y - from.y) * dy) / length))
  return Math.hypot(x - from.x - along * dx, y - from.y - along * dy)
}
