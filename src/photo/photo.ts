import { FewlineError } from '../errors.ts'
import { tensor, type Tensor } from '../tensor.ts'
import { CANVAS } from '../units.ts'
import { type Asked, damaged } from './refusals.ts'
import type { Sharp } from './sharp.ts'
import { openSource } from './source.ts'

/** Pixels each way of the canvas on which details of a photo are looked at. */
export const DETAIL = 1.5 * CANVAS

export interface Photo {
  /** [3, side, side] RGB 0..1 (sRGB), fitted without cropping; transparency and padding are white. */
  image: Tensor
  /**
   * The same, finer, [3, DETAIL, DETAIL], of photos that are that large and opened for the canvas: what thin lines are
   * looked for in.
   */
  detail?: Tensor
  /** The photo's own rectangle on the canvas in canvas units, in the aspect ratio of the file. */
  frame: Frame
  /** Upright pixels of the file. */
  sourceWidth: number
  sourceHeight: number
  /** What its owner should know about how it was read, in plain sentences. */
  warnings: string[]
}

/** A rectangle on the canvas, in canvas units. */
export interface Frame {
  x: number
  y: number
  width: number
  height: number
}

/** Whole pixels of the canvas: `left` and `top` included, `right` and `bottom` not. */
export interface PixelBox {
  left: number
  top: number
  right: number
  bottom: number
}

/**
 * Reads a photo from a file or from its bytes, upright and in sRGB, and fits it on the canvas, of `side` pixels each way.
 * JPEG, PNG, WebP, AVIF, HEIC, TIFF, GIF and BMP are told by their content; of several frames the first is taken, of the
 * pages of a TIFF the largest, of HEIC and AVIF the primary picture. What is too large is refused by its header.
 * Throws a FewlineError of kind `photo` when there is no whole picture to draw.
 */
export async function openPhoto(file: string | Uint8Array, side = CANVAS): Promise<Photo> {
  const { asked, picture, width, height, warnings } = await openSource(file, 'a photo to draw')
  const fitted = async (pixels: number): Promise<Tensor> =>
    planes(await render(picture.clone().flatten({ background: 'white' }), 'white', asked, pixels), pixels)
  return {
    image: await fitted(side),
    ...(side === CANVAS && Math.max(width, height) >= DETAIL && { detail: await fitted(DETAIL) }),
    frame: fit(width, height),
    sourceWidth: width,
    sourceHeight: height,
    warnings,
  }
}

/**
 * Reads a picture as a mask, [CANVAS, CANVAS] 0..1, fitted like a photo: how opaque it is where it has transparency,
 * else how bright it is. Padding is 0. Throws like `openPhoto`.
 */
export async function openMask(file: string | Uint8Array): Promise<{ mask: Tensor; width: number; height: number }> {
  const { asked, picture, width, height } = await openSource(file, 'a mask')
  const rgba = await render(picture.ensureAlpha(), 'transparent', asked)
  const opaque = insideEvery(photoPixels(fit(width, height)), (pixel) => rgba[4 * pixel + 3] === 255)
  const mask = tensor([CANVAS, CANVAS])
  for (let i = 0; i < mask.data.length; i++) {
    const brightness = 0.299 * rgba[4 * i]! + 0.587 * rgba[4 * i + 1]! + 0.114 * rgba[4 * i + 2]!
    const alpha = rgba[4 * i + 3]!
    mask.data[i] = (opaque ? Math.min(brightness, alpha) : alpha) / 255
  }
  return { mask, width, height }
}

/** The picture fitted on the canvas as interleaved bytes of sRGB, with alpha where the picture has it. */
async function render(picture: Sharp, background: string, asked: Asked, side = CANVAS): Promise<Uint8Array> {
  return picture
    .resize(side, side, { fit: 'contain', background })
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer()
    .catch((cause: unknown) => {
      throw damaged(asked, cause)
    })
}

/** Where a picture of this size lies on the canvas: as large as fits, centred. */
export function fit(width: number, height: number): Frame {
  const longest = Math.max(width, height)
  const frame = { width: (width * CANVAS) / longest, height: (height * CANVAS) / longest }
  return { x: (CANVAS - frame.width) / 2, y: (CANVAS - frame.height) / 2, ...frame }
}

/** How many canvas units the rectangle of a picture may miss the photo's by, that is to lie on it. */
const SAME_SHAPE = 1.5

/**
 * Throws a FewlineError of kind `photo` for a picture of that size, such as a mask, that has another shape than the photo;
 * `what` it is, and what it is called.
 */
export function checkShape(photo: Photo, width: number, height: number, what: string, name: string): void {
  const frame = fit(width, height)
  if (Math.hypot(frame.width - photo.frame.width, frame.height - photo.frame.height) <= SAME_SHAPE) return
  throw new FewlineError({
    kind: 'photo',
    expected: `${what} in the shape of the photo (${photo.sourceWidth} × ${photo.sourceHeight})`,
    came: `${name} is ${width} × ${height}`,
    todo: 'crop it like the photo',
  })
}

/** The pixels of `image`, of this side, that show the photo; every other one is padding. They cover `frame` to within a pixel. */
export function photoPixels(frame: Frame, side = CANVAS): PixelBox {
  const width = Math.max(1, Math.round((frame.width * side) / CANVAS))
  const height = Math.max(1, Math.round((frame.height * side) / CANVAS))
  const left = Math.floor((side - width) / 2)
  const top = Math.floor((side - height) / 2)
  return { left, top, right: left + width, bottom: top + height }
}

/**
 * A photo's image or mask, [(c,) side, side], with its border continued into the padding: whoever looks for edges
 * finds none where the photo meets its padding.
 */
export function continued({ data, shape }: Tensor, frame: Frame): Tensor {
  const side = shape.at(-1)!
  const { left, top, right, bottom } = photoPixels(frame, side)
  const output = tensor(shape)
  for (let plane = 0; plane < data.length; plane += side * side) {
    for (let y = 0; y < side; y++) {
      const row = plane + Math.min(Math.max(y, top), bottom - 1) * side
      const to = output.data.subarray(plane + y * side, plane + (y + 1) * side)
      to.fill(data[row + left]!, 0, left)
      to.set(data.subarray(row + left, row + right), left)
      to.fill(data[row + right - 1]!, right)
    }
  }
  return output
}

/** Interleaved RGB bytes to planes of 0..1. */
function planes(bytes: Uint8Array, side: number): Tensor {
  const image = tensor([3, side, side])
  const size = side * side
  for (let channel = 0; channel < 3; channel++) {
    for (let i = 0; i < size; i++) image.data[channel * size + i] = bytes[3 * i + channel]! / 255
  }
  return image
}

function insideEvery({ left, top, right, bottom }: PixelBox, holds: (pixel: number) => boolean): boolean {
  for (let y = top; y < bottom; y++) for (let x = left; x < right; x++) if (!holds(y * CANVAS + x)) return false
  return true
}
