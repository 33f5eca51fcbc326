import type { GraphBuilder } from '../../onnx/builder.ts'
import type { Value } from '../../onnx/graph.ts'
import { tensor, type Tensor } from '../../tensor.ts'
import type { Row } from '../row.ts'
import type { Named } from './named.ts'
import { layerNorm, project, transformer, type Manner } from './transformer.ts'

/** Where a model departs from CLIP: its heads, and how it goes on from [t, width] to embeddings. */
export interface TextManner extends Pick<Manner, 'heads'> {
  projected?(g: GraphBuilder, x: Value, weights: Named): Value
}

/** The measures of CLIP's text transformer, read off its weights. */
export function textMeasures(weights: Named): { context: number; width: number; vocabulary: number } {
  const [context] = weights.shape('positional_embedding', 2) as [number]
  const [vocabulary, width] = weights.shape('token_embedding.weight', 2) as [number, number]
  return { context, width, vocabulary }
}

/**
 * CLIP's text transformer (Radford et al. 2021): from embedded tokens [1, t, width], and what is added where one looks at
 * another [t, t], to what a text would mean that ends with each of them [t, d]. No token sees those behind it, so what follows
 * the last one need not be there, or may be another text.
 */
export function textTransformer(
  g: GraphBuilder,
  tokens: Value,
  mask: Value,
  weights: Named,
  { heads, projected = projectedText }: TextManner = {},
): Value {
  const [, count, width] = g.shapes.of(tokens) as [number, number, number]
  const { layers } = transformer(g, tokens, weights.within('transformer.resblocks.'), { mask, ...(heads && { heads }) })
  const seen = g.op('Reshape', [layers.at(-1)!, g.ints([count, width])])
  return projected(g, layerNorm(g, seen, weights, 'ln_final'), weights)
}

function projectedText(g: GraphBuilder, x: Value, weights: Named): Value {
  return project(g, x, weights, 'text_projection')
}

/**
 * What stands in a row of texts, [1, count, width]: for each token its embedding and that of its place in its own text, and
 * zeros where there is none.
 */
export function embedTokens({ texts, count }: Row, table: Tensor, positions: Tensor): Tensor {
  const width = table.shape[1]!
  const embedded = tensor([1, count, width])
  for (const { tokens, start } of texts) {
    for (const [i, id] of tokens.entries()) {
      const at = (start + i) * width
      for (let k = 0; k < width; k++) {
        embedded.data[at + k] = table.data[id * width + k]! + positions.data[i * width + k]!
      }
    }
  }
  return embedded
}
