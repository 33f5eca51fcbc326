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
  const [across, down] = [evenly(width, longest), evenly(height, longest)]
  for (const top of down.starts) {
    for (const left of across.starts) {
      const [columns, rows] = [across.length, down.length]
      const became = await apply(partOf(photo, { left, top, columns, rows }, margin, most), left, top)
      for (let row = 0; row < rows; row++) {
        const shares = rowAt?.(top + row)
        for (let column = 0; column < columns; column++) {
          const share = strength * (shares?.[left + column] ?? 1)
          if (share === 0) continue
          const from = row * columns + column
          const to = ((top + row) * width + left + column) * channels
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

/**
 * Where parts of at most `longest` begin that cover `whole`. They are all of one length, so that what is made ready for one
 * does for all: the last may lie a little over the one before.
 */
function evenly(whole: number, longest: number): { starts: number[]; length: number } {
  const count = Math.ceil(whole / longest)
  const length = Math.ceil(whole / count)
  return { starts: Array.from({ length: count }, (_, i) => Math.min(i * length, whole - length)), length }
}

/** Part of a photo with its margin as planes [3, h, w] of 0..1; around the photo its border goes on. */
function partOf(
  { data, width, height, channels }: Samples,
  { left, top, ...inner }: { left: number; top: number; columns: number; rows: number },
  margin: number,
  most: number,
): Tensor {
  const [columns, rows] = [inner.columns + 2 * margin, inner.rows + 2 * margin]
  const part = tensor([3, rows, columns])
  const within = (at: number, length: number): number => Math.min(length - 1, Math.max(0, at))
  for (let row = 0, to = 0; row < rows; row++) {
    const line = within(top - margin + row, height) * width
    for (let column = 0; column < columns; column++, to++) {
      const from = (line + within(left - margin + column, width)) * channels
      for (let c = 0; c < 3; c++) part.data[c * rows * columns + to] = data[from + c]! / most
    }
  }
  return part
}
