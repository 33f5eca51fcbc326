import { renderStrokes } from '../raster/raster.ts'
import type { Groups } from '../optimiser/groups.ts'
import { type Frame, photoPixels } from '../photo/photo.ts'
import type { Strokes } from '../strokes/strokes.ts'
import { tensor, type Tensor } from '../tensor.ts'
import { CANVAS } from '../units.ts'
import type { Transform } from './transform.ts'
import { underpainting } from './underpainting.ts'

/** As many strokes as a photo is painted in, when nobody says. */
export const STROKES = 320

/** Learning rates, in canvas units and in shares of a colour. */
const RATES = { points: [0.6, 0.06], widths: [0.1, 0.01], colors: [0.03, 0.003] } as const
/** How wide a stroke may be, in canvas units. */
const WIDTHS = { least: 0.8, most: 80 }
/** How far outside of the picture a control point may lie, in canvas units. */
const OUTSIDE = 20
/** Pixels along a side of a part. */
const LONGEST = 512

/**
 * A photo painted anew in strokes of colour: they begin on the photo, in its colours and along its lines. In a larger
 * picture they are as large next to it, and their edges as sharp as its pixels.
 */
export function paintIn(count = STROKES): Transform {
  return {
    init(random, picture) {
      const { strokes, paper } = underpainting(picture, count, random)
      const { points, widths, colors } = strokes
      return { points, widths, colors: colors!, paper: Float32Array.from(paper) }
    },
    rates: RATES,
    apply(parameters, { shape: [, height, width] }) {
      const { output, pullback } = renderStrokes(strokesOf(parameters, width!, height!), paperOf(parameters))
      return { output, terms: {}, pullback: (gradient) => ({ ...pullback(gradient) }) }
    },
    held({ points, widths, colors, paper }, { shape: [, height, width] }) {
      const onPicture = points!.map((v, i) => between(v, -OUTSIDE, (i % 2 ? height! : width!) + OUTSIDE))
      return {
        points: onPicture,
        widths: widths!.map((v) => between(v, WIDTHS.least, WIDTHS.most)),
        colors: colors!.map((v) => between(v, 0, 1)),
        paper: paper!,
      }
    },
    parts(parameters, width, height) {
      const scale = Math.max(width, height) / CANVAS
      return {
        ...{ longest: LONGEST, margin: 0 },
        apply: (part, x, y) => partOf(parameters, part, { x, y, scale }),
      }
    },
  }
}

/** The strokes of a painted photo on its canvas, where it lies in `frame`, and the paper under them. */
export function paintedStrokes(
  parameters: Groups,
  frame: Frame,
): { strokes: Strokes; paper: [number, number, number] } {
  const { left, top } = photoPixels(frame)
  const { points, widths, colors } = strokesOf(parameters, CANVAS, CANVAS)
  const placed = points.map((v, i) => v + (i % 2 ? top : left))
  const [red, green, blue] = paperOf(parameters)
  return { strokes: { points: placed, widths, colors, width: CANVAS, height: CANVAS }, paper: [red, green, blue] }
}

function strokesOf({ points, widths, colors }: Groups, width: number, height: number): Strokes {
  return { points: points!, widths: widths!, colors: colors!, width, height }
}

function paperOf({ paper }: Groups): readonly [number, number, number] {
  return [paper![0]!, paper![1]!, paper![2]!]
}

/**
 * A part of the painting that begins at x, y of the whole, in which a canvas unit is `scale` pixels: only strokes that
 * reach it.
 */
function partOf(
  { points, widths, colors, ...rest }: Groups,
  { shape }: Tensor,
  { x, y, scale }: { x: number; y: number; scale: number },
): Tensor {
  const [, height, width] = shape as [number, number, number]
  const here = Array.from(widths!.keys()).flatMap((i) => {
    const own = points!.subarray(8 * i, 8 * i + 8).map((v, k) => scale * v - (k % 2 ? y : x))
    const reach = scale * widths![i]!
    const beside = (k: 0 | 1, side: number): boolean => {
      const places = [0, 2, 4, 6].map((at) => own[at + k]!)
      return Math.max(...places) < -reach || Math.min(...places) > side + reach
    }
    return beside(0, width) || beside(1, height) ? [] : [{ own, i }]
  })
  const strokes: Strokes = {
    points: Float32Array.from(here.flatMap(({ own }) => [...own])),
    widths: Float32Array.from(here, ({ i }) => scale * widths![i]!),
    colors: Float32Array.from(here.flatMap(({ i }) => [...colors!.subarray(4 * i, 4 * i + 4)])),
    ...{ width, height },
  }
  return tensor(shape, renderStrokes(strokes, paperOf(rest)).output.data)
}

function between(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value))
}
