import type { Tensor } from '../tensor.ts'
import { CANVAS } from '../units.ts'
import { openSource } from './source.ts'
import { fit } from './photo.ts'

/** How much of a subject's longer side stays free around it. */
const MARGIN = 0.15

/**
 * The part of a photo around what a mask, [CANVAS, CANVAS] 0..1, is more than a half of, upright, as a PNG; all of it where
 * that is nothing. Throws like `openPhoto`.
 */
export async function photoAround(file: string | Uint8Array, mask: Tensor): Promise<Uint8Array> {
  const { picture, width, height } = await openSource(file, 'a photo to draw')
  const frame = fit(width, height)
  const scale = width / frame.width
  const [left, right] = reach(mask, (i) => i % CANVAS)
  const [top, bottom] = reach(mask, (i) => Math.floor(i / CANVAS))
  if (right <= left || bottom <= top) return picture.png().toBuffer()
  const margin = MARGIN * Math.max(right - left, bottom - top)
  const span = (from: number, to: number, begin: number, most: number): [number, number] => {
    const first = Math.max(0, Math.floor((from - margin - begin) * scale))
    return [first, Math.max(1, Math.min(most, Math.ceil((to + margin - begin) * scale)) - first)]
  }
  const [x, across] = span(left, right, frame.x, width)
  const [y, down] = span(top, bottom, frame.y, height)
  return picture.extract({ left: x, top: y, width: across, height: down }).png().toBuffer()
}

/** The first and the end of the places where the mask is. */
function reach({ data }: Tensor, place: (index: number) => number): [number, number] {
  let [first, end] = [CANVAS, 0]
  data.forEach((value, i) => {
    if (value <= 0.5) return
    first = Math.min(first, place(i))
    end = Math.max(end, place(i) + 1)
  })
  return [first, end]
}
