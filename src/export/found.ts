import sharp, { type Sharp } from 'sharp'
import { photoPixels, type Frame } from '../photo/photo.ts'
import type { Tensor } from '../tensor.ts'
import { CANVAS } from '../units.ts'
import { MARK } from './svg.ts'

/** What was found in a photo, and the photo's shape. */
export interface Shown {
  /** The photo's rectangle on the canvas. */
  frame: Frame
  sourceWidth: number
  sourceHeight: number
}

/** A mask on the canvas, [CANVAS, CANVAS] 0..1, as a PNG as large as the photo: white where it is 1, on black. */
export async function maskPng(mask: Tensor, shown: Shown): Promise<Uint8Array> {
  return marked(enlarged(mask, shown)).toBuffer()
}

/** A mask as grey pixels of the photo's own size. */
function enlarged(mask: Tensor, { frame, sourceWidth: width, sourceHeight: height }: Shown): Sharp {
  const { left, top, right, bottom } = photoPixels(frame)
  const grey = Uint8Array.from(mask.data, (value) => Math.round(255 * value))
  return sharp(grey, { raw: { width: CANVAS, height: CANVAS, channels: 1 } })
    .extract({ left, top, width: right - left, height: bottom - top })
    .resize(width, height, { fit: 'fill', kernel: 'cubic' })
}

function marked(picture: Sharp): Sharp {
  return picture.png().withExif({ IFD0: { ImageDescription: MARK } })
}
