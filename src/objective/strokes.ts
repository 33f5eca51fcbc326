import { doubling } from '../loss/doubling.ts'
import { smoothness } from '../loss/smoothness.ts'
import { areaApart } from '../raster/area.ts'
import { renderStrokes } from '../raster/raster.ts'
import { cubicStarts } from '../strokes/bezier.ts'
import type { Strokes } from '../strokes/strokes.ts'
import type { Tensor } from '../tensor.ts'
import type { Canvas, Shown } from './canvas.ts'

/** How much it counts that strokes are not smooth, and that they lie on each other. */
export interface Manners {
  smoothness: number
  doubling: number
}

/** Ink on paper: points are all that moves. Strokes behave anyhow without manners; `kept` holds them to what is allowed. */
export function inkCanvas(kept: (strokes: Strokes, before: Strokes) => Strokes, manners?: Manners): Canvas<Strokes> {
  return {
    show: (strokes) => (manners ? behaving(strokes, manners) : { ...inkOf(strokes), terms: {} }),
    parametersOf: ({ points }) => ({ points }),
    moved: (strokes, { points }) =>
      kept({ ...strokes, points: strokes.points.map((p, i) => p + points![i]!) }, strokes),
  }
}

/** Colours are the strokes' own affair: what is looked at is their ink. */
function inkOf(strokes: Strokes) {
  const { output, pullback } = renderStrokes({ ...strokes, colors: undefined })
  return { output, pullback: (gradient: Tensor) => ({ points: pullback(gradient).points }) }
}

/** Smoothness, the mean over all cubics, and doubling, both weighted; and their gradients on top of others. */
function behaving(strokes: Strokes, weights: Manners): Shown {
  const ink = inkOf(strokes)
  const starts = cubicStarts(strokes)
  const smooth = smoothness(strokes.points, starts)
  const apart = areaApart(strokes)
  const doubled = doubling(apart.output, ink.output)
  const each = weights.smoothness / starts.length
  return {
    output: ink.output,
    terms: { smoothness: each * smooth.loss, doubling: weights.doubling * doubled.loss },
    pullback({ data, shape }) {
      const { points } = ink.pullback({ shape, data: data.map((g) => g + weights.doubling * doubled.ofDrawn) })
      const longer = apart.pullback(weights.doubling * doubled.ofApart)
      return { points: points.map((g, i) => g + each * smooth.gradient[i]! + longer[i]!) }
    },
  }
}
