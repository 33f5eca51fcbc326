import type { Tensor } from '../tensor.ts'
import { CANVAS } from '../units.ts'
import { type Frame, photoPixels } from './photo.ts'
import { damaged } from './refusals.ts'
import { sharp } from './sharp.ts'
import { openSource } from './source.ts'

/** On the longer side, in pixels: enough for a large screen. */
const LONGEST = 1600

/**
 * A photo as a JPEG for a window: upright, in sRGB, on white, at most 1600 pixels long, in the shape of `Photo.frame`.
 * Throws like `openPhoto`.
 */
export async function previewPhoto(file: string | Uint8Array, longest = LONGEST): Promise<Uint8Array> {
  const { asked, picture } = await openSource(file, 'a photo to draw')
  return picture
    .flatten({ background: 'white' })
    .resize(longest, longest, { fit: 'inside', withoutEnlargement: true })
    .toColourspace('srgb')
    .jpeg({ quality: 88 })
    .toBuffer()
    .catch((cause: unknown) => {
      throw damaged(asked, cause)
    })
}

/** A mask on the canvas, [CANVAS, CANVAS] 0..1, as a PNG in the shape of the photo: `readMask` reads it back. */
export async function maskPicture(mask: Tensor, frame: Frame): Promise<Uint8Array> {
  const { left, top, right, bottom } = photoPixels(frame)
  const grey = Uint8Array.from(mask.data, (value) => Math.round(255 * value))
  return sharp(grey, { raw: { width: CANVAS, height: CANVAS, channels: 1 } })
    .extract({ left, top, width: right - left, height: bottom - top })
    .png()
    .toBuffer()
}
