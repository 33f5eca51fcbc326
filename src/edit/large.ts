import type { Groups } from '../optimiser/groups.ts'
import type { Samples } from '../photo/profile.ts'
import { tensor, type Tensor } from '../tensor.ts'
import { rowsOf, type Region } from './region.ts'
import type { Transform } from './transform.ts'

/**
 * A photo as a transform changes it, part by part at its full size, in its own depth, mixed with how it was: `strength` 0..1
 * of the change, and only as much as the region lets it. Where that is nothing, the samples stay as they are.
 */
export async function changedPhoto(
  photo: Samples,
  transform: Transform,
  parameters: Groups,
  { strength = 1, region }: { strength?: number; region?: Region } = {},
): Promise<Samples> {
  const data = photo.data.slice()
  if (strength === 0) return { ...photo, data }
  const { width, height, channels } = photo
  const most = data instanceof Uint16Array ? 65535 : 255
  const rowAt = region && rowsOf(region, width, height)
  const { longest, margin, apply } = transform.parts(parameters, width, height)
  const inner = longest - 2 * margin
  for (let top = 0; top < height; top += inner) {
    for (let left = 0; left < width; left += inner) {
      const [right, bottom] = [Math.min(width, left + inner), Math.min(height, top + inner)]
      const [x, y] = [Math.max(0, left - margin), Math.max(0, top - margin)]
      const around = { x, y, right: Math.min(width, right + margin), bottom: Math.min(height, bottom + margin) }
      const part = partOf(photo, around, most)
      const became = await apply(part, x, y)
      const [, rows, columns] = part.shape as [number, number, number]
      for (let row = top; row < bottom; row++) {
        const shares = rowAt?.(row)
        for (let column = left; column < right; column++) {
          const share = strength * (shares?.[column] ?? 1)
          if (share === 0) continue
          const from = (row - y) * columns + column - x
          const to = (row * width + column) * channels
          for (let c = 0; c < 3; c++) {
            const was = photo.data[to + c]!
            data[to + c] = Math.round(was + share * (most * became.data[c * rows * columns + from]! - was))
          }
        }
      }
    }
  }
  return { ...photo, data }
}

/** Part of a photo as planes [3, h, w] of 0..1. */
function partOf(
  { data, width, channels }: Samples,
  { x, y, right, bottom }: { x: number; y: number; right: number; bottom: number },
  most: number,
): Tensor {
  const [columns, rows] = [right - x, bottom - y]
  const part = tensor([3, rows, columns])
  for (let row = 0, to = 0; row < rows; row++) {
    for (
      let column = 0, from = ((y + row) * width + x) * channels;
      column < columns;
      column++, from += channels, to++
    ) {
      for (let c = 0; c < 3; c++) part.data[c * rows * columns + to] = data[from + c]! / most
    }
  }
  return part
}
