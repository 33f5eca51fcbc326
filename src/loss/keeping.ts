import type { GraphBuilder } from '../onnx/builder.ts'
import type { Value } from '../onnx/graph.ts'
import type { Tensor } from '../tensor.ts'
import { meanOfEach, type SeenLoss, weighted } from './seen.ts'

/** How much it counts that features stay, and that colours do. */
export interface KeepingWeights {
  content: number
  change: number
}

/**
 * Staying as it is: the mean squared difference of one layer of features, `content`, and of the pictures themselves, `change`.
 * `before` holds what was seen: `images` [n, 3, r, r] and `features`, the layer of this number.
 */
export function keeping(
  before: { images: Tensor; features: Tensor },
  layer: number,
  { content, change }: KeepingWeights,
): SeenLoss {
  return {
    key: `keeping ${layer} ${content} ${change}`,
    wanted: before,
    terms: (g, { images, layers }, wanted) => ({
      content: weighted(g, apart(g, layers[layer]!, wanted['features']!), content),
      change: weighted(g, apart(g, images, wanted['images']!), change),
    }),
  }
}

function apart(g: GraphBuilder, one: Value, other: Value): Value {
  const difference = g.op('Sub', [one, other])
  return meanOfEach(g, g.op('Mul', [difference, difference]))
}
