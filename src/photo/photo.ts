import { tensor, type Tensor } from '../tensor.ts'
import { CANVAS } from '../units.ts'
import { damaged } from './refusals.ts'
import { openSource } from './source.ts'

export interface Photo {
  /** [3, CANVAS, CANVAS] RGB 0..1 (sRGB), fitted without cropping; transparency and padding are white. */
  image: Tensor
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
 * Reads a photo from a file or from its bytes, upright and in sRGB, and fits it on the canvas.
 * JPEG, PNG, WebP, AVIF, HEIC, TIFF, GIF and BMP are told by their content; of several frames the first is taken.
 * Throws a FewlineError of kind `photo` when there is no whole picture to draw.
 */
export async function openPhoto(file: string | Uint8Array): Promise<Photo> {
  const { name, picture, width, height, warnings } = await openSource(file)
  const { data, info } = await picture
    .flatten({ background: 'white' })
    .resize(CANVAS, CANVAS, { fit: 'contain', background: 'white' })
    .toColourspace('srgb')
    .removeAlpha()
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
    .catch((cause: unknown) => {
      throw damaged(name, cause)
    })
  return {
    image: planes(data, info.channels),
    frame: fit(width, height),
    sourceWidth: width,
    sourceHeight: height,
    warnings,
  }
}

/** A mask or another picture that belongs to a photo: [CANVAS, CANVAS] grey 0..1, fitted as the photo is, black in the padding. */
export async function openGrey(file: string | Uint8Array): Promise<{ grey: Tensor; frame: Frame }> {
  const { name, picture, width, height } = await openSource(file)
  const { data } = await picture
    .flatten({ background: 'black' })
    .resize(CANVAS, CANVAS, { fit: 'contain', background: 'black' })
    .toColourspace('b-w')
    .removeAlpha()
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
    .catch((cause: unknown) => {
      throw damaged(name, cause)
    })
  return {
    grey: tensor(
      [CANVAS, CANVAS],
      Float32Array.from(data, (byte) => byte / 255),
    ),
    frame: fit(width, height),
  }
}

/** Where a picture of this size lies on the canvas: as large as fits, centred. */
export function fit(width: number, height: number): Frame {
  const longest = Math.max(width, height)
  const frame = { width: (width * CANVAS) / longest, height: (height * CANVAS) / longest }
  return { x: (CANVAS - frame.width) / 2, y: (CANVAS - frame.height) / 2, ...frame }
}

/** The pixels of `image` that show the photo; every other one is padding. They cover `frame` to within a pixel. */
export function photoPixels(frame: Frame): PixelBox {
  const width = Math.max(1, Math.round(frame.width))
  const height = Math.max(1, Math.round(frame.height))
  const left = Math.floor((CANVAS - width) / 2)
  const top = Math.floor((CANVAS - height) / 2)
  return { left, top, right: left + width, bottom: top + height }
}

/**
 * The photo with its border continued into the padding, [3, CANVAS, CANVAS]: whoever looks for edges
 * finds none where the photo meets its padding.
 */
export function continued({ image, frame }: Photo): Tensor {
  const { left, top, right, bottom } = photoPixels(frame)
  const output = tensor(image.shape)
  for (let channel = 0; channel < 3; channel++) {
    const plane = channel * CANVAS * CANVAS
    for (let y = 0; y < CANVAS; y++) {
      const row = plane + Math.min(Math.max(y, top), bottom - 1) * CANVAS
      for (let x = 0; x < CANVAS; x++) {
        output.data[plane + y * CANVAS + x] = image.data[row + Math.min(Math.max(x, left), right - 1)]!
      }
    }
  }
  return output
}

/** Interleaved bytes to planes of 0..1; one grey channel serves all three. */
function planes(bytes: Uint8Array, channels: number): Tensor {
  const image = tensor([3, CANVAS, CANVAS])
  const size = CANVAS * CANVAS
  for (let channel = 0; channel < 3; channel++) {
    for (let i = 0; i < size; i++) image.data[channel * size + i] = bytes[i * channels + (channel % channels)]! / 255
  }
  return image
}
