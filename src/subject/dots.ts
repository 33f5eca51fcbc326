import { CANVAS, STROKE_WIDTH } from '../units.ts'
import type { Feature, Line } from './features.ts'
import { bilinear, blur } from './filters.ts'

/** Something small, round and dark that stands alone: an eye, more often than not. */
export interface Dot {
  /** Its middle and its radius in units. */
  x: number
  y: number
  radius: number
  /** How much darker it is than what is around it, 0..1. */
  contrast: number
}

/** Sigmas in units of the blurs in whose darkest places dots are looked for: of those without a gleam, and of those with one. */
const SIGMAS = [1, 2.4]
/** Radii in units of the circles that are compared, … */
const RADII = Array.from({ length: 6 }, (_, k) => 1.7 * Math.SQRT2 ** k)
/** … by so many places on each. */
const PLACES = 16
/** A dot's middle is at least this much darker than the circle around it, 0..1, … */
const CONTRAST = 0.2
/** … and, than the darkest place of that, by this share of it: on all sides. */
const ALL_AROUND = 0.4
/** How likely the figure has to be there, 0..1. */
const FIGURE = 0.5
/** More than these are a texture, or buttons: none of them is an eye. */
const MOST = 3
/** A dot counts for as many units of the photo's strongest line. */
const WORTH = 20
/** Points of the line through one, at least: fewer are no line. */
const FEWEST = 9

/** From a pixel to those beside it. */
const BESIDE = [-CANVAS - 1, -CANVAS, 1 - CANVAS, -1, 1, CANVAS - 1, CANVAS, CANVAS + 1]
const CIRCLE = Array.from({ length: PLACES }, (_, k): readonly [x: number, y: number] => {
  const angle = (2 * Math.PI * k) / PLACES
  return [Math.cos(angle), Math.sin(angle)]
})

/**
 * The dots in a figure [CANVAS · CANVAS, 0..1], by the lightness of its photo, 0..1: the clearest first. They are dark on all sides
 * of a darkest place, and end where it gets lighter the fastest.
 */
export function findDots(lightness: Float32Array, figure: Float32Array): Dot[] {
  const levels = SIGMAS.map((sigma) => blur(lightness, CANVAS, sigma))
  const dots = levels.flatMap((level) =>
    darkestPixels(level, figure)
      .map((i) => dotAround((i % CANVAS) + 0.5, Math.floor(i / CANVAS) + 0.5, levels[0]!, figure))
      .filter((dot) => dot !== undefined),
  )
  dots.sort((a, b) => b.contrast - a.contrast)
  return dots.filter((dot, k) => dots.slice(0, k).every((clearer) => !overlap(dot, clearer)))
}

/** What an illustrator draws of dots: the line round each, or a mark where one is as small as that; all of them or none. */
export function featuresFrom(dots: readonly Dot[]): Feature[] {
  return dots.length > 0 && dots.length <= MOST ? [dots.map(lineRound)] : []
}

/** Within its edge by as much as a pen reaches. */
function lineRound({ x, y, radius }: Dot): Line {
  const within = Math.max(radius - STROKE_WIDTH / 2, STROKE_WIDTH / 4)
  const points = Math.max(FEWEST, Math.round(2 * Math.PI * within))
  const angles = Array.from({ length: points }, (_, k) => (2 * Math.PI * k) / (points - 1))
  return {
    x: angles.map((angle) => x + within * Math.cos(angle)),
    y: angles.map((angle) => y + within * Math.sin(angle)),
    strength: angles.map(() => WORTH / points),
  }
}

/** Pixels of the figure that are darker than those beside them; of some that are alike the first. */
function darkestPixels(level: Float32Array, figure: Float32Array): number[] {
  const margin = Math.ceil(RADII.at(-1)!)
  const found: number[] = []
  for (let y = margin; y < CANVAS - margin; y++) {
    for (let i = y * CANVAS + margin; i < (y + 1) * CANVAS - margin; i++) {
      if (figure[i]! >= FIGURE && isDarkest(level, i)) found.push(i)
    }
  }
  return found
}

function isDarkest(level: Float32Array, i: number): boolean {
  const here = level[i]!
  return BESIDE.every((step) => (step < 0 ? level[i + step]! > here : level[i + step]! >= here))
}

/** The dot with its middle at a place; undefined where there is none. */
function dotAround(x: number, y: number, lightness: Float32Array, figure: Float32Array): Dot | undefined {
  const circles = RADII.map((radius) => around(lightness, x, y, radius))
  const means = [bilinear(lightness, CANVAS, x, y), ...circles.map(mean)]
  // between this circle and the next one it ends; there is one within and one beyond
  let edge = 0
  for (let k = 1; k + 2 < RADII.length; k++) if (rise(means, k) > rise(means, edge)) edge = k
  const dark = means[edge]!
  const ring = circles[edge + 2]!
  const contrast = mean(ring) - dark
  if (contrast < CONTRAST || Math.min(...ring) - dark < ALL_AROUND * contrast) return undefined
  if (Math.min(...around(figure, x, y, RADII[edge + 2]!)) < FIGURE) return undefined
  return { x, y, radius: RADII[edge]! * Math.SQRT2 ** 0.5, contrast }
}

/** By how much it gets lighter from a circle to the next one; means[0] is the middle. */
function rise(means: readonly number[], circle: number): number {
  return means[circle + 2]! - means[circle + 1]!
}

function around(plane: Float32Array, x: number, y: number, radius: number): number[] {
  return CIRCLE.map(([cos, sin]) => bilinear(plane, CANVAS, x + radius * cos, y + radius * sin))
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function overlap(a: Dot, b: Dot): boolean {
  return Math.hypot(a.x - b.x, a.y - b.y) < a.radius + b.radius
}
