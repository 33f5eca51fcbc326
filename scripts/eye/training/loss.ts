import type { GraphBuilder } from '../../../src/onnx/builder.ts'
import type { Value } from '../../../src/onnx/graph.ts'
import { tensor } from '../../../src/tensor.ts'
import type { Heads } from './net.ts'

/** What the net should have said, each [n, 1, h, w] of 0…1. */
export interface Labels {
  lines: Value
  figure: Value
  /** 0 where nothing is asked: in what continues the photo to a square. */
  inside: Value
}

/** Values of one number each; `total` is what is made small. */
export interface Losses {
  total: Value
  lines: Value
  figure: Value
  overlap: Value
  coarse: Value
}

const SHARES = { lines: 1, figure: 0.6, overlap: 0.3, coarse: 0.4 }

/** A place on a line counts so many times more than one on none: few places are. */
const LINES_COUNT = 5
/** Likewise for a place in a thin part of the figure, such as a leg: it is small, and it is what makes the figure. */
const THIN_COUNTS = 3
/** Parts thinner than so many places of the figure's head (two pixels each) are thin. */
const THIN = 5
/** So many places of a figure that has none, so that 0 of 0 is no number. */
const EVEN = 1

/** How far the heads are off: cross entropies, and the share of the figure that is not met (soft Jaccard, per picture). */
export function lossOf(g: GraphBuilder, heads: Heads, labels: Labels): Losses {
  const op = (name: string, ...inputs: Value[]): Value => g.op(name, inputs)
  const num = (value: number): Value => g.scalar(value)
  const total = (x: Value): Value => g.op('ReduceSum', [x], { keepdims: 0 })
  const shrunk = (x: Value, factor: number): Value =>
    g.op('AveragePool', [x], { kernel_shape: [factor, factor], strides: [factor, factor] })
  /** Mean of the cross entropy over the places that count. */
  const entropy = (logits: Value, wanted: Value, weight: Value, norm: Value): Value => {
    const each = op('Sub', op('Softplus', logits), op('Mul', logits, wanted))
    return op('Div', total(op('Mul', each, weight)), total(norm))
  }

  const wanted = widened(g, labels.lines)
  const worth = op('Add', op('Mul', wanted, num(LINES_COUNT)), num(1))
  const lines = entropy(heads.lines, wanted, op('Mul', worth, labels.inside), labels.inside)

  const half = shrunk(labels.figure, 2)
  const inside = shrunk(labels.inside, 2)
  const thin = op('Add', op('Mul', thinParts(g, half), num(THIN_COUNTS)), num(1))
  const figure = entropy(heads.figure, half, op('Mul', thin, inside), inside)

  const said = op('Mul', op('Sigmoid', heads.figure), inside)
  const perPicture = (x: Value): Value => g.op('ReduceSum', [x, g.ints([1, 2, 3])], { keepdims: 0 })
  const both = perPicture(op('Mul', said, half))
  const either = op('Sub', op('Add', perPicture(said), perPicture(op('Mul', half, inside))), both)
  const met = op('Div', op('Add', both, num(EVEN)), op('Add', either, num(EVEN)))
  const overlap = op('Sub', num(1), g.op('ReduceMean', [met], { keepdims: 0 }))

  const factor = g.shapes.of(labels.figure)[2]! / g.shapes.of(heads.coarse)[2]!
  const insideCoarse = shrunk(labels.inside, factor)
  const coarse = entropy(heads.coarse, shrunk(labels.figure, factor), insideCoarse, insideCoarse)

  const parts = { lines, figure, overlap, coarse }
  const weighed = (['lines', 'figure', 'overlap', 'coarse'] as const).map((part) =>
    op('Mul', parts[part], num(SHARES[part])),
  )
  return { total: op('Sum', ...weighed), ...parts }
}

/** A line of one pixel, blurred to about three with its height kept, as nobody draws it more exactly. */
function widened(g: GraphBuilder, lines: Value): Value {
  const kernel = tensor(
    [1, 1, 3, 3],
    Float32Array.of(1, 2, 1, 2, 4, 2, 1, 2, 1).map((v) => v * (2 / 16)),
  )
  const blurred = g.op('Conv', [lines, g.constant(kernel)], { pads: [1, 1, 1, 1] })
  return g.op('Clip', [blurred, g.scalar(0), g.scalar(1)])
}

/** What a morphological opening takes away. */
function thinParts(g: GraphBuilder, figure: Value): Value {
  const pad = (THIN - 1) / 2
  const largest = (x: Value): Value => g.op('MaxPool', [x], { kernel_shape: [THIN, THIN], pads: [pad, pad, pad, pad] })
  const outside = g.op('Sub', [g.scalar(1), figure])
  const eroded = g.op('Sub', [g.scalar(1), largest(outside)])
  return g.op('Sub', [figure, largest(eroded)])
}
