import type { Photo } from '../../src/photo/photo.ts'
import type { Sight } from '../../src/subject/eye.ts'
import { tensor, type Tensor } from '../../src/tensor.ts'
import { CANVAS } from '../../src/units.ts'

/** A square photo painted by a function of canvas units that gives grey 0..1. */
export function greyPhoto(paint: (x: number, y: number) => number): Photo {
  const image = tensor([3, CANVAS, CANVAS])
  const pixels = CANVAS * CANVAS
  for (let i = 0; i < pixels; i++) {
    const grey = paint((i % CANVAS) + 0.5, Math.floor(i / CANVAS) + 0.5)
    for (let channel = 0; channel < 3; channel++) image.data[channel * pixels + i] = grey
  }
  const frame = { x: 0, y: 0, width: CANVAS, height: CANVAS }
  return { image, frame, sourceWidth: CANVAS, sourceHeight: CANVAS, warnings: [] }
}

/** A mask that is 1 everywhere. */
export function everything(): Tensor {
  return tensor([CANVAS, CANVAS], new Float32Array(CANVAS * CANVAS).fill(1))
}

/** A dark disc on white, its edge two units soft. */
export const disc =
  (cx: number, cy: number, radius: number) =>
  (x: number, y: number): number =>
    Math.min(1, Math.max(0, (Math.hypot(x - cx, y - cy) - radius) / 2 + 0.5))

/** What an eye sees that sees no lines, and everything as one figure. */
export const blind: Sight = { lines: new Float32Array(CANVAS * CANVAS), figure: everything().data }
