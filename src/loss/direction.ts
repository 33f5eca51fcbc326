import type { GraphBuilder } from '../onnx/builder.ts'
import type { Value } from '../onnx/graph.ts'
import type { Tensor } from '../tensor.ts'
import { cosineDistances, type SeenLoss, unitRows, weighted } from './seen.ts'

/**
 * Changing the way a sentence says: 1 − cos between the direction from what was seen before to what is seen now and
 * `direction` [1, d], that from one text to another (StyleGAN-NADA: Gal et al. 2021). `before` is [n, d], one embedding
 * for each picture, or [1, d]. Distances up to `threshold` count as nothing: whoever has come so far need not be pushed
 * further (CLIPstyler: Kwon & Ye 2022). With a `least` way, one much shorter than that is worth little: the cosine alone
 * would be content with the right direction of next to no change.
 */
export function directional(before: Tensor, direction: Tensor, weight = 1, threshold = 0, least = 0): SeenLoss {
  const name = threshold > 0 ? 'patches' : 'direction'
  return {
    key: `directional ${weight} ${threshold} ${least}`,
    wanted: { before, direction },
    terms: (g, { embedding }, wanted) => {
      const change = g.op('Sub', [unitRows(g, embedding!), unitRows(g, wanted['before']!)])
      const distances =
        least > 0
          ? shortOf(g, change, wanted['direction']!, least)
          : cosineDistances(g, steady(g, change), wanted['direction']!)
      return { [name]: weighted(g, threshold > 0 ? above(g, distances, threshold) : distances, weight) }
    },
  }
}

/** Where nothing has changed there is no direction, and the cosine would be 0 / 0: a breath keeps it finite. */
function steady(g: GraphBuilder, change: Value): Value {
  return g.op('Add', [change, g.scalar(1e-7)])
}

/** 1 − c · d / √(|c|² + least²) of changes c [n, d] and a direction d [1, d] of length 1: finite where nothing has changed. */
function shortOf(g: GraphBuilder, change: Value, direction: Value, least: number): Value {
  const dot = (x: Value, y: Value): Value => g.op('ReduceSum', [g.op('Mul', [x, y]), g.ints([1])], { keepdims: 0 })
  const length = g.op('Sqrt', [g.op('Add', [dot(change, change), g.scalar(least * least)])])
  return g.op('Sub', [g.scalar(1), g.op('Div', [dot(change, direction), length])])
}

/** Numbers of [n] above the threshold as they are, the others 0. */
function above(g: GraphBuilder, numbers: Value, threshold: number): Value {
  const far = g.op('Greater', [numbers, g.scalar(threshold)])
  return g.op('Where', [far, numbers, g.scalar(0)])
}
