import { nothingFound } from '../drawing/words.ts'
import { find, type FindOptions } from '../find.ts'
import { checkShape, photoPixels, type Frame, type Photo } from '../photo/photo.ts'
import { openShares, type Shares } from '../photo/shares.ts'
import { tensor, type Tensor } from '../tensor.ts'
import { CANVAS } from '../units.ts'

/** How far within a region a change is not yet whole, as a share of its longer side. */
const SOFT = 1 / 200
/** What the words of a region say less surely than this is outside of it, and what more surely than that is within. */
const [OUTSIDE, WITHIN] = [0.2, 0.8]

/** Where a photo may change: nothing does where its shares are 0. Of the photo's shape, and of any size. */
export type Region = Shares

/** A region painted white on black, or opaque on nothing. Throws a FewlineError when it can't be read or has another shape. */
export async function regionOf(file: string | Uint8Array, photo: Photo): Promise<Region> {
  const shares = await openShares(file)
  const { width, height } = shares
  checkShape(photo, width, height, 'a region', typeof file === 'string' ? `"${file}"` : 'it')
  return softened(shares)
}

/** Where things of these names are. Throws a FewlineError when there are none, and as `find` does. */
export async function regionNamed(
  file: string | Uint8Array,
  words: string[],
  options: FindOptions,
): Promise<{ region: Region; notes: string[] }> {
  const { things, misses, mask, frame, notes } = await find(file, words, options)
  if (things.length === 0) throw nothingFound(words, misses)
  const { left, top, right, bottom } = photoPixels(frame)
  const [width, height] = [right - left, bottom - top]
  const sure = (value: number): number => Math.min(1, Math.max(0, (value - OUTSIDE) / (WITHIN - OUTSIDE)))
  const data = Uint8Array.from({ length: width * height }, (_, i) => {
    const [x, y] = [left + (i % width), top + Math.floor(i / width)]
    return Math.round(255 * sure(mask.data[y * CANVAS + x]!))
  })
  return { region: softened({ data, width, height }), notes }
}

/** A region on a canvas of `side` pixels each way, [side, side] 0..1. */
export function onCanvas(region: Region, frame: Frame, side = CANVAS): Tensor {
  const { left, top, right, bottom } = photoPixels(frame, side)
  const output = tensor([side, side])
  const rowAt = rowsOf(region, right - left, bottom - top)
  for (let y = top; y < bottom; y++) output.data.set(rowAt(y - top), y * side + left)
  return output
}

/**
 * The shares 0..1 of each row of a picture of another size, between the centres of the region's pixels; 0 wherever the
 * region's own pixel is. A row is overwritten by the next.
 */
export function rowsOf(
  { data, width, height }: Region,
  toWidth: number,
  toHeight: number,
): (y: number) => Float32Array {
  const taps = (i: number, from: number, to: number) => {
    const centre = ((i + 0.5) * from) / to - 0.5
    const first = Math.min(from - 1, Math.max(0, Math.floor(centre)))
    const second = Math.min(from - 1, Math.max(0, Math.floor(centre) + 1))
    return { first, second, share: centre - Math.floor(centre), own: Math.floor(((i + 0.5) * from) / to) }
  }
  const columns = Array.from({ length: toWidth }, (_, x) => taps(x, width, toWidth))
  const row = new Float32Array(toWidth)
  return (y) => {
    const { first: above, second: below, share: down, own } = taps(y, height, toHeight)
    columns.forEach(({ first, second, share, own: column }, x) => {
      if (data[own * width + column] === 0) {
        row[x] = 0
        return
      }
      const upper = (1 - share) * data[above * width + first]! + share * data[above * width + second]!
      const lower = (1 - share) * data[below * width + first]! + share * data[below * width + second]!
      row[x] = ((1 - down) * upper + down * lower) / 255
    })
    return row
  }
}

/** A region whose change begins at its edge and is whole a little further in; what is outside stays so. */
function softened({ data, width, height }: Region): Region {
  const reach = Math.max(1, Math.round(SOFT * Math.max(width, height)))
  const blurred = blurredAlong(blurredAlong(data, width, height, 1, width, reach), height, width, width, 1, reach)
  return {
    ...{ width, height },
    data: data.map((value, i) => Math.round((value * Math.min(255, Math.max(0, 2 * blurred[i]! - 255))) / 255)),
  }
}

/** The mean of `2 reach + 1` numbers along each of `lines` lines, continued beyond their ends. */
function blurredAlong(
  data: Uint8Array,
  length: number,
  lines: number,
  step: number,
  lineStep: number,
  reach: number,
): Uint8Array {
  const output = new Uint8Array(data.length)
  for (let line = 0; line < lines; line++) {
    const at = (i: number): number => data[line * lineStep + Math.min(length - 1, Math.max(0, i)) * step]!
    let sum = 0
    for (let i = -reach; i <= reach; i++) sum += at(i)
    for (let i = 0; i < length; i++) {
      output[line * lineStep + i * step] = Math.round(sum / (2 * reach + 1))
      sum += at(i + reach + 1) - at(i - reach)
    }
  }
  return output
}
