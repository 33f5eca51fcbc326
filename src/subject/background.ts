import { dilated, type Grid, mark, regionsOf, sumAround } from './grid.ts'
import type { LabPicture } from './lab.ts'
import { solve } from './linear.ts'

type Planes = [Float32Array, Float32Array, Float32Array]

/** A smooth background, as far as the border of the picture tells: a polynomial surface in x and y. */
export interface Background {
  /** How each pixel differs from the surface: dL, da, db. */
  difference: Planes
  /** Length of that difference. */
  distance: Float32Array
  /** Length of the difference averaged over a small window, so that noise cancels out; 0 where `strong` surrounds. */
  faint: Float32Array
  /** 1 where a pixel differs clearly by itself. */
  strong: Uint8Array
  /** 1 where pixels differ faintly but together. */
  weak: Uint8Array
  /** 1 where the surface explains the pixel and those between it and the border. */
  explained: Uint8Array
  /** Share of the border that the surface explains, 0..1. */
  share: number
  /** Typical difference where the surface explains the border, by pixel and by window. */
  noise: number
  faintNoise: number
}

/** Width in pixels of the frame from which the background is first guessed. */
const BORDER = 4
/** Differences in CIELAB that are never taken for noise, by pixel and by window. */
const STRONG = 8
const WEAK = 1.8
/** A difference is one when it is this many times the noise. */
const NOISES = 4
const WINDOW = 2
/** So many of its pixels are enough to begin with: one in this many. */
const EVERY = 3
const ROUNDS = 3
/** Growing ends when what is explained changes by less than this share. */
const SETTLED = 0.002
const MOST_SAMPLES = 4000
/** A border that is typically so far from a first surface, in CIELAB, is none of a smooth background. */
const HOPELESS = 9

/**
 * Fits a background robustly to the border, then to all it explains, growing inwards, so that a gradient
 * or a vignette is followed up to the subject. Undefined where nothing smooth comes near the border.
 */
export function fitBackground(picture: LabPicture): Background | undefined {
  const border = borderPixels(picture)
  const first = robustSurface(picture, border)
  if (typical(border.map((pixel) => Math.sqrt(squareFrom(first, picture, pixel)))) > HOPELESS) return undefined
  let background = compare(picture, first, border)
  let before = 0
  for (let round = 0; round < ROUNDS; round++) {
    const pixels: number[] = []
    background.explained.forEach((explained, i) => {
      if (explained) pixels.push(i)
    })
    if (Math.abs(pixels.length - before) < SETTLED * before) break
    before = pixels.length
    // A steep surface needs support over much of the picture; from a border alone it would swing.
    const degree = pixels.length > picture.width * picture.height * 0.3 ? 4 : 2
    if (pixels.length < 10 * terms(degree)) break
    background = compare(picture, surface(picture, pixels, degree), border)
  }
  return background
}

function borderPixels({ width, height }: Grid): number[] {
  const pixels: number[] = []
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (Math.min(x, y, width - 1 - x, height - 1 - y) < BORDER) pixels.push(y * width + x)
    }
  }
  return pixels
}

/** A polynomial in x and y for each of L, a and b. */
interface Surface {
  degree: number
  coefficients: Float64Array[]
}

/**
 * A quadratic surface through most of the border, whatever else touches it: least squares with weights
 * (s² / (s² + r²))² of the residual r, whose scale s shrinks from large to small (graduated non-convexity).
 */
function robustSurface(picture: LabPicture, border: readonly number[]): Surface {
  const some = border.filter((_, i) => i % EVERY === 0)
  const weights = new Float32Array(some.length).fill(1)
  let fitted = surface(picture, some, 0, weights)
  for (let scale = 40; scale > 2; scale *= 0.7) {
    some.forEach((pixel, i) => {
      weights[i] = (scale ** 2 / (scale ** 2 + squareFrom(fitted, picture, pixel))) ** 2
    })
    fitted = surface(picture, some, scale > 15 ? 1 : 2, weights)
  }
  return fitted
}

/** The polynomial surface of this degree closest to the given pixels in weighted least squares. */
function surface(picture: LabPicture, pixels: readonly number[], degree: number, weights?: Float32Array): Surface {
  const { width, height, planes } = picture
  const count = terms(degree)
  const at = new Float64Array(count)
  const normal = new Float64Array(count * count)
  const right = planes.map(() => new Float64Array(count))
  const skip = weights ? 1 : Math.ceil(pixels.length / MOST_SAMPLES)
  for (let n = 0; n < pixels.length; n += skip) {
    const pixel = pixels[n]!
    const weight = weights?.[n] ?? 1
    polynomial(scaled(pixel % width, width), scaled(Math.floor(pixel / width), height), degree, at)
    for (let i = 0; i < count; i++) {
      const weighted = weight * at[i]!
      for (let j = 0; j <= i; j++) normal[i * count + j]! += weighted * at[j]!
      for (let c = 0; c < 3; c++) right[c]![i]! += weighted * planes[c]![pixel]!
    }
  }
  // A trace of ridge keeps the solution in bounds where the pixels leave a term open.
  for (let i = 1; i < count; i++) normal[i * count + i]! += 1e-6 * normal[0]!
  return { degree, coefficients: right.map((side) => solve(normal, side)) }
}

/** Every xʲ yᵏ with j + k ≤ degree, by rising j + k and k. */
function polynomial(x: number, y: number, degree: number, output: Float64Array): void {
  let n = 0
  for (let total = 0; total <= degree; total++) {
    for (let k = 0; k <= total; k++) output[n++] = x ** (total - k) * y ** k
  }
}

/** The squared distance of a pixel's colour from the surface. */
function squareFrom({ degree, coefficients }: Surface, { width, height, planes }: LabPicture, pixel: number): number {
  const at = new Float64Array(terms(degree))
  polynomial(scaled(pixel % width, width), scaled(Math.floor(pixel / width), height), degree, at)
  let square = 0
  for (let c = 0; c < 3; c++) {
    let value = planes[c]![pixel]!
    for (let i = 0; i < at.length; i++) value -= coefficients[c]![i]! * at[i]!
    square += value * value
  }
  return square
}

/** The picture minus the surface. */
function differenceFrom({ degree, coefficients }: Surface, { width, height, planes }: LabPicture): Planes {
  const difference = planes.map((plane, c) => {
    const output = new Float32Array(plane.length)
    for (let row = 0; row < height; row++) {
      const y = scaled(row, height)
      // For this y a polynomial in x alone, by rising power.
      const inX = new Float64Array(degree + 1)
      let n = 0
      for (let total = 0; total <= degree; total++) {
        for (let k = 0; k <= total; k++) inX[total - k]! += coefficients[c]![n++]! * y ** k
      }
      for (let column = 0; column < width; column++) {
        const x = scaled(column, width)
        let value = 0
        for (let power = degree; power >= 0; power--) value = value * x + inX[power]!
        output[row * width + column] = plane[row * width + column]! - value
      }
    }
    return output
  })
  return difference as Planes
}

function terms(degree: number): number {
  return ((degree + 1) * (degree + 2)) / 2
}

/** Pixel centres on -1..1. */
function scaled(position: number, size: number): number {
  return (2 * position + 1) / size - 1
}

function compare(picture: LabPicture, fitted: Surface, border: readonly number[]): Background {
  const size = picture.width * picture.height
  const difference = differenceFrom(fitted, picture)
  const distance = length(difference)
  const noise = typical(border.map((i) => distance[i]!).filter((value) => value < 2 * STRONG))
  const strongest = Math.max(STRONG, NOISES * noise)
  const strong = mark(distance, (value) => value > strongest)
  const faint = averaged(difference, strong, picture)
  const calm = border.filter((i) => !strong[i])
  const faintNoise = typical(calm.map((i) => faint[i]!))
  const faintest = Math.max(WEAK, NOISES * faintNoise)
  const weak = mark(faint, (value) => value > faintest)
  const explained = new Uint8Array(size)
  const open = strong.map((value, i) => (value || weak[i] ? 0 : 1))
  for (const { pixels, touchesBorder } of regionsOf(open, picture)) {
    if (touchesBorder) for (const pixel of pixels) explained[pixel] = 1
  }
  const share = border.reduce((sum, i) => sum + explained[i]!, 0) / border.length
  return { difference, distance, faint, strong, weak, explained, share, noise, faintNoise }
}

/** The median, scaled to be a root mean square if these are lengths of Gaussian noise in one or two dimensions. */
function typical(values: number[]): number {
  return values.length === 0 ? Infinity : 1.3 * values.sort((p, q) => p - q)[values.length >> 1]!
}

/** The difference averaged over a window, counting only pixels that lie clear of `strong` ones; its length. */
function averaged(difference: Planes, strong: Uint8Array, grid: Grid): Float32Array {
  const clear = new Float32Array(dilated(strong, grid, 1).map((near) => 1 - near))
  const counts = sumAround(clear, grid, WINDOW)
  const sums = difference.map((plane) => sumAround(times(plane, clear), grid, WINDOW)) as Planes
  return length(sums).map((value, i) => (counts[i]! > 0.5 ? value / counts[i]! : 0))
}

function times(a: Float32Array, b: Float32Array): Float32Array {
  return a.map((value, i) => value * b[i]!)
}

function length([a, b, c]: Planes): Float32Array {
  return a.map((value, i) => Math.sqrt(value * value + b[i]! * b[i]! + c[i]! * c[i]!))
}
