import { FewlineError } from '../errors.ts'
import { type Node, floatAttribute, intAttribute, intsAttribute, stringAttribute } from './graph.ts'
import type { Known } from './known.ts'

/**
 * What a node's attributes and constant inputs say, made whole: defaults filled in, negative axes counted from the
 * end, and the ways in which older and newer versions of an operator say it brought to one.
 */

/** More axes than any model has: what a file claims beyond that is a mistake, or meant to take time. */
export const MOST_AXES = 64
/** The longest list that is worked out number by number. */
const LONGEST = 2 ** 22

/** An axis (or an index) counted from the front, of `rank`. Throws a FewlineError of kind `model` when there is none such. */
export function axisFrom(axis: number, rank: number, last = rank - 1): number {
  const counted = axis < 0 ? axis + rank : axis
  if (Number.isInteger(axis) && counted >= 0 && counted <= last) return counted
  throw unfit(`an axis or index of ${rank}`, `${axis} came`)
}

/** The numbers 0 … n − 1. Throws a FewlineError of kind `model` when there are more than anyone could want. */
export function range(n: number): number[] {
  if (n > LONGEST) throw unfit(`at most ${LONGEST} elements along an axis that is worked out one by one`, `${n} came`)
  return Array.from({ length: Math.max(0, n) }, (_, i) => i)
}

/** A matrix of zeros, by its rows. Throws as `range` does. */
export function zeros(rows: number, columns: number): Float64Array[] {
  checkTable(rows, columns)
  return range(rows).map(() => new Float64Array(columns))
}

/** Whether so many rows of so many numbers are worked through at all. Throws as `range` does. */
export function checkTable(rows: number, columns: number): void {
  if (!(rows * columns <= LONGEST)) throw unfit(`a table of at most ${LONGEST} numbers`, `${rows} × ${columns} came`)
}

function unfit(expected: string, came: string): FewlineError {
  return new FewlineError({ kind: 'model', expected, came, todo: 'export the model again, or a smaller one' })
}

/** Axes named by the attribute `axes` or, in newer versions, by the input at `position`; undefined when not named. */
export function axesOf(node: Node, shapes: Known, position: number, rank: number): number[] | undefined {
  const axes = listOf(node, 'axes') ?? integersAt(node, shapes, position)
  return axes?.map((axis) => axisFrom(axis, rank))
}

/** A list with a number or two for each axis, out of an attribute. Throws a FewlineError when it is longer. */
export function listOf(node: Node, name: string): number[] | undefined {
  const list = intsAttribute(node, name)
  if (list && list.length > 2 * MOST_AXES) throw unfit(`${name} for at most ${MOST_AXES} axes`, `${list.length} came`)
  return list
}

/** The same out of the input at `position`, which has to be constant; undefined when it is left out. */
export function integersAt(node: Node, shapes: Known, position: number): number[] | undefined {
  const numbers = numbersAt(node, shapes, position)
  if (!numbers?.some((number) => !Number.isInteger(number))) return numbers
  throw unfit(`whole numbers in the input ${position + 1} of ${node.op}`, 'others came')
}

/** The same for fractions. */
export function numbersAt(node: Node, shapes: Known, position: number, most = 2 * MOST_AXES): number[] | undefined {
  const input = node.inputs[position]
  if (!input) return undefined
  const numbers = shapes.numbers(input)
  if (numbers && numbers.length <= most) return numbers
  throw new FewlineError({
    kind: 'model',
    expected: `the input "${input}" of ${node.op} to be constant${numbers ? ` and of at most ${most} numbers` : ''}`,
    came: numbers ? `it has ${numbers.length}` : 'it depends on what the graph is fed',
    todo: 'export the model with fixed shapes',
  })
}

/** The indices of a Gather, which have to be constant, counted from the front. */
export function gathered(node: Node, shapes: Known, side: number): number[] {
  return (numbersAt(node, shapes, 1, LONGEST) ?? []).map((index) => axisFrom(index, side))
}

/** The axes that a Reduce… sums over, counted from the front. */
export function reducedAxes(node: Node, shapes: Known): number[] {
  const rank = shapes.of(node.inputs[0]!).length
  const axes = axesOf(node, shapes, 1, rank) ?? []
  if (axes.length > 0) return axes
  return intAttribute(node, 'noop_with_empty_axes', 0) ? [] : range(rank)
}

/** The axes over which a Softmax sums to one. Before opset 13 it was all from `axis` on. */
export function softmaxAxes(node: Node, rank: number, opset: number): number[] {
  if (opset >= 13) return [axisFrom(intAttribute(node, 'axis', -1), rank)]
  return range(rank).slice(axisFrom(intAttribute(node, 'axis', 1), rank, rank))
}

/** Along one axis: `length` elements from `start` on, `step` apart. */
export interface Run {
  axis: number
  start: number
  step: number
  length: number
}

/** What a Slice takes, for each axis that it names. */
export function slicedRuns(node: Node, shapes: Known): Run[] {
  const shape = shapes.of(node.inputs[0]!)
  const starts = listOf(node, 'starts') ?? integersAt(node, shapes, 1)!
  const ends = listOf(node, 'ends') ?? integersAt(node, shapes, 2)!
  const axes = axesOf(node, shapes, 3, shape.length) ?? range(starts.length)
  const steps = integersAt(node, shapes, 4) ?? starts.map(() => 1)
  return axes.map((axis, i) => {
    const size = shape[axis]!
    const step = steps[i]!
    // A run backwards ends, at the furthest, before the first element.
    const [low, high] = step > 0 ? [0, size] : [-1, size - 1]
    const clamped = (position: number) => Math.min(Math.max(position < 0 ? position + size : position, low), high)
    const start = step > 0 ? clamped(starts[i]!) : Math.max(clamped(starts[i]!), 0)
    return { axis, start, step, length: Math.max(0, Math.ceil((clamped(ends[i]!) - start) / step)) }
  })
}

/** How much a Pad adds in front of and behind each axis; negative where it takes away. */
export function padding(node: Node, shapes: Known): { before: number[]; after: number[] } {
  const rank = shapes.of(node.inputs[0]!).length
  const pads = listOf(node, 'pads') ?? integersAt(node, shapes, 1)!
  const axes = axesOf(node, shapes, 3, rank) ?? range(rank)
  const before = Array<number>(rank).fill(0)
  const after = Array<number>(rank).fill(0)
  axes.forEach((axis, i) => {
    before[axis] = pads[i]!
    after[axis] = pads[i + axes.length]!
  })
  return { before, after }
}

/** How a kernel moves along one axis of a convolution or a pool. */
export interface Window {
  /** Length of the input and of the output. */
  size: number
  count: number
  kernel: number
  stride: number
  dilation: number
  /** Padding in front and behind. */
  before: number
  after: number
}

/** The windows of a Conv or a pool whose input has these spatial sides. */
export function windowsOf(node: Node, sizes: readonly number[], kernels: readonly number[]): Window[] {
  const ones = sizes.map(() => 1)
  const strides = intsAttribute(node, 'strides', ones)
  const dilations = intsAttribute(node, 'dilations', ones)
  const pads = intsAttribute(node, 'pads', [...ones, ...ones].fill(0))
  const mode = stringAttribute(node, 'auto_pad', 'NOTSET')
  const round = intAttribute(node, 'ceil_mode', 0) ? Math.ceil : Math.floor
  return sizes.map((size, i) => {
    const [kernel, stride, dilation] = [kernels[i]!, strides[i]!, dilations[i]!]
    const reach = (kernel - 1) * dilation + 1
    const common = { size, kernel, stride, dilation }
    if (mode === 'SAME_UPPER' || mode === 'SAME_LOWER') {
      const count = Math.ceil(size / stride)
      const total = Math.max(0, (count - 1) * stride + reach - size)
      const before = mode === 'SAME_UPPER' ? Math.floor(total / 2) : Math.ceil(total / 2)
      return { ...common, count, before, after: total - before }
    }
    const [before, after] = mode === 'VALID' ? [0, 0] : [pads[i]!, pads[i + sizes.length]!]
    const count = round((size + before + after - reach) / stride) + 1
    // With ceil_mode, a window that would start beyond the input and its front padding is left out.
    const beyond = round === Math.ceil && (count - 1) * stride >= size + before
    return { ...common, count: beyond ? count - 1 : count, before, after }
  })
}

/** How a Resize changes one axis. */
export interface Rescaling {
  axis: number
  from: number
  to: number
  /** to / from as the node gives it; it need not be exact. */
  scale: number
}

/** The axes that a Resize changes. */
export function rescalings(node: Node, shapes: Known): Rescaling[] {
  const shape = shapes.of(node.inputs[0]!)
  const axes = listOf(node, 'axes')?.map((axis) => axisFrom(axis, shape.length)) ?? range(shape.length)
  const scales = numbersAt(node, shapes, 2)
  const sizes = integersAt(node, shapes, 3)
  if (stringAttribute(node, 'keep_aspect_ratio_policy', 'stretch') !== 'stretch' && sizes?.length) {
    throw new FewlineError({
      kind: 'model',
      expected: 'Resize to stretch to the sizes it is given',
      came: 'it is to keep the aspect ratio',
      todo: 'export the model with fixed sizes',
    })
  }
  const all = axes.map((axis, i) => {
    const from = shape[axis]!
    const to = sizes?.length ? sizes[i]! : Math.floor(Math.fround(from * scales![i]!))
    return { axis, from, to, scale: sizes?.length ? Math.fround(to / from) : scales![i]! }
  })
  return all.filter(({ from, to, scale }) => from !== to || scale !== 1)
}

/** alpha, beta and the transpositions of a Gemm. */
export function gemmParameters(node: Node) {
  return {
    alpha: floatAttribute(node, 'alpha', 1),
    beta: floatAttribute(node, 'beta', 1),
    transA: intAttribute(node, 'transA', 0) === 1,
    transB: intAttribute(node, 'transB', 0) === 1,
  }
}

/** The axes of a Transpose; reversed when it doesn't say. */
export function permutationOf(node: Node, rank: number): number[] {
  return intsAttribute(node, 'perm', range(rank).reverse())
}

/** What shapes become together, as in numpy: aligned at the end, sides of 1 stretched. */
export function broadcastShape(shapes: readonly (readonly number[])[]): number[] {
  const rank = Math.max(...shapes.map((shape) => shape.length))
  return range(rank).map((axis) => {
    const sides = shapes.map((shape) => shape[axis - rank + shape.length] ?? 1)
    const side = sides.find((side) => side !== 1) ?? 1
    if (sides.every((other) => other === 1 || other === side)) return side
    throw new FewlineError({
      kind: 'model',
      expected: 'shapes that go together',
      came: `these don't: ${shapes.map((shape) => `[${shape.join(', ')}]`).join(' and ')}`,
      todo: 'check the operator that combines them',
    })
  })
}
