import type { ImageEncoder } from '../encoder/encoder.ts'
import { resized } from '../resize.ts'
import type { SeenLoss } from '../loss/seen.ts'
import type { Groups } from '../optimiser/groups.ts'
import { stopwatch, type Stopwatch } from '../stopwatch.ts'
import type { Step, Tensor } from '../tensor.ts'
import { look, type Lens } from '../views/look.ts'
import type { View } from '../views/view.ts'
import { warpOf } from '../views/warp.ts'
import type { Canvas, Terms } from './canvas.ts'
import type { Eye, Ready, Want } from './wants.ts'

/** How far a drawing is from what is wanted, and which way its parameters should go to come nearer. */
export interface Verdict {
  /** The sum of the terms, each the mean over what was looked at. */
  loss: number
  terms: Terms
  /** The same for the drawing as it is, without any view. */
  plain: { loss: number; terms: Terms }
  /** The loss of each look: of the drawing as it is, and then through each view. */
  each: number[]
  /** Of the loss in the parameters. */
  gradient: Groups
}

/** Judges a drawing as it is and, beside that, through each of the views; without any, through none. */
export type Objective<Work> = (work: Work, views: readonly View[]) => Promise<Verdict>

/** What a drawing is made of, and what is wanted of it. */
export interface Wanted<Work> {
  canvas: Canvas<Work>
  encoder: ImageEncoder
  wants: readonly Want[]
  /** Views that will come again and again. What the encoder sees in pictures through them is found out once. */
  bank: readonly View[]
}

/** Makes an objective of what is wanted. Tells `watch` what each judgement spends its time on. */
export async function openObjective<Work>(
  { canvas, encoder, wants, bank }: Wanted<Work>,
  watch: Stopwatch = stopwatch(),
): Promise<Objective<Work>> {
  const see: Eye['see'] = (image, lenses) => seen(image, lenses, encoder.resolution)
  const lensOf = new Map(bank.map((view) => [view, warpOf(view)]))
  const placeOf = new Map(bank.map((view, i) => [view, i + 1]))
  const ready: Ready[] = []
  for (const want of wants) ready.push(await want({ encoder, see, lenses: [undefined, ...lensOf.values()] }))
  watch.lap('photo')

  return async (work, views) => {
    const drawing = await canvas.show(work)
    watch.lap('raster')
    const lenses = [undefined, ...views.map((view) => lensOf.get(view) ?? warpOf(view))]
    const places = [0, ...views.map((view) => placeOf.get(view))]
    const known = places.every((place) => place !== undefined)
    const shown = see(drawing.output, lenses)
    watch.lap('views')
    const losses: SeenLoss[] = []
    for (const lossOf of ready) losses.push(await lossOf({ lenses, ...(known && { places }) }))
    const opinion = await encoder.judge(shown.output, losses)
    watch.lap('encoder')
    const ofDrawing = shown.pullback(opinion.gradient)
    watch.lap('views')
    const gradient = await drawing.pullback(ofDrawing)
    watch.lap('raster')
    return {
      ...judgement({ ...opinion.terms, ...drawing.terms }),
      plain: judgement({ ...opinion.each[0], ...drawing.terms }),
      each: opinion.each.map((terms) => judgement({ ...terms, ...drawing.terms }).loss),
      gradient,
    }
  }
}

function judgement(terms: Terms): { loss: number; terms: Terms } {
  return { loss: Object.values(terms).reduce((sum, term) => sum + term, 0), terms }
}

/** A picture through several lenses, as large as the encoder wants it. */
function seen(picture: Tensor, lenses: readonly Lens[], resolution: number): Step<Tensor, Tensor> {
  const through = look(picture, lenses)
  const shown = resized(through.output, resolution)
  return { output: shown.output, pullback: (gradient) => through.pullback(shown.pullback(gradient)) }
}
