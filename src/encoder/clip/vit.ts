import type { GraphBuilder } from '../../onnx/builder.ts'
import type { Value } from '../../onnx/graph.ts'
import type { Named } from './named.ts'
import { layerNorm, project, transformer } from './transformer.ts'

/**
 * CLIP's vision transformer (Radford et al. 2021, after Dosovitskiy et al. 2021): the picture in square patches, a class
 * token in front of them. From pictures [n, 3, r, r] to what each block puts out, [n, 1 + patches, width], each block's
 * attention, [n, heads, 1 + patches, 1 + patches], and the embedding [n, d].
 */
export function visionTransformer(g: GraphBuilder, pictures: Value, weights: Named) {
  const [batch] = g.shapes.of(pictures) as [number]
  const [width, , patch] = weights.shape('conv1.weight', 4) as [number, number, number]
  const patches = g.op('Conv', [pictures, g.constant(weights.constant('conv1.weight'))], { strides: [patch, patch] })
  const rows = g.op('Transpose', [g.op('Reshape', [patches, g.ints([batch, width, -1])])], { perm: [0, 2, 1] })
  const classToken = g.op('Expand', [g.constant(weights.constant('class_embedding')), g.ints([batch, 1, width])])
  const tokens = g.op('Concat', [classToken, rows], { axis: 1 })
  const placed = g.op('Add', [tokens, g.constant(weights.constant('positional_embedding'))])

  const blocks = weights.within('transformer.resblocks.')
  const { layers, attention } = transformer(g, layerNorm(g, placed, weights, 'ln_pre'), blocks)
  const first = g.op('Slice', [layers.at(-1)!, g.ints([0]), g.ints([1]), g.ints([1])])
  const seen = g.op('Reshape', [first, g.ints([batch, width])])
  return { layers, attention, embedding: project(g, layerNorm(g, seen, weights, 'ln_post'), weights, 'proj') }
}

/** The side of the pictures: the positional embedding knows how many patches there are. */
export function transformerResolution(weights: Named): number {
  const [, , patch] = weights.shape('conv1.weight', 4)
  const [places] = weights.shape('positional_embedding', 2)
  return patch! * Math.round(Math.sqrt(places! - 1))
}
