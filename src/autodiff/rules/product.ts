import type { Value } from '../../onnx/graph.ts'
import { gemmParameters } from '../../onnx/parameters.ts'
import type { Ops } from '../ops.ts'
import type { Rule } from '../rule.ts'

export const PRODUCT = {
  /** Y = AB: dA = dY Bᵀ, dB = Aᵀ dY, for each matrix of a batch. */
  MatMul: ({ o, inputs: [a, b], dy }) => {
    const [shapeA, shapeB] = [o.shape(a), o.shape(b)]
    const matrixA = asMatrix(o, a, 'row')
    const matrixB = asMatrix(o, b, 'column')
    // The axes that a vector loses in the product come back.
    const gradient = vectorsKept(o, dy, shapeA.length === 1, shapeB.length === 1)
    return [
      () => unlessVector(o, o.matmul(gradient, o.transposeLast(matrixB)), shapeA),
      () => unlessVector(o, o.matmul(o.transposeLast(matrixA), gradient), shapeB),
    ]
  },

  /** Y = α A′B′ + β C, with A′ and B′ transposed or not. */
  Gemm: ({ o, node, inputs: [a, b], dy }) => {
    const { alpha, beta, transA, transB } = gemmParameters(node)
    const product = (left: Value, right: Value, transLeft: boolean, transRight: boolean) =>
      o.g.op('Gemm', [left, right], { alpha: { float: alpha }, transA: Number(transLeft), transB: Number(transRight) })
    return [
      () => (transA ? product(b, dy, transB, true) : product(dy, b, false, !transB)),
      () => (transB ? product(dy, a, true, transA) : product(a, dy, !transA, false)),
      () => (beta === 1 ? dy : o.mul(dy, beta)),
    ]
  },
} satisfies Record<string, Rule>

function asMatrix(o: Ops, x: Value, as: 'row' | 'column'): Value {
  const shape = o.shape(x)
  if (shape.length > 1) return x
  return o.reshape(x, as === 'row' ? [1, ...shape] : [...shape, 1])
}

function vectorsKept(o: Ops, dy: Value, row: boolean, column: boolean): Value {
  const shape = o.shape(dy)
  const columns = column ? [1] : shape.slice(-1)
  const rest = column ? shape : shape.slice(0, -1)
  return o.reshape(dy, [...rest, ...(row ? [1] : []), ...columns])
}

/** A vector's gradient loses the axis that it was given; with a batch in front, the walk sums it back. */
function unlessVector(o: Ops, gradient: Value, shape: readonly number[]): Value {
  if (shape.length > 1) return gradient
  const batch = o.shape(gradient).slice(0, -2)
  return o.reshape(gradient, [...batch, ...shape])
}
