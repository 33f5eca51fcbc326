import { hypotenuse } from '../hypotenuse.ts'
import { type Photo, photoPixels } from '../photo/photo.ts'
import type { Tensor } from '../tensor.ts'
import { CANVAS } from '../units.ts'
import { quantiles } from './quantiles.ts'

/** What a drawing depends on, as it is in a photo and its subject. */
export interface Quality {
  /** Pixels of the file's longer side. */
  longest: number
  /** How bright the brightest parts are, and how far they are from the darkest, 0..1. */
  brightness: number
  contrast: number
  /** How steep the steepest edges are, as a share of the contrast for a canvas unit: .5 is as sharp as can be. */
  sharpness: number
  /** How much of the photo is its subject, 0..1. */
  share: number
  /** How far what is not the subject is left out, 0..1. */
  sureness: number
}

/** What may spoil a drawing, besides too few pixels, which whoever reads the photo tells. */
export const TROUBLES = ['dark', 'flat', 'blurred', 'tiny', 'unsure'] as const
export type Trouble = (typeof TROUBLES)[number]

/** Something about a photo that will draw badly, and what helps, as one sentence. */
export interface Hint {
  about: Trouble
  text: string
}

/**
 * Below these, drawings lose a quarter of what they have of the same photo as it should be: measured on photos made worse step by
 * step (scripts/hints.mjs; the tables are in docs/hints.md). No clutter behind a subject was found to make it unsure: there it is
 * where less than half of the rest is left out.
 */
export const LEAST: Readonly<Quality> = {
  longest: 16,
  brightness: 0.08,
  contrast: 0.018,
  sharpness: 0.07,
  share: 0.05,
  sureness: 0.5,
}

const SAID: Readonly<Record<Trouble, string>> = {
  dark: 'The photo is very dark: brighten it, or take it in more light.',
  flat: 'The photo has little contrast: raise it, or take it against another background.',
  blurred: 'The photo is blurred: choose a sharper one, or fewer strokes.',
  tiny: 'The subject is tiny: crop the photo around it.',
  unsure: 'What to draw is hard to tell from its background: paint the subject, or give a mask.',
}

/** What is to be said of a photo before it is drawn. `isFound`: the subject was told from the photo, not by its owner. */
export function hintsFor(quality: Quality, isFound: boolean): Hint[] {
  const { longest, brightness, contrast, sharpness, share, sureness } = quality
  const dark = brightness < LEAST.brightness
  const unsure = isFound && sureness < LEAST.sureness
  const troubles: Record<Trouble, boolean> = {
    dark,
    // What is dark is flat as well, and what is small is blurred.
    flat: !dark && contrast < LEAST.contrast,
    blurred: longest >= LEAST.longest && sharpness < LEAST.sharpness,
    tiny: !unsure && share < LEAST.share,
    unsure,
  }
  return TROUBLES.filter((about) => troubles[about]).map((about) => ({ about, text: SAID[about] }))
}

/** Measures a photo and its subject's mask, [CANVAS, CANVAS] 0..1. */
export function qualityOf({ image, frame, sourceWidth, sourceHeight }: Photo, mask: Tensor): Quality {
  const { left, top, right, bottom } = photoPixels(frame)
  const width = right - left
  const grey = new Float32Array(width * (bottom - top))
  const inside = new Float32Array(grey.length)
  const [red, green, blue] = [0, 1, 2].map((channel) => image.data.subarray(channel * CANVAS ** 2))
  for (let i = 0; i < grey.length; i++) {
    const pixel = (top + Math.floor(i / width)) * CANVAS + left + (i % width)
    grey[i] = 0.299 * red![pixel]! + 0.587 * green![pixel]! + 0.114 * blue![pixel]!
    inside[i] = mask.data[pixel]!
  }
  const [darkest, brightness] = quantiles(grey, 0.01, 0.99)
  const [sharpest] = quantiles(slopes(grey, width), 0.995)
  const [rest] = quantiles(inside, 0.02)
  const contrast = brightness - darkest
  return {
    longest: Math.max(sourceWidth, sourceHeight),
    brightness,
    contrast,
    sharpness: sharpest / Math.max(contrast, 1e-3),
    share: inside.filter((value) => value > 0.5).length / inside.length,
    sureness: 1 - rest,
  }
}

/** How much the grey changes over a pixel, at each that has neighbours. */
function slopes(grey: Float32Array, width: number): Float32Array {
  return grey.map((_, i) => {
    const x = i % width
    if (x === 0 || x === width - 1 || i < width || i >= grey.length - width) return 0
    return hypotenuse(grey[i + 1]! - grey[i - 1]!, grey[i + width]! - grey[i - width]!) / 2
  })
}
