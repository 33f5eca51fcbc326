import type { GraphBuilder } from '../onnx/builder.ts'
import type { Value } from '../onnx/graph.ts'
import type { Tensor } from '../tensor.ts'
import { cosineDistances, type SeenLoss, unitRows, weighted } from './seen.ts'

/**
 * Changing the way a sentence says: 1 − cos between the direction from what was seen before to what is seen now and
 * `direction` [1, d], that from one text to another (StyleGAN-NADA: Gal et al. 2021). `before` is [n, d], one embedding
 * for each picture, or [1, d]. Distances up to `threshold` count as nothing: whoever has come so far need not be pushed
 * further (CLIPstyler: Kwon & Ye 2022).
 */
export function directional(before: Tensor, direction: Tensor, weight = 1, threshold = 0): SeenLoss {
  const name = threshold > 0 ? 'patches' : 'direction'
  return {
    key: `directional ${weight} ${threshold}`,
    wanted: { before, direction },
    terms: (g, { embedding }, wanted) => {
      const change = g.op('Sub', [unitRows(g, embedding!), unitRows(g, wanted['before']!)])
      const distances = cosineDistances(g, steady(g, change), wanted['direction']!)
      return { [name]: weighted(g, threshold > 0 ? above(g, distances, threshold) : distances, weight) }
    },
  }
}

/** Where nothing has changed there is no direction, and the cosine would be 0 / 0: a breath keeps it finite. */
function steady(g: GraphBuilder, change: Value): Value {
  return g.op('Add', [change, g.scalar(1e-7)])
}

/** Numbers of [n] above the threshold as they are, the others 0. */
function above(g: GraphBuilder, numbers: Value, threshold: number): Value {
  const far = g.op('Greater', [numbers, g.scalar(threshold)])
  return g.op('Where', [far, numbers, g.scalar(0)])
}
