import { resized } from '../resize.ts'
import { photoPixels } from '../photo/photo.ts'
import { mark, regionsOf } from '../subject/grid.ts'
import { onCanvas } from '../subject/lab.ts'
import type { Tensor } from '../tensor.ts'
import { CANVAS } from '../units.ts'
import type { Box, Found, Sight, Thing } from './finder.ts'
import { boxOf, INSIDE, onGrid } from './mask.ts'
import { outlined } from './outline.ts'
import { patchesOf, type Patches } from './patches.ts'

/** Of the best value of a map this share is as good. */
const SATURATED = 0.9
/** A thing has at least this share of the photo, and of the largest thing of its name. */
const LEAST_SHARE = 0.001
const LEAST_OF_LARGEST = 0.04

/**
 * The things that a map of likeliness (0..1 a pixel of the photo's own grid) shows: it is sharpened, and each connected part
 * is one. A map that is nowhere likelier than not shows none.
 */
export function thingsIn(likely: Float32Array, words: string, sight: Sight): Found {
  const best = likely.reduce((most, value) => Math.max(most, value), 0)
  const missed = (score: number): Found => ({ things: [], misses: [{ words, score }] })
  if (best < INSIDE) return missed(best)
  const patches = patchesOf(sight)
  // A map says where something is likelier than elsewhere; how likely that is at all was asked above.
  const next = likely.map((value) => Math.min(1, value / (SATURATED * best)))
  const parts = separated(outlined(next, patches), likely, words, sight, patches)
  const things = parts.filter(({ score }) => score >= INSIDE)
  // A place that is likely may lie in a part that is not.
  return things.length > 0 ? { things, misses: [] } : missed(Math.max(0, ...parts.map(({ score }) => score)))
}

/** The connected parts of a mask, each with how likely it is, the largest first. */
function separated(
  mask: Float32Array,
  likely: Float32Array,
  words: string,
  { photo }: Sight,
  { lab }: Patches,
): Thing[] {
  const regions = regionsOf(
    mark(mask, (value) => value > INSIDE),
    lab,
  ).sort((a, b) => b.pixels.length - a.pixels.length)
  const least = Math.max(LEAST_SHARE * mask.length, LEAST_OF_LARGEST * (regions[0]?.pixels.length ?? 0))
  return regions
    .filter(({ pixels }) => pixels.length >= least)
    .flatMap(({ pixels }) => {
      const own = new Float32Array(mask.length)
      for (const pixel of pixels) own[pixel] = 1
      const canvas = onCanvas(own, photo)
      const box = boxOf(canvas, photo)
      return box ? [{ words, score: highest(pixels.map((pixel) => likely[pixel]!)), box, mask: canvas }] : []
    })
}

/** What the likeliest tenth of the pixels come to: a map is blurred, and lowest along the outline. */
function highest(values: number[]): number {
  const top = values.sort((a, b) => b - a).slice(0, Math.ceil(values.length / 10))
  return top.reduce((sum, value) => sum + value, 0) / top.length
}

/** A square map over the canvas, on the photo's own part of it. */
export function onPhoto(map: Tensor, { photo }: Sight): Float32Array {
  const { data } = resized(map, CANVAS).output
  const { left, top, right, bottom } = photoPixels(photo.frame)
  const plane = new Float32Array((right - left) * (bottom - top))
  for (let y = top; y < bottom; y++) {
    plane.set(data.subarray(y * CANVAS + left, y * CANVAS + right), (y - top) * (right - left))
  }
  return plane
}

/** A square map over the photo itself, which was bent to a square, on the photo's own part of the canvas. */
export function unbent({ data, shape: [side = 0] }: Tensor, sight: Sight): Float32Array {
  const { width, height } = patchesOf(sight).lab
  const plane = new Float32Array(width * height)
  for (let y = 0; y < height; y++) {
    const v = Math.min(side - 1, Math.max(0, ((y + 0.5) * side) / height - 0.5))
    for (let x = 0; x < width; x++) {
      const u = Math.min(side - 1, Math.max(0, ((x + 0.5) * side) / width - 0.5))
      const [i, j] = [Math.floor(u), Math.floor(v)]
      const [a, b] = [u - i, v - j]
      const at = (p: number, q: number): number => data[Math.min(side - 1, q) * side + Math.min(side - 1, p)]!
      plane[y * width + x] =
        (1 - b) * ((1 - a) * at(i, j) + a * at(i + 1, j)) + b * ((1 - a) * at(i, j + 1) + a * at(i + 1, j + 1))
    }
  }
  return plane
}

/** Inside a box a pixel is likely to be the thing's, the more so towards its middle; outside it is not. */
const IN_THE_MIDDLE = 0.9
const AT_THE_BORDER = 0.55

/** The thing in a box: what differs there from what lies around it. The whole box where nothing does. */
export function thingInBox(box: Box, words: string, score: number, sight: Sight): Thing {
  const { photo } = sight
  const patches = patchesOf(sight)
  const { width, height } = patches.lab
  const inner = onGrid(box, photo, patches.lab)
  const likely = new Float32Array(width * height)
  const whole = new Float32Array(width * height)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const u = (2 * (x + 0.5 - inner.x)) / inner.width - 1
      const v = (2 * (y + 0.5 - inner.y)) / inner.height - 1
      if (Math.abs(u) > 1 || Math.abs(v) > 1) continue
      whole[y * width + x] = 1
      likely[y * width + x] = IN_THE_MIDDLE - (IN_THE_MIDDLE - AT_THE_BORDER) * Math.max(u * u, v * v)
    }
  }
  const mask = outlined(likely, patches).map((value, i) => (whole[i] ? value : 0))
  const area = (plane: Float32Array): number => plane.reduce((sum, value) => sum + value, 0)
  const kept = area(mask) < 0.1 * area(whole) ? whole : mask
  return { words, score, box, mask: onCanvas(kept, photo) }
}
