import type { Photo } from '../photo/photo.ts'
import { blur } from './filters.ts'
import { labPicture, onCanvas } from './lab.ts'
import { magnitudeOf, structureTensor } from './structure.ts'

/** What lies on either side is compared over this neighbourhood: sigma, in units. */
const AROUND = 2
/** Lightness and both colours are counted in so many steps, over ranges of this middle and width (CIELAB), … */
const STEPS = 12
const LIGHTNESS = [50, 100] as const
const COLOUR = [0, 150] as const
/** … and the directions of texture in so many, besides there being none. */
const DIRECTIONS = 8
/** What is found in less of the photo than this tells nothing. */
const RARE = 0.005
/** Sigma in units of the edges that make texture, and the step of lightness that certainly is one. */
const FINE = 0.8
const EDGE = 10

/**
 * How different what lies on either side of each pixel is [CANVAS·CANVAS], 0..1: not in its mean, but in which lightness, colours
 * and directions of texture there are, and how much of each. So fur against grass shows, and neither hair nor blades do. After
 * Martin, Fowlkes and Malik 2004 (Learning to Detect Natural Image Boundaries Using Local Brightness, Color, and Texture Cues);
 * with the Fisher information of the histogram around a pixel, which holds all directions at once, in place of their half discs.
 */
export function regionContrast(photo: Photo): Float32Array {
  const { width, planes } = labPicture(photo)
  const [lightness, a, b] = planes
  const shares = [
    ...sharesOf(lightness, LIGHTNESS),
    ...sharesOf(a, COLOUR),
    ...sharesOf(b, COLOUR),
    ...textureOf(lightness, width),
  ].filter((share) => total(share) > RARE * share.length)
  // Slopes of the roots of a histogram, squared and summed, are a quarter of its Fisher information.
  const roots = shares.map((share) => rooted(blur(share, width, AROUND)))
  const steepest = magnitudeOf(structureTensor(roots, width))
  // 1 where two of the four change altogether
  return onCanvas(
    steepest.map((slope) => Math.min(1, Math.PI * (AROUND * slope) ** 2)),
    photo,
  ).data
}

function total(values: Float32Array): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i]!
  return sum
}

/** The roots of values, in their place. */
function rooted(values: Float32Array): Float32Array {
  for (let i = 0; i < values.length; i++) values[i] = Math.sqrt(values[i]!)
  return values
}

/** For each step of a range, how much of every pixel's value is it: 1 at its middle, less up to those of its neighbours. */
function sharesOf(values: Float32Array, [middle, width]: readonly [number, number]): Float32Array[] {
  const shares = Array.from({ length: STEPS }, () => new Float32Array(values.length))
  values.forEach((value, i) => {
    const at = ((value - middle) / width + 0.5) * STEPS - 0.5
    share(shares, i, Math.min(STEPS - 1, Math.max(0, at)), 1)
  })
  return shares
}

/** For each direction how much of an edge that runs in it every pixel is; and last, how much it is none. */
function textureOf(lightness: Float32Array, width: number): Float32Array[] {
  const { xx, xy, yy } = structureTensor([blur(lightness, width, FINE)], width)
  const shares = Array.from({ length: DIRECTIONS }, () => new Float32Array(lightness.length))
  const none = xx.map((value, i) => {
    const edge = Math.min(1, (2 * Math.sqrt(value + yy[i]!)) / EDGE)
    const angle = Math.atan2(2 * xy[i]!, value - yy[i]!) / (2 * Math.PI)
    share(shares, i, ((angle + 1) % 1) * DIRECTIONS, edge)
    return 1 - edge
  })
  return [...shares, none]
}

/** Shares an amount between the two steps that a place lies between; after the last comes the first. */
function share(shares: readonly Float32Array[], i: number, at: number, amount: number): void {
  const step = Math.floor(at)
  const beyond = at - step
  shares[step % shares.length]![i]! += amount * (1 - beyond)
  if (beyond > 0) shares[(step + 1) % shares.length]![i]! += amount * beyond
}
