import type { Background } from './background.ts'
import { dilated, type Grid, mark, regionsOf, ringsAround, sumAround } from './grid.ts'
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
/** How dark a shadow may be, how much it may be tinted and how fast it may fade, in CIELAB (a pixel). */
const DARKEST_SHADOW = 0.45
const TINT = 4
const STEEPEST_SHADOW = 3
/** No shadow is narrower than this to either side, in pixels. */
const NARROW = 2
/** A shadow takes at most this share of what differs from the background. */
const MOST_SHADOW = 0.6
/** How far from an edge a colour is free of it, in pixels. */
const CLEAR = 3
/** How far along the outline the subject's own colour is looked for, in pixels. */
const REACH = 2

/**
 * The subject on a background that a smooth surface explains, 0..1 a pixel: what differs from that surface,
 * with holes where the background shows through, and partly covered pixels along its outline.
 */
export function plainMask(picture: LabPicture, background: Background): Float32Array {
  const shadow = castShadow(picture, background)
  const subject = both(background.strong, inverse(shadow))
  addFaintParts(subject, shadow, picture, background)
  removeDust(subject, picture)
  fillClosedParts(subject, picture, background)
  return withPartialCover(subject, picture, background)
}

/**
 * A cast shadow is the background's own colour, darker, and fades out: it is reached from the background without
 * crossing an edge. A narrow way is no way, else one faint stretch of outline would let all of a grey subject go;
 * and where most of the subject would go, it was no shadow.
 */
function castShadow(picture: LabPicture, background: Background): Uint8Array {
  const { explained, strong } = background
  const open = shaded(picture, background).map((value, i) => value | explained[i]!)
  const wide = inverse(dilated(inverse(open), picture, 1))
  const reached = new Uint8Array(open.length)
  for (const { pixels } of regionsOf(wide, picture)) {
    if (pixels.some((pixel) => explained[pixel])) for (const pixel of pixels) reached[pixel] = 1
  }
  const beyond = both(both(dilated(reached, picture, 1), open), inverse(explained))
  // What is narrow is no shadow but a faint line.
  const core = inverse(dilated(inverse(beyond), picture, NARROW))
  const shadow = both(dilated(core, picture, NARROW), beyond)
  return count(both(shadow, strong)) > MOST_SHADOW * count(strong) ? new Uint8Array(open.length) : shadow
}

/** Where the picture is the background's colour in less light, and even. */
function shaded({ width, height, planes }: LabPicture, { difference, noise }: Background): Uint8Array {
  const grid = { width, height }
  const light = sumAround(planes[0], grid, 1)
  const counts = sumAround(new Float32Array(light.length).fill(1), grid, 1)
  light.forEach((sum, i) => (light[i] = sum / counts[i]!))
  const steepest = Math.max(STEEPEST_SHADOW, noise)
  return mark(planes[0], (L, i) => {
    // In less light L + 16, a and b shrink alike: all three are differences of cube roots of the light.
    const ratio = (L + 16) / (L - difference[0][i]! + 16)
    if (ratio > 1 || ratio < DARKEST_SHADOW) return false
    const da = planes[1][i]! - ratio * (planes[1][i]! - difference[1][i]!)
    const db = planes[2][i]! - ratio * (planes[2][i]! - difference[2][i]!)
    if (Math.hypot(da, db) > Math.max(TINT, 2 * noise)) return false
    const x = i % width
    const y = Math.floor(i / width)
    if (x === 0 || y === 0 || x === width - 1 || y === height - 1) return true
    const steepness = Math.hypot(light[i + 1]! - light[i - 1]!, light[i + width]! - light[i - width]!) / 2
    return steepness < steepest
  })
}

/** Faint differences are the subject's where they end crisply; shadows and unexplained gradients fade out. */
function addFaintParts(subject: Uint8Array, shadow: Uint8Array, grid: Grid, background: Background): void {
  const { weak, strong, explained, faint } = background
  const parts = both(both(weak, inverse(strong)), inverse(shadow))
  const beyond = explained.map((value, i) => value | shadow[i]!)
  for (const { pixels } of regionsOf(parts, grid)) {
    if (pixels.length < DUST) continue
    const outside = ringsAround(pixels, beyond, grid, CLEAR)
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
  const area = count(subject)
  const open = inverse(subject)
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
  const rim = dilated(inverse(subject), grid, 1)
  const cover = new Float32Array(subject)
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

function both(a: Uint8Array, b: Uint8Array): Uint8Array {
  return a.map((value, i) => value & b[i]!)
}

function inverse(marked: Uint8Array): Uint8Array {
  return marked.map((value) => 1 - value)
}

function count(marked: Uint8Array): number {
  return marked.reduce((sum, value) => sum + value, 0)
}

function mean(pixels: readonly number[], plane: Float32Array): number {
  return pixels.length === 0 ? 0 : pixels.reduce((sum, pixel) => sum + plane[pixel]!, 0) / pixels.length
}
