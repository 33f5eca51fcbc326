import { sizeOf } from '../tensor.ts'
import { isFloat, typeFromCode } from './elements.ts'
import { type Node, intAttribute, numbersIn } from './graph.ts'
import type { Known } from './known.ts'
import { axisFrom, permutationOf, range, slicedRuns } from './parameters.ts'

/** Shapes, axes and small tables are folded; weights are not. */
const LARGEST = 4096

/**
 * The numbers of a node's output, when they follow from constants and shapes alone; undefined otherwise.
 * The output's shape is known to `shapes` already. Throws whatever comes of a node that doesn't fit its inputs.
 */
export function fold(node: Node, shapes: Known): number[] | undefined {
  const rule = Object.hasOwn(FOLDS, node.op) ? FOLDS[node.op] : undefined
  const output = node.outputs[0] ?? ''
  const size = rule ? sizeOf(shapes.of(output)) : 0
  if (!rule || size > LARGEST) return undefined
  // Of nothing, there is nothing to be worked out, however long its other sides are.
  if (size === 0) return []
  const inputs = isShape(node) ? [] : node.inputs.map((input) => (input ? smallNumbers(input, shapes) : []))
  if (!inputs.every((numbers) => numbers !== undefined)) return undefined
  const numbers = rule(node, shapes, inputs)
  const whole = !isFloat(shapes.typeOf(output))
  if (numbers.length === size && numbers.every((n) => typeof n === 'number' && (!whole || Number.isInteger(n)))) {
    return numbers
  }
  throw new RangeError(`${node.op} makes other numbers than its shape and type say`)
}

/** What tells of a value without looking at its numbers. */
const isShape = ({ op }: Node): boolean => op === 'Shape' || op === 'Size'

function smallNumbers(value: string, shapes: Known): number[] | undefined {
  return sizeOf(shapes.of(value)) <= LARGEST ? shapes.numbers(value) : undefined
}

type Fold = (node: Node, shapes: Known, inputs: number[][]) => number[]

const asItIs: Fold = (_node, _shapes, [numbers]) => numbers!

/** Element by element, with broadcasting. */
function elementwise(compute: (...numbers: number[]) => number): Fold {
  return (node, shapes, inputs) => {
    const output = shapes.of(node.outputs[0]!)
    const stretched = inputs.map((numbers, i) =>
      view(numbers, output, broadcastStrides(shapes.of(node.inputs[i]!), output)),
    )
    return range(sizeOf(output)).map((at) => compute(...stretched.map((numbers) => numbers[at]!)))
  }
}

const FOLDS: Record<string, Fold> = {
  Identity: asItIs,
  Reshape: asItIs,
  Flatten: asItIs,
  Squeeze: asItIs,
  Unsqueeze: asItIs,
  Cast: (node, _shapes, [numbers]) => {
    const type = typeFromCode(intAttribute(node, 'to', 0)) ?? 'float32'
    if (type === 'bool') return numbers!.map((number) => Number(number !== 0))
    return isFloat(type) ? numbers! : numbers!.map(Math.trunc)
  },

  Abs: elementwise(Math.abs),
  Ceil: elementwise(Math.ceil),
  Floor: elementwise(Math.floor),
  Neg: elementwise((a) => -a),
  Not: elementwise((a) => Number(!a)),
  Sqrt: elementwise(Math.sqrt),
  Add: elementwise((a, b) => a + b),
  Sub: elementwise((a, b) => a - b),
  Mul: elementwise((a, b) => a * b),
  Div: (node, shapes, inputs) => {
    const float = isFloat(shapes.typeOf(node.inputs[0]!))
    return elementwise((a, b) => (float ? a / b : Math.trunc(a / b)))(node, shapes, inputs)
  },
  Max: elementwise(Math.max),
  Min: elementwise(Math.min),
  Equal: elementwise((a, b) => Number(a === b)),
  Greater: elementwise((a, b) => Number(a > b)),
  Less: elementwise((a, b) => Number(a < b)),
  Where: elementwise((condition, a, b) => (condition ? a : b)),

  Shape: (node, shapes) => shapes.of(node.inputs[0]!).slice(intAttribute(node, 'start', 0), intAttribute(node, 'end')),
  Size: (node, shapes) => [sizeOf(shapes.of(node.inputs[0]!))],
  Constant: (node) => {
    const [attribute] = node.attributes.values()
    return [attribute?.value].flat().map(Number)
  },
  ConstantOfShape: (node, shapes) => {
    const value = node.attributes.get('value')
    const numbers = value?.type === 'tensor' ? numbersIn(value.value) : undefined
    return Array<number>(sizeOf(shapes.of(node.outputs[0]!))).fill(numbers?.[0] ?? 0)
  },
  Range: (node, shapes, [start, , delta]) =>
    range(shapes.of(node.outputs[0]!)[0]!).map((i) => start![0]! + i * delta![0]!),

  Concat: (node, shapes, inputs) => {
    const output = shapes.of(node.outputs[0]!)
    const axis = axisFrom(intAttribute(node, 'axis', 0), output.length)
    const blocks = node.inputs.map((input) => sizeOf(shapes.of(input).slice(axis)))
    return range(sizeOf(output.slice(0, axis))).flatMap((row) =>
      inputs.flatMap((numbers, i) => numbers.slice(row * blocks[i]!, (row + 1) * blocks[i]!)),
    )
  },
  Expand: (node, shapes, [numbers]) => {
    const output = shapes.of(node.outputs[0]!)
    return view(numbers!, output, broadcastStrides(shapes.of(node.inputs[0]!), output))
  },
  Gather: (node, shapes, [numbers, indices]) => {
    const shape = shapes.of(node.inputs[0]!)
    const axis = axisFrom(intAttribute(node, 'axis', 0), shape.length)
    const side = shape[axis]!
    const block = sizeOf(shape.slice(axis + 1))
    return range(sizeOf(shape.slice(0, axis))).flatMap((row) =>
      indices!.flatMap((index) => {
        const start = (row * side + axisFrom(index, side)) * block
        return numbers!.slice(start, start + block)
      }),
    )
  },
  Slice: (node, shapes, [numbers]) => {
    const strides = stridesOf(shapes.of(node.inputs[0]!))
    let offset = 0
    for (const { axis, start, step } of slicedRuns(node, shapes)) {
      offset += start * strides[axis]!
      strides[axis]! *= step
    }
    return view(numbers!, shapes.of(node.outputs[0]!), strides, offset)
  },
  Transpose: (node, shapes, [numbers]) => {
    const strides = stridesOf(shapes.of(node.inputs[0]!))
    const axes = permutationOf(node, strides.length)
    return view(
      numbers!,
      shapes.of(node.outputs[0]!),
      axes.map((axis) => strides[axis]!),
    )
  },
}

/** How far apart neighbours along each axis lie, in row-major order. */
function stridesOf(shape: readonly number[]): number[] {
  return shape.map((_, axis) => sizeOf(shape.slice(axis + 1)))
}

/** The same for a shape stretched to another: no distance along stretched axes. */
function broadcastStrides(shape: readonly number[], output: readonly number[]): number[] {
  const strides = stridesOf(shape).map((stride, axis) => (shape[axis] === 1 ? 0 : stride))
  return [...Array<number>(output.length - shape.length).fill(0), ...strides]
}

/** The elements of `shape` read from `numbers` with these strides. */
function view(numbers: readonly number[], shape: readonly number[], strides: readonly number[], offset = 0): number[] {
  const [side, ...rest] = shape
  if (side === undefined) return [numbers[offset]!]
  return range(side).flatMap((i) => view(numbers, rest, strides.slice(1), offset + i * strides[0]!))
}
