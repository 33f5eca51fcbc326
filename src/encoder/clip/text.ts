import type { GraphBuilder } from '../../onnx/builder.ts'
import { type Value, constantOf } from '../../onnx/graph.ts'
import { tensor, type Tensor } from '../../tensor.ts'
import type { Named } from './named.ts'
import { layerNorm, project, transformer, type Manner } from './transformer.ts'

/** Where a model departs from CLIP: its heads, and how it goes on from [1, width] to the embedding. */
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
 * CLIP's text transformer (Radford et al. 2021): from embedded tokens [1, t, width] and the place of the last one to the
 * embedding of the text [1, d]. No token sees those behind it, so what follows the last one need not be there.
 */
export function textTransformer(
  g: GraphBuilder,
  tokens: Value,
  last: Value,
  weights: Named,
  { heads, projected = projectedText }: TextManner = {},
): Value {
  const [, count, width] = g.shapes.of(tokens) as [number, number, number]
  const positions = weights.read('positional_embedding').data.subarray(0, count * width)
  const placed = g.op('Add', [tokens, g.constant(tensor([count, width], positions))])
  const mask = g.constant(constantOf(causalMask(count)))
  const { layers } = transformer(g, placed, weights.within('transformer.resblocks.'), { mask, ...(heads && { heads }) })
  const seen = g.op('Reshape', [g.op('Gather', [layers.at(-1)!, last], { axis: 1 }), g.ints([1, width])])
  return projected(g, layerNorm(g, seen, weights, 'ln_final'), weights)
}

function projectedText(g: GraphBuilder, x: Value, weights: Named): Value {
  return project(g, x, weights, 'text_projection')
}

/** The rows of the token embedding that belong to these tokens, [1, t, width], with zeros behind them up to `count`. */
export function embedTokens(ids: readonly number[], count: number, table: Tensor): Tensor {
  const width = table.shape[1]!
  const embedded = tensor([1, count, width])
  ids.forEach((id, i) => embedded.data.set(table.data.subarray(id * width, (id + 1) * width), i * width))
  return embedded
}

/** −∞ wherever a token would look at one behind it. */
function causalMask(count: number): Tensor {
  const mask = tensor([count, count])
  for (let row = 0; row < count; row++) mask.data.fill(-Infinity, row * count + row + 1, (row + 1) * count)
  return mask
}
