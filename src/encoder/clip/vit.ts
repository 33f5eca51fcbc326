import type { GraphBuilder } from '../../onnx/builder.ts'
import { type Constant, laterConstant, type Value } from '../../onnx/graph.ts'
import { tensor } from '../../tensor.ts'
import { bicubic } from './bicubic.ts'
import type { Named } from './named.ts'
import { layerNorm, ownValues, project, transformer } from './transformer.ts'

/**
 * CLIP's vision transformer (Radford et al. 2021, after Dosovitskiy et al. 2021): the picture in square patches, a class
 * token in front of them. From pictures [n, 3, r, r] to what each block puts out, [n, 1 + patches, width], each block's
 * attention, [n, heads, 1 + patches, 1 + patches], and the embedding [n, d].
 */
export function visionTransformer(g: GraphBuilder, pictures: Value, weights: Named) {
  const tokens = patchTokens(g, pictures, weights)
  const { layers, attention } = transformer(g, tokens, weights.within('transformer.resblocks.'))
  const [batch, , width] = g.shapes.of(tokens) as [number, number, number]
  const first = g.op('Slice', [layers.at(-1)!, g.ints([0]), g.ints([1]), g.ints([1])])
  const seen = g.op('Reshape', [first, g.ints([batch, width])])
  return { layers, attention, embedding: project(g, layerNorm(g, seen, weights, 'ln_post'), weights, 'proj') }
}

/**
 * What each patch shows by itself, [n, patches, d], in the space of the texts: of the last block only the way of the values
 * is taken, which needs no training (MaskCLIP: Zhou, Loy and Dai 2022). Pictures [n, 3, h, w] of any size.
 */
export function patchMeanings(g: GraphBuilder, pictures: Value, weights: Named): Value {
  const blocks = weights.within('transformer.resblocks.')
  const last = blocks.count('') - 1
  const tokens = patchTokens(g, pictures, weights)
  const before = last > 0 ? transformer(g, tokens, blocks, { blocks: last }).layers.at(-1)! : tokens
  const values = layerNorm(g, ownValues(g, before, blocks.within(`${last}.`)), weights, 'ln_post')
  const patches = g.op('Slice', [values, g.ints([1]), g.ints([2 ** 31 - 1]), g.ints([1])])
  return project(g, patches, weights, 'proj')
}

/**
 * Pictures [n, 3, h, w] as tokens [n, 1 + patches, width], each in its place, ready for the blocks. Where they have another
 * size than those it was trained with, the places lie closer.
 */
export function patchTokens(g: GraphBuilder, pictures: Value, weights: Named): Value {
  const [batch] = g.shapes.of(pictures) as [number]
  const [width, , patch] = weights.shape('conv1.weight', 4) as [number, number, number]
  const patches = g.op('Conv', [pictures, g.constant(weights.constant('conv1.weight'))], { strides: [patch, patch] })
  const [, , rows, columns] = g.shapes.of(patches) as [number, number, number, number]
  const flat = g.op('Transpose', [g.op('Reshape', [patches, g.ints([batch, width, -1])])], { perm: [0, 2, 1] })
  const classToken = g.op('Expand', [g.constant(weights.constant('class_embedding')), g.ints([batch, 1, width])])
  const tokens = g.op('Concat', [classToken, flat], { axis: 1 })
  const placed = g.op('Add', [tokens, g.constant(positionsFor(weights, rows, columns))])
  return layerNorm(g, placed, weights, 'ln_pre')
}

/** The embedding of places on a grid of so many, after the class token's own. */
function positionsFor(weights: Named, rows: number, columns: number): Constant {
  const [places, width] = weights.shape('positional_embedding', 2) as [number, number]
  const side = Math.round(Math.sqrt(places - 1))
  if (rows === side && columns === side) return weights.constant('positional_embedding')
  return laterConstant([1 + rows * columns, width], () => {
    const { data } = weights.read('positional_embedding')
    const grid = bicubic(tensor([side, side, width], data.subarray(width)), rows, columns)
    const all = new Float32Array(width + grid.data.length)
    all.set(data.subarray(0, width))
    all.set(grid.data, width)
    return all
  })
}

/** The side of the pictures: the positional embedding knows how many patches there are. */
export function transformerResolution(weights: Named): number {
  const [, , patch] = weights.shape('conv1.weight', 4)
  const [places] = weights.shape('positional_embedding', 2)
  return patch! * Math.round(Math.sqrt(places! - 1))
}
