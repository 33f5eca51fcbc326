import type { Picture } from '../photo/picture.ts'
import { fit } from '../photo/photo.ts'
import { tensor, type Tensor } from '../tensor.ts'
import { CANVAS } from '../units.ts'
import { planesOf, resampled } from './resample.ts'

/** A picture on a white square as it lies on the canvas, [1, 3, size, size] 0..1: nothing is cut off, nothing bent. */
export function onSquare(picture: Picture, size: number): Tensor {
  const frame = fit(picture.width, picture.height)
  const scale = size / CANVAS
  const width = Math.max(1, Math.round(frame.width * scale))
  const height = Math.max(1, Math.round(frame.height * scale))
  const [left, top] = [Math.floor((size - width) / 2), Math.floor((size - height) / 2)]
  const planes = planesOf(resampled(picture, width, height, 'bicubic'))
  const square = tensor([1, 3, size, size], new Float32Array(3 * size * size).fill(1))
  for (let c = 0; c < 3; c++) {
    for (let y = 0; y < height; y++) {
      const row = planes.subarray((c * height + y) * width, (c * height + y + 1) * width)
      square.data.set(row, (c * size + top + y) * size + left)
    }
  }
  return square
}
