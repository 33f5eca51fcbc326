import type { Groups } from '../optimiser/groups.ts'
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
    moved: (strokes, change) => kept(changed(strokes, change), strokes),
  }
}

/** Paint on paper: points, widths and colours all move. */
export function paintCanvas(
  kept: (strokes: Strokes, before: Strokes) => Strokes,
  paper?: readonly [number, number, number],
): Canvas<Strokes> {
  return {
    show(strokes) {
      const { output, pullback } = renderStrokes(strokes, paper)
      return { output, terms: {}, pullback: (gradient) => ({ ...pullback(gradient) }) }
    },
    parametersOf: ({ points, widths, colors }) => ({ points, widths, colors: colors! }),
    moved: (strokes, change) => kept(changed(strokes, change), strokes),
  }
}

/** Strokes and a change of them, added up; what has no change stays. */
function changed(strokes: Strokes, change: Groups): Strokes {
  const added = (numbers: Float32Array, by: Float32Array | undefined) => numbers.map((v, i) => v + (by?.[i] ?? 0))
  const { points, widths, colors } = strokes
  return {
    ...strokes,
    points: added(points, change['points']),
    widths: added(widths, change['widths']),
    ...(colors && { colors: added(colors, change['colors']) }),
  }
}

/** Colours are the strokes' own affair: what is looked at is their ink. Made of the same parts each time, it stays compiled. */
function inkOf({ points, widths, segments, width, height }: Strokes) {
  const { output, pullback } = renderStrokes({ points, widths, segments, width, height })
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
