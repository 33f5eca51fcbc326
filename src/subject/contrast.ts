import type { Photo } from '../photo/photo.ts'
import type { Grid } from './grid.ts'
import { type Kinds, kindsOf, passingIn } from './kinds.ts'
import { labPicture, onCanvas } from './lab.ts'
import { quantiles } from './quantiles.ts'

/** Pixels are side by side that are this far apart at most, across, down or diagonally. */
const BESIDE = 4
/** So often, at least, any two kinds are found side by side. */
const NEVER = 1e-7
/** On either side of a pixel one looks so far away from it, and so far along, in pixels, … */
const AWAY = 2
const ALONG = 3
/** … in so many directions. */
const DIRECTIONS = 8
/** What parts more than this share of the photo's pixels do parts altogether; what parts less counts by this power. */
const MOST = 0.97
const CLEAR = 1.5

/**
 * How little what lies on either side of each pixel belongs together [CANVAS·CANVAS], 0..1: how much more seldom in this photo two
 * such kinds of pixels are found side by side than either beside its own. So fur against grass parts, and neither the spots of a
 * leopard do nor blades of grass. After Isola et al. 2014 (Crisp Boundary Detection Using Pointwise Mutual Information), with
 * kinds of pixels, as Jevnisek and Avidan 2017 (Co-occurrence Filter) count them, in place of a density.
 */
export function regionContrast(photo: Photo): Float32Array {
  const picture = labPicture(photo)
  const kinds = kindsOf(picture)
  const wide = widened(kinds.of, picture)
  const strangest = strangestAround(wide, strangeness(pairsIn(wide, kinds)))
  const [most] = quantiles(strangest, MOST)
  return onCanvas(
    strangest.map((value) => Math.min(1, value / (most + 1e-9)) ** CLEAR),
    photo,
  ).data
}

/** The border of a photo goes on so far around it. */
const MARGIN = AWAY + ALONG

/** The kinds of a photo's pixels and those around it, row after row. */
interface Wide {
  kinds: Uint16Array
  width: number
  /** Where the photo's own pixels are in it. */
  own: Uint32Array
}

function widened(of: Uint16Array, { width, height }: Grid): Wide {
  const [wide, high] = [width + 2 * MARGIN, height + 2 * MARGIN]
  const kinds = new Uint16Array(wide * high)
  for (let y = 0, i = 0; y < high; y++) {
    const row = Math.min(height - 1, Math.max(0, y - MARGIN)) * width
    for (let x = 0; x < wide; x++) kinds[i++] = of[row + Math.min(width - 1, Math.max(0, x - MARGIN))]!
  }
  const own = new Uint32Array(of.length)
  for (let i = 0; i < own.length; i++) own[i] = (Math.floor(i / width) + MARGIN) * wide + (i % width) + MARGIN
  return { kinds, width: wide, own }
}

/** How often each two kinds are found side by side, as a share of all, with what passes for them. */
function pairsIn({ kinds: of, width, own }: Wide, kinds: Kinds): Float64Array[] {
  const steps = range(1, BESIDE).flatMap((away) => [1, width, width + 1, width - 1].map((step) => away * step))
  const count = kinds.alike.length
  const pairs = new Float64Array(count * count)
  for (const step of steps) {
    for (let i = 0; i < own.length; i++) pairs[of[own[i]!]! * count + of[own[i]! + step]!]!++
  }
  const rows = kinds.alike.map((_, a) => passingIn(kinds, pairs.subarray(a * count, (a + 1) * count)))
  const passing = transposed(rows).map((row) => passingIn(kinds, row))
  const total = 2 * own.length * steps.length
  return passing.map((row, a) => row.map((often, b) => (often + passing[b]![a]!) / total))
}

function transposed(square: readonly Float64Array[]): Float64Array[] {
  return square.map((row, i) => row.map((_, k) => square[k]![i]!))
}

/** By which power of e two kinds are found side by side more seldom than by what either is beside its own; 0 and above. */
function strangeness(pairs: readonly Float64Array[]): Float64Array[] {
  return pairs.map((row, a) =>
    row.map((together, b) => Math.max(0, Math.log((Math.sqrt(row[a]! * pairs[b]![b]!) + NEVER) / (together + NEVER)))),
  )
}

/** How strange the two sides of each of the photo's own pixels are to one another, in the direction in which they are most so. */
function strangestAround(wide: Wide, strange: readonly Float64Array[]): Float32Array {
  const table = Float32Array.from(strange.flatMap((row) => [...row]))
  const most = new Float32Array(wide.own.length)
  for (let direction = 0; direction < DIRECTIONS; direction++) {
    const angle = (Math.PI * direction) / DIRECTIONS
    const stepTo = (across: number, along: number): number =>
      Math.round(across * Math.sin(angle) + along * Math.cos(angle)) * wide.width +
      Math.round(across * Math.cos(angle) - along * Math.sin(angle))
    const sides = strangenessAcross(
      wide,
      table,
      range(1, AWAY).map((across) => stepTo(across, 0)),
    )
    raise(
      most,
      sides,
      wide.own,
      range(-ALONG, ALONG).map((along) => stepTo(0, along)),
    )
  }
  return most
}

/** The sum over what lies so many pixels to either side. */
function strangenessAcross({ kinds, width }: Wide, table: Float32Array, steps: readonly number[]): Float32Array {
  const count = Math.sqrt(table.length)
  const sums = new Float32Array(kinds.length)
  const aside = AWAY * (width + 1)
  for (const step of steps) {
    for (let i = aside; i < kinds.length - aside; i++) sums[i]! += table[kinds[i + step]! * count + kinds[i - step]!]!
  }
  return sums
}

/** Raises what is less than the sum of `values` at some steps from the pixel. */
function raise(most: Float32Array, values: Float32Array, pixels: Uint32Array, steps: readonly number[]): void {
  for (let i = 0; i < most.length; i++) {
    let sum = 0
    for (let k = 0; k < steps.length; k++) sum += values[pixels[i]! + steps[k]!]!
    if (sum > most[i]!) most[i] = sum
  }
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i)
}
