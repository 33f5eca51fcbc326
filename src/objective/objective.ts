import type { Comparison, ImageEncoder, Target } from '../encoder/encoder.ts'
import { targetOfSome } from '../encoder/batches.ts'
import { resized } from '../encoder/resize.ts'
import { smoothness } from '../loss/smoothness.ts'
import { renderStrokes } from '../raster/raster.ts'
import { stopwatch, type Stopwatch } from '../stopwatch.ts'
import { cubicStarts } from '../strokes/bezier.ts'
import type { Strokes } from '../strokes/strokes.ts'
import type { Step, Tensor } from '../tensor.ts'
import { look, type Lens } from '../views/look.ts'
import type { View } from '../views/view.ts'
import { warpOf } from '../views/warp.ts'

/** How far a drawing is from what is wanted, and which way its points should go to come nearer. */
export interface Verdict {
  /** The sum of the terms, each the mean over what was looked at. */
  loss: number
  terms: Record<string, number>
  /** Of the loss in the strokes' points. */
  gradient: Float32Array
}

/** Judges strokes as they are and, beside that, through each of the views; without any, through none. */
export type Objective = (strokes: Strokes, views: readonly View[]) => Promise<Verdict>

/** What is wanted of a drawing. */
export interface Wanted {
  encoder: ImageEncoder
  /** What it should look like to the encoder: [CANVAS, CANVAS] or [3, CANVAS, CANVAS], 0..1. */
  picture: Tensor
  /** Views that will come again and again. What the encoder sees in the picture through them is found out once. */
  bank: readonly View[]
  /** How much the smoothness of all strokes together counts; 0 when absent. */
  smoothness?: number
  /** What it should be a picture of, and how much that counts. */
  text?: { prompt: string; weight: number }
}

/** Makes an objective of what is wanted. Tells `watch` what each judgement spends its time on. */
export async function openObjective(wanted: Wanted, watch: Stopwatch = stopwatch()): Promise<Objective> {
  const { encoder, picture, bank, text } = wanted
  const see = (image: Tensor, lenses: readonly Lens[]): Step<Tensor, Tensor> => seen(image, lenses, encoder.resolution)
  const lensOf = new Map(bank.map((view) => [view, warpOf(view)]))
  const placeOf = new Map(bank.map((view, i) => [view, i + 1]))
  const known = await encoder.prepare(see(picture, [undefined, ...lensOf.values()]).output)
  const sentence = text && (await encoder.encodeText?.([text.prompt]))
  watch.lap('photo')

  const targetFor = (views: readonly View[], lenses: readonly Lens[]): Target | Tensor => {
    const places = views.map((view) => placeOf.get(view))
    return places.every((place) => place !== undefined)
      ? targetOfSome(known, [0, ...places])
      : see(picture, lenses).output
  }

  return async (strokes, views) => {
    // Colours are the strokes' own affair: what is looked at is their ink.
    const drawing = renderStrokes({ ...strokes, colors: undefined })
    watch.lap('raster')
    const lenses = [undefined, ...views.map((view) => lensOf.get(view) ?? warpOf(view))]
    const target = targetFor(views, lenses)
    const shown = see(drawing.output, lenses)
    watch.lap('views')
    const opinions: Comparison[] = [await encoder.compare(shown.output, target)]
    if (text && sentence && encoder.compareText) {
      opinions.push(weighted('text', text.weight, await encoder.compareText(shown.output, sentence)))
    }
    watch.lap('encoder')
    const ofDrawing = shown.pullback(summed(opinions.map(({ gradient }) => gradient)))
    watch.lap('views')
    const { points } = drawing.pullback(ofDrawing)
    watch.lap('raster')
    return withSmoothness(wanted.smoothness ?? 0, strokes, {
      loss: opinions.reduce((sum, { loss }) => sum + loss, 0),
      terms: Object.assign({}, ...opinions.map(({ terms }) => terms)) as Verdict['terms'],
      gradient: points,
    })
  }
}

/** A picture through several lenses, as large as the encoder wants it. */
function seen(picture: Tensor, lenses: readonly Lens[], resolution: number): Step<Tensor, Tensor> {
  const through = look(picture, lenses)
  const shown = resized(through.output, resolution)
  return { output: shown.output, pullback: (gradient) => through.pullback(shown.pullback(gradient)) }
}

function weighted(name: string, weight: number, { loss, gradient }: { loss: number; gradient: Tensor }): Comparison {
  return {
    loss: weight * loss,
    terms: { [name]: weight * loss },
    gradient: { ...gradient, data: gradient.data.map((g) => weight * g) },
  }
}

function summed([first, ...others]: readonly Tensor[]): Tensor {
  if (others.length === 0) return first!
  return { ...first!, data: first!.data.map((g, i) => others.reduce((sum, { data }) => sum + data[i]!, g)) }
}

function withSmoothness(weight: number, strokes: Strokes, verdict: Verdict): Verdict {
  if (weight === 0) return verdict
  const starts = cubicStarts(strokes)
  const each = weight / starts.length
  const bent = smoothness(strokes.points, starts)
  return {
    loss: verdict.loss + each * bent.loss,
    terms: { ...verdict.terms, smoothness: each * bent.loss },
    gradient: verdict.gradient.map((g, i) => g + each * bent.gradient[i]!),
  }
}
