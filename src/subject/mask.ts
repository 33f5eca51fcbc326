import { FewlineError } from '../errors.ts'
import { fit, openMask, type Photo, photoPixels } from '../photo/photo.ts'
import type { Tensor } from '../tensor.ts'
import { CANVAS } from '../units.ts'
import { type Background, fitBackground } from './background.ts'
import { labPicture, onCanvas } from './lab.ts'
import { ordinaryMask } from './ordinary.ts'
import { plainMask } from './plain.ts'

/** How many canvas units a mask's rectangle may miss the photo's by. */
const SAME_SHAPE = 1.5

/** A background is plain when it explains this share of the border within these differences (CIELAB). */
const PLAIN_SHARE = 0.6
const PLAIN_NOISE = 4.5
const PLAIN_UNEVENNESS = 2.5
/** A subject smaller than this share of the photo was missed. */
const LEAST_SUBJECT = 0.002

/**
 * The mask that was asked for, [CANVAS, CANVAS] 0..1: `auto` finds the subject, `none` is the whole photo, else a picture
 * (file or bytes) as `readMask` reads it, or such a mask itself.
 */
export async function chooseMask(photo: Photo, asked: string | Uint8Array | Tensor = 'auto'): Promise<Tensor> {
  if (asked === 'auto') return subjectMask(photo)
  if (asked === 'none') return noMask(photo)
  if (typeof asked === 'string' || asked instanceof Uint8Array) return readMask(asked, photo)
  if (asked.data.length === CANVAS ** 2 && asked.shape.join() === `${CANVAS},${CANVAS}`) return asked
  throw new FewlineError({
    kind: 'call',
    expected: `a mask of ${CANVAS} × ${CANVAS}`,
    came: `it is ${asked.shape.join(' × ')}`,
    todo: 'make it as large as the canvas',
  })
}

/**
 * What to draw: [CANVAS, CANVAS], 1 on the subject, 0 on the background and in the padding. Exact on a plain background
 * (even, a gradient, a vignette); on any other a good guess that is the softer, up to 1 everywhere, the less sure it is,
 * because to lose a part of the subject is worse than to keep some background.
 */
export function subjectMask(photo: Photo): Tensor {
  const picture = labPicture(photo)
  const background = fitBackground(picture)
  if (!isPlain(background)) return onCanvas(ordinaryMask(picture, background), photo)
  const mask = plainMask(picture, background)
  const area = mask.reduce((sum, value) => sum + value, 0) / mask.length
  return area < LEAST_SUBJECT ? noMask(photo) : onCanvas(mask, photo)
}

function isPlain({ share, noise, faintNoise }: Background): boolean {
  return share > PLAIN_SHARE && noise < PLAIN_NOISE && faintNoise < PLAIN_UNEVENNESS
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
