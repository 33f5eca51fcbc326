import type { GraphBuilder } from '../../onnx/builder.ts'
import type { Value } from '../../onnx/graph.ts'
import { tensor, type Tensor } from '../../tensor.ts'

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
  const enlarged = bicubic(tensor([side, side], patches.data), size)
  const least = enlarged.data.reduce((a, b) => Math.min(a, b))
  const most = enlarged.data.reduce((a, b) => Math.max(a, b))
  return tensor(
    enlarged.shape,
    enlarged.data.map((value) => (value - least) / (most - least || 1)),
  )
}

/** Bicubic interpolation as PyTorch does it (Keys 1981 with a = −0.75, half-pixel centres, the border continued). */
function bicubic({ data, shape: [rows = 0, columns = 0] }: Tensor, size: number): Tensor {
  const vertical = taps(rows, size)
  const horizontal = taps(columns, size)
  const result = tensor([size, size])
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      let sum = 0
      for (const [row, down] of vertical[y]!) {
        for (const [column, across] of horizontal[x]!) sum += down * across * data[row * columns + column]!
      }
      result.data[y * size + x] = sum
    }
  }
  return result
}

type Tap = [from: number, weight: number]

/** For each of `size` places, which four of `from` elements it is made of, and how much of each. */
function taps(from: number, size: number): Tap[][] {
  return Array.from({ length: size }, (_, i) => {
    const centre = ((i + 0.5) * from) / size - 0.5
    const first = Math.floor(centre) - 1
    return [0, 1, 2, 3].map((k): Tap => {
      const at = first + k
      return [Math.min(Math.max(at, 0), from - 1), keys(Math.abs(centre - at))]
    })
  })
}

function keys(distance: number): number {
  const a = -0.75
  if (distance <= 1) return ((a + 2) * distance - (a + 3)) * distance ** 2 + 1
  return distance < 2 ? ((a * distance - 5 * a) * distance + 8 * a) * distance - 4 * a : 0
}
