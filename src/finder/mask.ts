import { type Photo, photoPixels } from '../photo/photo.ts'
import type { Grid } from '../subject/grid.ts'
import { tensor, type Tensor } from '../tensor.ts'
import { CANVAS } from '../units.ts'
import type { Box } from './finder.ts'

/** Above this a pixel belongs to a thing. */
export const INSIDE = 0.5

/** The smallest box, in upright pixels of the file, around what is inside a mask on the canvas; undefined when nothing is. */
export function boxOf({ data }: Tensor, photo: Photo): Box | undefined {
  const { left, top, right, bottom } = photoPixels(photo.frame)
  let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity]
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      if (data[y * CANVAS + x]! <= INSIDE) continue
      x0 = Math.min(x0, x)
      y0 = Math.min(y0, y)
      x1 = Math.max(x1, x + 1)
      y1 = Math.max(y1, y + 1)
    }
  }
  if (x1 < x0) return undefined
  const across = photo.sourceWidth / (right - left)
  const down = photo.sourceHeight / (bottom - top)
  return { x: (x0 - left) * across, y: (y0 - top) * down, width: (x1 - x0) * across, height: (y1 - y0) * down }
}

/** A box in pixels of the file, in those of the photo's own part of the canvas. */
export function onGrid({ x, y, width, height }: Box, photo: Photo, grid: Grid): Box {
  const across = grid.width / photo.sourceWidth
  const down = grid.height / photo.sourceHeight
  return { x: x * across, y: y * down, width: width * across, height: height * down }
}

/** The highest of several masks at each pixel: all that any of them holds. */
export function union(masks: readonly Tensor[]): Tensor {
  const all = tensor([CANVAS, CANVAS])
  for (const { data } of masks) data.forEach((value, i) => (all.data[i] = Math.max(all.data[i]!, value)))
  return all
}
