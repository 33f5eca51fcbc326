import type { GraphBuilder } from '../../onnx/builder.ts'
import type { Value } from '../../onnx/graph.ts'
import { tensor, type Tensor } from '../../tensor.ts'
import { bicubic } from './bicubic.ts'

/**
 * How much the class token looks at each patch, [patches]: the mean over all heads and blocks of their attention,
 * [1, heads, 1 + patches, 1 + patches] each (Vinker et al. 2022, section 3.3).
 */
export function classAttention(g: GraphBuilder, attention: readonly Value[]): Value {
  const rows = attention.map((block) => {
    const mean = g.op('ReduceMean', [block], { axes: [1], keepdims: 0 })
    return g.op('Slice', [mean, g.ints([0, 1]), g.ints([1, 2 ** 31 - 1]), g.ints([1, 2])])
  })
  return g.op('ReduceMean', [rows.length > 1 ? g.op('Concat', rows, { axis: 0 }) : rows[0]!], {
    axes: [0, 1],
    keepdims: 0,
  })
}

/** A square map of patches as a picture [size, size] between 0 and 1. */
export function relevanceMap(patches: Tensor, size: number): Tensor {
  const side = Math.round(Math.sqrt(patches.data.length))
  const enlarged = bicubic(tensor([side, side], patches.data), size, size)
  const least = enlarged.data.reduce((a, b) => Math.min(a, b))
  const most = enlarged.data.reduce((a, b) => Math.max(a, b))
  return tensor(
    [size, size],
    enlarged.data.map((value) => (value - least) / (most - least || 1)),
  )
}
