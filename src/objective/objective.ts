import type { Comparison, ImageEncoder, Target } from '../encoder/encoder.ts'
import { targetOfSome } from '../encoder/batches.ts'
import { resized } from '../encoder/resize.ts'
import { FewlineError } from '../errors.ts'
import type { Groups } from '../optimiser/groups.ts'
import { stopwatch, type Stopwatch } from '../stopwatch.ts'
import type { Step, Tensor } from '../tensor.ts'
import { look, type Lens } from '../views/look.ts'
import type { View } from '../views/view.ts'
import { warpOf } from '../views/warp.ts'
import type { Canvas, Terms } from './canvas.ts'

/** How far a drawing is from what is wanted, and which way its parameters should go to come nearer. */
export interface Verdict {
  /** The sum of the terms, each the mean over what was looked at. */
  loss: number
  terms: Terms
  /** The same for the drawing as it is, without any view. */
  plain: { loss: number; terms: Terms }
  /** Of the loss in the parameters. */
  gradient: Groups
}

/** Judges a drawing as it is and, beside that, through each of the views; without any, through none. */
export type Objective<Work> = (work: Work, views: readonly View[]) => Promise<Verdict>

/** What is wanted of a drawing. */
export interface Wanted<Work> {
  /** What the drawing is made of. */
  canvas: Canvas<Work>
  encoder: ImageEncoder
  /** What it should look like to the encoder: [CANVAS, CANVAS] or [3, CANVAS, CANVAS], 0..1. */
  picture: Tensor
  /** Views that will come again and again. What the encoder sees in the picture through them is found out once. */
  bank: readonly View[]
  /** What it should be a picture of, and how much that counts. */
  text?: { prompt: string; weight: number }
}

/** Makes an objective of what is wanted. Tells `watch` what each judgement spends its time on. */
export async function openObjective<Work>(
  wanted: Wanted<Work>,
  watch: Stopwatch = stopwatch(),
): Promise<Objective<Work>> {
  const { canvas, encoder, picture, bank, text } = wanted
  const see = (image: Tensor, lenses: readonly Lens[]): Step<Tensor, Tensor> => seen(image, lenses, encoder.resolution)
  const lensOf = new Map(bank.map((view) => [view, warpOf(view)]))
  const placeOf = new Map(bank.map((view, i) => [view, i + 1]))
  const known = await encoder.prepare(see(picture, [undefined, ...lensOf.values()]).output)
  const sentence = text && (await read(encoder, text.prompt))
  watch.lap('photo')

  const targetFor = (views: readonly View[], lenses: readonly Lens[]): Target | Tensor => {
    const places = views.map((view) => placeOf.get(view))
    return places.every((place) => place !== undefined)
      ? targetOfSome(known, [0, ...places])
      : see(picture, lenses).output
  }

  return async (work, views) => {
    const drawing = canvas.show(work)
    watch.lap('raster')
    const lenses = [undefined, ...views.map((view) => lensOf.get(view) ?? warpOf(view))]
    const target = targetFor(views, lenses)
    const shown = see(drawing.output, lenses)
    watch.lap('views')
    const opinions: Comparison[] = [await encoder.compare(shown.output, target)]
    if (text && sentence && encoder.compareText) {
      opinions.push(weighted(text.weight, await encoder.compareText(shown.output, sentence)))
    }
    watch.lap('encoder')
    const ofDrawing = shown.pullback(summed(opinions.map(({ gradient }) => gradient)))
    watch.lap('views')
    const gradient = drawing.pullback(ofDrawing)
    watch.lap('raster')
    return {
      ...judgement(merged([...opinions.map(({ terms }) => terms), drawing.terms])),
      plain: judgement(merged([...opinions.map(({ each }) => each[0]!), drawing.terms])),
      gradient,
    }
  }
}

function merged(parts: readonly Terms[]): Terms {
  return Object.assign({}, ...parts) as Terms
}

function judgement(terms: Terms): { loss: number; terms: Terms } {
  return { loss: Object.values(terms).reduce((sum, term) => sum + term, 0), terms }
}

async function read({ name, encodeText }: ImageEncoder, prompt: string): Promise<Tensor> {
  if (encodeText) return encodeText([prompt])
  throw new FewlineError({
    kind: 'call',
    expected: 'an encoder that reads, for the text',
    came: `${name} sees only`,
    todo: 'choose a CLIP model with --encoder, or leave the text out',
  })
}

/** A picture through several lenses, as large as the encoder wants it. */
function seen(picture: Tensor, lenses: readonly Lens[], resolution: number): Step<Tensor, Tensor> {
  const through = look(picture, lenses)
  const shown = resized(through.output, resolution)
  return { output: shown.output, pullback: (gradient) => through.pullback(shown.pullback(gradient)) }
}

function weighted(weight: number, { loss, terms, each, gradient }: Comparison): Comparison {
  const scaled = (by: Terms): Terms => Object.fromEntries(Object.entries(by).map(([name, v]) => [name, weight * v]))
  return {
    loss: weight * loss,
    terms: scaled(terms),
    each: each.map(scaled),
    gradient: { ...gradient, data: gradient.data.map((g) => weight * g) },
  }
}

function summed([first, ...others]: readonly Tensor[]): Tensor {
  if (others.length === 0) return first!
  return { ...first!, data: first!.data.map((g, i) => others.reduce((sum, { data }) => sum + data[i]!, g)) }
}
