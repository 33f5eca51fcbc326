import type { Background } from './background.ts'
import { dilated, type Grid, regionsOf, ringsAround } from './grid.ts'
import type { LabPicture } from './lab.ts'

/** Smaller parts, in pixels, are dust unless they lie this close to a larger one. */
const DUST = 25
const CLOSE = 6
/** A hole has some pixels this close to the background, in CIELAB. */
const SHOWS_THROUGH = 2.5
/** What the background does not reach is no hole below this share of the subject. */
const LEAST_HOLE = 0.004
/** A faint part ends crisply when this share of its difference is gone within a few pixels. */
const CRISP = 0.6
/** How far from an edge a colour is free of it, in pixels. */
const CLEAR = 3
/** How far along the outline the subject's own colour is looked for, in pixels. */
const REACH = 2

/**
 * The subject on a background that a smooth surface explains, 0..1 a pixel: what differs from that surface,
 * with holes where the background shows through, and partly covered pixels along its outline.
 */
export function plainMask(picture: LabPicture, background: Background): Float32Array {
  const subject = Uint8Array.from(background.strong)
  addFaintParts(subject, picture, background)
  removeDust(subject, picture)
  fillClosedParts(subject, picture, background)
  return withPartialCover(subject, picture, background)
}

/** Faint differences are the subject's where they end crisply; shadows and unexplained gradients fade out. */
function addFaintParts(subject: Uint8Array, grid: Grid, { weak, strong, explained, faint }: Background): void {
  const parts = weak.map((value, i) => (value && !strong[i] ? 1 : 0))
  for (const { pixels } of regionsOf(parts, grid)) {
    const outside = ringsAround(pixels, explained, grid, CLEAR)
    const inside = ringsAround(outside[0]!, parts, grid, CLEAR)
    const before = mean(inside[CLEAR - 1]!, faint)
    const after = mean(outside[CLEAR - 1]!, faint)
    const meetsBackground = outside[0]!.length > 0
    if (!meetsBackground || before - after > CRISP * before) for (const pixel of pixels) subject[pixel] = 1
  }
}

function removeDust(subject: Uint8Array, grid: Grid): void {
  const regions = regionsOf(subject, grid)
  const large = new Uint8Array(subject.length)
  for (const { pixels } of regions) if (pixels.length >= DUST) for (const pixel of pixels) large[pixel] = 1
  const nearLarge = dilated(large, grid, CLOSE)
  for (const { pixels } of regions) {
    if (pixels.length < DUST && !pixels.some((pixel) => nearLarge[pixel]))
      for (const pixel of pixels) subject[pixel] = 0
  }
}

/**
 * Of what the subject encloses, only that is a hole which looks just like the background, begins at a crisp edge
 * and is not tiny; the rest is a part of similar colour, or a highlight.
 */
function fillClosedParts(subject: Uint8Array, grid: Grid, { distance, noise }: Background): void {
  const area = subject.reduce((sum, value) => sum + value, 0)
  const open = subject.map((value) => 1 - value)
  for (const { pixels, touchesBorder } of regionsOf(open, grid)) {
    if (touchesBorder) continue
    const closest = pixels.map((pixel) => distance[pixel]!).sort((a, b) => a - b)[Math.floor(pixels.length / 5)]!
    const rings = ringsAround(pixels, subject, grid, 4)
    const crisp = mean(rings[1]!, distance) > 0.7 * mean(rings[3]!, distance)
    const isHole = pixels.length >= LEAST_HOLE * area && closest < Math.max(SHOWS_THROUGH, 1.5 * noise) && crisp
    if (!isHole) for (const pixel of pixels) subject[pixel] = 1
  }
}

/**
 * Pixels along the outline are partly background: each is so much on the way from the background's colour
 * to that of the pixel further inside which explains it best.
 */
function withPartialCover(subject: Uint8Array, grid: Grid, { difference, distance }: Background): Float32Array {
  const { width, height } = grid
  const rim = dilated(
    subject.map((value) => 1 - value),
    grid,
    1,
  )
  const cover = Float32Array.from(subject)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x
      if (!subject[i] || !rim[i]) continue
      let best = Infinity
      let widest = i
      for (let v = Math.max(0, y - REACH); v <= Math.min(height - 1, y + REACH); v++) {
        for (let u = Math.max(0, x - REACH); u <= Math.min(width - 1, x + REACH); u++) {
          const j = v * width + u
          if (!subject[j]) continue
          if (distance[j]! > distance[widest]!) widest = j
          if (rim[j]) continue
          const share = shareOf(difference, distance, i, j)
          const error = difference.reduce((sum, plane) => sum + (plane[i]! - share * plane[j]!) ** 2, 0)
          if (error < best) {
            best = error
            cover[i] = share
          }
        }
      }
      if (best === Infinity) cover[i] = shareOf(difference, distance, i, widest)
    }
  }
  return cover
}

/** How much of colour `whole`, 0..1, is in colour `part`, both as differences from the background. */
function shareOf(difference: Background['difference'], distance: Float32Array, part: number, whole: number): number {
  const dot = difference.reduce((sum, plane) => sum + plane[part]! * plane[whole]!, 0)
  return Math.min(1, Math.max(0, dot / Math.max(1e-6, distance[whole]! ** 2)))
}

function mean(pixels: readonly number[], plane: Float32Array): number {
  return pixels.length === 0 ? 0 : pixels.reduce((sum, pixel) => sum + plane[pixel]!, 0) / pixels.length
}
