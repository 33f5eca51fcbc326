import type { Tensor } from '../tensor.ts'
import { cosineDistances, meanOfEach, type SeenLoss, weighted } from './seen.ts'

/** How much each layer, and the embedding, counts. */
export interface LikenessWeights {
  layers: readonly number[]
  embedding: number
}

/**
 * Looking like a picture: weighted mean squared difference of feature layers, plus the weighted 1 − cos of the embeddings
 * when both sides have one. It is CLIPasso's loss (Vinker et al. 2022), and with other layers the built-in encoder's.
 * Layers that weigh nothing are left out of the graph.
 */
export function likeness(
  picture: { layers: readonly Tensor[]; embedding?: Tensor },
  weights: LikenessWeights,
): SeenLoss {
  const counting = weights.layers.flatMap((weight, i) => (weight === 0 ? [] : [i]))
  const embeds = picture.embedding && weights.embedding > 0
  return {
    key: `likeness ${JSON.stringify(weights)} ${Boolean(embeds)}`,
    wanted: {
      ...Object.fromEntries(counting.map((i) => [`layer${i}`, picture.layers[i]!])),
      ...(embeds && { embedding: picture.embedding }),
    },
    terms: (g, seen, wanted) => ({
      ...Object.fromEntries(
        counting.map((i) => {
          const difference = g.op('Sub', [seen.layers[i]!, wanted[`layer${i}`]!])
          const squared = meanOfEach(g, g.op('Mul', [difference, difference]))
          return [`layer${i}`, weighted(g, squared, weights.layers[i]!)]
        }),
      ),
      ...(wanted['embedding'] && {
        embedding: weighted(g, cosineDistances(g, seen.embedding!, wanted['embedding']), weights.embedding),
      }),
    }),
  }
}
