import type { Picture } from '../photo/picture.ts'
import { tensor, type Tensor } from '../tensor.ts'
import { planesOf } from './resample.ts'

/**
 * A picture in the upper left corner of a black square, brought to [1, 3, size, size] 0..1 as scikit-image's `resize` does,
 * which OWLv2 was prepared with: smoothed by a Gaussian where it gets smaller, then interpolated linearly.
 */
export function smoothSquare(picture: Picture, size: number, fill = 0): Tensor {
  const { width, height } = picture
  const side = Math.max(width, height)
  const planes = planesOf(picture)
  const square = tensor([1, 3, size, size])
  const sigma = Math.max(0, (side / size - 1) / 2)
  const kernel = gaussian(sigma)
  for (let c = 0; c < 3; c++) {
    const padded = new Float32Array(side * side).fill(fill)
    for (let y = 0; y < height; y++) {
      padded.set(planes.subarray((c * height + y) * width, (c * height + y + 1) * width), y * side)
    }
    const smoothed = sigma > 0 ? alongRows(alongRows(padded, side, kernel), side, kernel) : padded
    square.data.set(interpolated(interpolated(smoothed, side, side, size), size, side, size), c * size * size)
  }
  return { ...square, data: square.data.map((value) => Math.min(1, Math.max(0, value))) }
}

/** Weights up to four sigmas to either side. */
function gaussian(sigma: number): Float64Array {
  const radius = Math.floor(4 * sigma + 0.5)
  const raw = Float64Array.from({ length: 2 * radius + 1 }, (_, i) => Math.exp(-((i - radius) ** 2) / (2 * sigma ** 2)))
  const total = raw.reduce((a, b) => a + b, 0)
  return raw.map((value) => value / total)
}

/** Filters each row and transposes. Beyond the border lies the mirror image of what lies before it. */
function alongRows(plane: Float32Array, side: number, kernel: Float64Array): Float32Array {
  const radius = (kernel.length - 1) / 2
  const result = new Float32Array(plane.length)
  const row = new Float32Array(side + 2 * radius)
  for (let y = 0; y < side; y++) {
    for (let x = -radius; x < side + radius; x++) row[x + radius] = plane[y * side + mirrored(x, side)]!
    for (let x = 0; x < side; x++) {
      let sum = 0
      for (let k = 0; k < kernel.length; k++) sum += kernel[k]! * row[x + k]!
      result[x * side + y] = sum
    }
  }
  return result
}

/** Rows of `from` numbers each brought to `to`, transposed: [rows × from] → [to × rows]. */
function interpolated(plane: Float32Array, rows: number, from: number, to: number): Float32Array {
  const result = new Float32Array(rows * to)
  for (let i = 0; i < to; i++) {
    const at = ((i + 0.5) * from) / to - 0.5
    const first = Math.floor(at)
    const share = at - first
    const [a, b] = [mirrored(first, from), mirrored(first + 1, from)]
    for (let y = 0; y < rows; y++) {
      result[i * rows + y] = (1 - share) * plane[y * from + a]! + share * plane[y * from + b]!
    }
  }
  return result
}

/** The border itself is not repeated. */
function mirrored(x: number, side: number): number {
  if (side === 1) return 0
  const period = 2 * (side - 1)
  const at = ((x % period) + period) % period
  return at < side ? at : period - at
}
