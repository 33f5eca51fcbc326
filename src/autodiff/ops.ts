import { FewlineError } from '../errors.ts'
import type { GraphBuilder } from '../onnx/builder.ts'
import { type ElementType, codeOf } from '../onnx/elements.ts'
import { type Value, constantFrom } from '../onnx/graph.ts'
import { range } from '../onnx/parameters.ts'
import { sizeOf } from '../tensor.ts'

/** In all matrices that are written into a graph: 64 MB. Those of CLIP are a thousandth of that. */
const MOST_TABLED = 2 ** 24

/** A value of the graph, or a number that takes on the type of what it is combined with. */
export type Operand = Value | number

/**
 * The operators that rules write gradients with, as functions: each adds nodes to the graph and returns their output.
 * They speak the graph's own opset (11 or later).
 */
export class Ops {
  readonly g: GraphBuilder
  /** The numbers in all matrices so far. */
  private tabled = 0

  constructor(g: GraphBuilder) {
    this.g = g
  }

  shape(x: Value): number[] {
    return this.g.shapes.of(x)
  }

  type(x: Value): ElementType {
    return this.g.shapes.typeOf(x)
  }

  /** The numbers of a value that doesn't depend on the graph's inputs. */
  numbers(x: Value): number[] | undefined {
    return this.g.shapes.numbers(x)
  }

  add(a: Operand, b: Operand): Value {
    return this.binary('Add', a, b)
  }

  sub(a: Operand, b: Operand): Value {
    return this.binary('Sub', a, b)
  }

  mul(a: Operand, b: Operand): Value {
    return this.binary('Mul', a, b)
  }

  div(a: Operand, b: Operand): Value {
    return this.binary('Div', a, b)
  }

  pow(a: Operand, b: Operand): Value {
    return this.binary('Pow', a, b)
  }

  /** A function of one value, by its operator's name. */
  apply(op: string, x: Value): Value {
    return this.g.op(op, [x])
  }

  where(condition: Value, a: Operand, b: Operand): Value {
    return this.g.op('Where', [condition, ...this.alike(a, b)])
  }

  /** 1 where the condition holds, else 0, in the type of `like`. */
  indicator(condition: Value, like: Value): Value {
    return this.g.op('Cast', [condition], { to: codeOf(this.type(like)) })
  }

  compare(op: 'Equal' | 'Greater' | 'Less', a: Operand, b: Operand): Value {
    return this.g.op(op, this.alike(a, b))
  }

  /** Sums over axes, which stay behind with one element. */
  sum(x: Value, axes: readonly number[]): Value {
    if (axes.length === 0) return x
    if (this.g.opset >= 13) return this.g.op('ReduceSum', [x, this.g.ints(axes)], { keepdims: 1 })
    return this.g.op('ReduceSum', [x], { axes, keepdims: 1 })
  }

  mean(x: Value, axes: readonly number[]): Value {
    const shape = this.shape(x)
    return this.mul(this.sum(x, axes), 1 / sizeOf(axes.map((axis) => shape[axis]!)))
  }

  reshape(x: Value, shape: readonly number[]): Value {
    return same(this.shape(x), shape) ? x : this.g.op('Reshape', [x, this.g.ints(shape)])
  }

  expand(x: Value, shape: readonly number[]): Value {
    return same(this.shape(x), shape) ? x : this.g.op('Expand', [x, this.g.ints(shape)])
  }

  /** One number everywhere, in the shape and type of `like`. */
  filled(number: number, like: Value): Value {
    return this.expand(this.g.scalar(number, this.type(like)), this.shape(like))
  }

  transpose(x: Value, perm: readonly number[]): Value {
    return this.g.op('Transpose', [x], { perm })
  }

  /** Swaps the last two axes. */
  transposeLast(x: Value): Value {
    const axes = range(this.shape(x).length)
    return this.transpose(x, [...axes.slice(0, -2), axes.at(-1)!, axes.at(-2)!])
  }

  matmul(a: Value, b: Value): Value {
    return this.g.op('MatMul', [a, b])
  }

  /** Zeros around; negative amounts take away. */
  pad(x: Value, before: readonly number[], after: readonly number[]): Value {
    if ([...before, ...after].every((amount) => amount === 0)) return x
    return this.g.op('Pad', [x, this.g.ints([...before, ...after])])
  }

  slice(x: Value, axis: number, start: number, end: number): Value {
    if (start === 0 && end === this.shape(x)[axis]) return x
    return this.g.op('Slice', [x, this.g.ints([start]), this.g.ints([end]), this.g.ints([axis])])
  }

  /** Turns the given axes around. */
  flip(x: Value, axes: readonly number[]): Value {
    const all = (value: number) => this.g.ints(axes.map(() => value))
    return this.g.op('Slice', [x, all(-1), all(-(2 ** 62)), this.g.ints(axes), all(-1)])
  }

  /** Repeats each element so often along each axis. */
  enlarge(x: Value, factors: readonly number[]): Value {
    const scales = this.g.constant(constantFrom('float32', [factors.length], factors))
    // Opset 11 wants a region, even where it isn't used.
    const region = this.g.constant(constantFrom('float32', [0], []))
    return this.g.op('Resize', [x, region, scales], {
      mode: 'nearest',
      coordinate_transformation_mode: 'asymmetric',
      nearest_mode: 'floor',
    })
  }

  /**
   * The matrix, given by its rows, applied along one axis: output[…, i, …] = Σ_j matrix[i][j] x[…, j, …].
   * Whatever is linear along an axis (interpolation, pooling, padding, picking) can be written so.
   */
  along(x: Value, axis: number, matrix: readonly Float64Array[]): Value {
    const shape = this.shape(x)
    const [rows, columns] = [matrix.length, shape[axis]!]
    this.tabled += rows * columns
    if (this.tabled > MOST_TABLED) throw tooMuch()
    const [before, behind] = [shape.slice(0, axis), shape.slice(axis + 1)]
    const entries = new Float64Array(rows * columns)
    matrix.forEach((row, i) => entries.set(row, i * columns))
    const weights = this.g.constant(constantFrom(this.type(x), [rows, columns], entries))
    const product =
      sizeOf(behind) === 1
        ? this.matmul(this.reshape(x, [sizeOf(before), columns]), this.transposeLast(weights))
        : this.matmul(weights, this.reshape(x, [sizeOf(before), columns, sizeOf(behind)]))
    return this.reshape(product, [...before, rows, ...behind])
  }

  private binary(op: string, a: Operand, b: Operand): Value {
    return this.g.op(op, this.alike(a, b))
  }

  /** Numbers become constants of the other operand's type. */
  private alike(a: Operand, b: Operand): [Value, Value] {
    const value = typeof a === 'string' ? a : b
    const type = typeof value === 'string' ? this.type(value) : 'float32'
    const asValue = (operand: Operand) => (typeof operand === 'string' ? operand : this.g.scalar(operand, type))
    return [asValue(a), asValue(b)]
  }
}

function tooMuch(): FewlineError {
  return new FewlineError({
    kind: 'model',
    expected: `gradients that need at most ${MOST_TABLED} numbers for resampling, pooling and picking`,
    came: 'those of this model need more',
    todo: 'export the model for smaller pictures',
  })
}

function same(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((side, axis) => side === b[axis])
}
