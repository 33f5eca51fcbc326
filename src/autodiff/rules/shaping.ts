import { FewlineError } from '../../errors.ts'
import { type Value, intAttribute, stringAttribute } from '../../onnx/graph.ts'
import { axisFrom, gathered, padding, permutationOf, range, slicedRuns, zeros } from '../../onnx/parameters.ts'
import type { Ops } from '../ops.ts'
import type { Rule } from '../rule.ts'

/** The rule of what only changes the shape: it changes back. */
const shapeBack: Rule = ({ o, x, dy }) => [() => o.reshape(dy, o.shape(x))]

export const SHAPING = {
  Reshape: shapeBack,
  Flatten: shapeBack,
  Squeeze: shapeBack,
  Unsqueeze: shapeBack,

  Transpose: ({ o, node, x, dy }) => [
    () => {
      const perm = permutationOf(node, o.shape(x).length)
      return o.transpose(
        dy,
        range(perm.length).map((axis) => perm.indexOf(axis)),
      )
    },
  ],

  DepthToSpace: ({ o, node, x, dy }) => [
    () => {
      const [batch, channels, height, width] = o.shape(dy)
      const block = intAttribute(node, 'blocksize', 1)
      const rows = [height! / block, block]
      const columns = [width! / block, block]
      const cut = o.reshape(dy, [batch!, channels!, ...rows, ...columns])
      const blocksLast = stringAttribute(node, 'mode', 'DCR') === 'CRD'
      return o.reshape(o.transpose(cut, blocksLast ? [0, 1, 3, 5, 2, 4] : [0, 3, 5, 1, 2, 4]), o.shape(x))
    },
  ],
  SpaceToDepth: ({ o, node, dy }) => [
    () => o.g.op('DepthToSpace', [dy], { blocksize: intAttribute(node, 'blocksize', 1) }),
  ],

  // What was broadcast is summed back by the walk.
  Expand: ({ dy }) => [() => dy],
  Tile: ({ o, x, dy }) => [
    () => {
      const [shape, tiled] = [o.shape(x), o.shape(dy)]
      const copies = o.reshape(
        dy,
        shape.flatMap((side, axis) => [tiled[axis]! / side, side]),
      )
      return o.reshape(
        o.sum(
          copies,
          range(shape.length).map((axis) => 2 * axis),
        ),
        shape,
      )
    },
  ],

  Concat: ({ o, node, dy }) => {
    const axis = axisFrom(intAttribute(node, 'axis', 0), o.shape(dy).length)
    let end = 0
    return node.inputs.map((input) => {
      const start = end
      end += o.shape(input)[axis]!
      const until = end
      return () => o.slice(dy, axis, start, until)
    })
  },
  Split: ({ o, node, x, gradients }) => [
    () => {
      const axis = axisFrom(intAttribute(node, 'axis', 0), o.shape(x).length)
      const parts = node.outputs.map((output, i) => gradients[i] ?? o.filled(0, output))
      return o.g.op('Concat', parts, { axis })
    },
  ],

  Slice: ({ o, node, x, dy }) => [
    () => {
      const shape = o.shape(x)
      const before = shape.map(() => 0)
      const after = shape.map(() => 0)
      let gradient = dy
      for (const { axis, start, step, length } of slicedRuns(node, o.g.shapes)) {
        if (step === 1) {
          before[axis] = start
          after[axis] = shape[axis]! - start - length
        } else {
          gradient = putBack(
            o,
            gradient,
            axis,
            range(length).map((i) => start + i * step),
            shape[axis]!,
          )
        }
      }
      return o.pad(gradient, before, after)
    },
  ],

  /** The indices have to be constant. */
  Gather: ({ o, node, x, dy }) => [
    () => {
      const shape = o.shape(x)
      const axis = axisFrom(intAttribute(node, 'axis', 0), shape.length)
      const side = shape[axis]!
      const indices = gathered(node, o.g.shapes, side)
      return putBack(o, o.reshape(dy, shape.with(axis, indices.length)), axis, indices, side)
    },
  ],

  Pad: ({ o, node, x, dy }) => [
    () => {
      const { before, after } = padding(node, o.g.shapes)
      const mode = stringAttribute(node, 'mode', 'constant')
      if (mode === 'constant')
        return o.pad(
          dy,
          before.map((n) => -n),
          after.map((n) => -n),
        )
      return o.shape(x).reduce((gradient, side, axis) => {
        if (before[axis] === 0 && after[axis] === 0) return gradient
        const sources = range(before[axis]! + side + after[axis]!).map((i) => sourceOf(mode, i - before[axis]!, side))
        return putBack(o, gradient, axis, sources, side)
      }, dy)
    },
  ],
} satisfies Record<string, Rule>

/** Along one axis of `side` elements: adds each gradient to the element, out of `sources`, that it came from. */
function putBack(o: Ops, gradient: Value, axis: number, sources: readonly number[], side: number): Value {
  if (sources.length === 1) {
    const amount = (n: number) => o.shape(gradient).map((_, i) => (i === axis ? n : 0))
    return o.pad(gradient, amount(sources[0]!), amount(side - 1 - sources[0]!))
  }
  const matrix = zeros(side, sources.length)
  sources.forEach((source, i) => (matrix[source]![i] = 1))
  return o.along(gradient, axis, matrix)
}

/** Which element a Pad repeats at `position` outside (or inside) of 0 … side − 1. */
function sourceOf(mode: string, position: number, side: number): number {
  switch (mode) {
    case 'edge':
      return Math.min(Math.max(position, 0), side - 1)
    case 'reflect':
      return side - 1 - Math.abs(side - 1 - Math.abs(position))
    case 'wrap':
      return (position + side) % side
    default:
      throw new FewlineError({
        kind: 'model',
        expected: 'Pad to be constant, edge, reflect or wrap',
        came: `its mode is ${mode}`,
        todo: 'export the model with one of these',
      })
  }
}
