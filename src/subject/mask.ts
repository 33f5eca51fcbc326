import { FewlineError } from '../errors.ts'
import { fit, openMask, type Photo, photoPixels } from '../photo/photo.ts'
import type { Tensor } from '../tensor.ts'
import { fitBackground } from './background.ts'
import { labPicture, onCanvas } from './lab.ts'
import { plainMask } from './plain.ts'

/** How many canvas units a mask's rectangle may miss the photo's by. */
const SAME_SHAPE = 1.5

/** What to draw: [CANVAS, CANVAS], 1 on the subject, 0 on the background and in the padding. */
export function subjectMask(photo: Photo): Tensor {
  const picture = labPicture(photo)
  const background = fitBackground(picture)
  return onCanvas(plainMask(picture, background), photo)
}

/**
 * A mask from a picture file of any size in the photo's aspect ratio: white, or what is opaque, is the subject.
 * [CANVAS, CANVAS], 0..1. Throws a FewlineError of kind `photo` when it can't be read or has another shape.
 */
export async function readMask(file: string | Uint8Array, photo: Photo): Promise<Tensor> {
  const { mask, width, height } = await openMask(file)
  const frame = fit(width, height)
  if (Math.hypot(frame.width - photo.frame.width, frame.height - photo.frame.height) > SAME_SHAPE) {
    throw new FewlineError({
      kind: 'photo',
      expected: `a mask in the shape of the photo (${photo.sourceWidth} × ${photo.sourceHeight})`,
      came: `${typeof file === 'string' ? `"${file}"` : 'the mask'} is ${width} × ${height}`,
      todo: 'crop it like the photo',
    })
  }
  return mask
}

/** The whole photo as its own subject: [CANVAS, CANVAS], 1 inside the photo, 0 in the padding. */
export function noMask(photo: Photo): Tensor {
  const { left, top, right, bottom } = photoPixels(photo.frame)
  return onCanvas(new Float32Array((right - left) * (bottom - top)).fill(1), photo)
}
