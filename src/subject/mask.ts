import { FewlineError } from '../errors.ts'
import { checkShape, openMask, type Photo, photoPixels } from '../photo/photo.ts'
import type { Tensor } from '../tensor.ts'
import { CANVAS } from '../units.ts'
import { type Background, fitBackground } from './background.ts'
import type { Sight } from './eye.ts'
import { commitFigure } from './figure.ts'
import { labPicture, onCanvas, withinPhoto } from './lab.ts'
import { plainMask } from './plain.ts'

/** A background is plain when it explains this share of the border within these differences (CIELAB). */
const PLAIN_SHARE = 0.6
const PLAIN_NOISE = 4.5
const PLAIN_UNEVENNESS = 2.5
/** With more noise than this it might be a sky or a lawn: then the eye must agree about the subject. */
const CLEAN = 1
const AGREED = 0.75
/** A subject smaller than this share of the photo was missed. */
const LEAST_SUBJECT = 0.002

/** What to draw of a photo. */
export interface Selection {
  /** [CANVAS, CANVAS] 0..1: 1 on the subject, 0 on the background and in the padding. */
  mask: Tensor
  /** The background is even: whatever differs from it does so for a reason. */
  plain: boolean
}

/**
 * What was asked for: `auto` finds the subject, `none` is the whole photo, else a mask: a picture (file or bytes) as
 * `readMask` reads it, or the mask itself, [CANVAS, CANVAS] 0..1.
 */
export async function select(
  photo: Photo,
  look: () => Promise<Sight>,
  asked: string | Uint8Array | Tensor = 'auto',
): Promise<Selection> {
  if (asked === 'auto') return selectSubject(photo, look)
  const mask = await maskAsked(photo, asked)
  return { mask, plain: (await exactMask(photo, seenIn(photo, look))) !== undefined }
}

async function maskAsked(photo: Photo, asked: string | Uint8Array | Tensor): Promise<Tensor> {
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
 * The subject: exact on a plain background (even, a gradient, a vignette); on any other the figure that the eye sees, the
 * softer, up to 1 everywhere, the less sure it is. The eye is asked only where it has to be.
 */
export async function selectSubject(photo: Photo, look: () => Promise<Sight>): Promise<Selection> {
  const seen = seenIn(photo, look)
  const exact = await exactMask(photo, seen)
  const mask = exact ?? (await seen())
  const area = mask.reduce((sum, value) => sum + value, 0) / mask.length
  return { mask: area < LEAST_SUBJECT ? noMask(photo) : onCanvas(mask, photo), plain: exact !== undefined }
}

/** The figure that is seen: found when it is first asked for. */
function seenIn(photo: Photo, look: () => Promise<Sight>): () => Promise<Float32Array> {
  const find = async (): Promise<Float32Array> => {
    const { lines, figure } = await look()
    return commitFigure(labPicture(photo), withinPhoto(figure, photo), withinPhoto(lines, photo))
  }
  let found: Promise<Float32Array> | undefined
  return () => (found ??= find())
}

/** The exact mask, where the background is plain; with some noise in it, only where it is much like what is `seen`. */
async function exactMask(photo: Photo, seen: () => Promise<Float32Array>): Promise<Float32Array | undefined> {
  const picture = labPicture(photo)
  const background = fitBackground(picture)
  if (!background || !isPlain(background)) return undefined
  const mask = plainMask(picture, background)
  return background.noise < CLEAN || overlap(mask, await seen()) > AGREED ? mask : undefined
}

function isPlain({ share, noise, faintNoise }: Background): boolean {
  return share > PLAIN_SHARE && noise < PLAIN_NOISE && faintNoise < PLAIN_UNEVENNESS
}

/** What two masks have in common, as a share of what they cover together. */
function overlap(a: Float32Array, b: Float32Array): number {
  let [both, either] = [0, 0]
  a.forEach((value, i) => {
    both += Math.min(value, b[i]!)
    either += Math.max(value, b[i]!)
  })
  return both / either
}

/**
 * A mask from a picture file of any size in the photo's aspect ratio: white, or what is opaque, is the subject.
 * [CANVAS, CANVAS], 0..1. Throws a FewlineError of kind `photo` when it can't be read or has another shape.
 */
export async function readMask(file: string | Uint8Array, photo: Photo): Promise<Tensor> {
  const { mask, width, height } = await openMask(file)
  checkShape(photo, width, height, 'a mask', typeof file === 'string' ? `"${file}"` : 'the mask')
  return mask
}

/** The whole photo as its own subject: [CANVAS, CANVAS], 1 inside the photo, 0 in the padding. */
export function noMask(photo: Photo): Tensor {
  const { left, top, right, bottom } = photoPixels(photo.frame)
  return onCanvas(new Float32Array((right - left) * (bottom - top)).fill(1), photo)
}
