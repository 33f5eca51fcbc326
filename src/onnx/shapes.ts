import { FewlineError } from '../errors.ts'
import { sizeOf } from '../tensor.ts'
import { type ElementType, isFloat, typeFromCode } from './elements.ts'
import { fold } from './fold.ts'
import {
  type Constant,
  type Node,
  type Value,
  type ValueInfo,
  intAttribute,
  intsAttribute,
  numbersIn,
  stringAttribute,
} from './graph.ts'
import type { Known } from './known.ts'
import {
  axesOf,
  axisFrom,
  broadcastShape,
  gemmParameters,
  integersAt,
  listOf,
  MOST_AXES,
  numbersAt,
  padding,
  permutationOf,
  range,
  reducedAxes,
  rescalings,
  slicedRuns,
  windowsOf,
} from './parameters.ts'

/**
 * The shapes and element types of a graph's values, and the numbers of those that are constant: the shapes, axes and
 * indices that exporters compute with a chain of Shape, Gather, Concat, … nodes.
 * Add the nodes in their order. What can't be known says why when one asks for it.
 */
export class Shapes implements Known {
  private readonly shapes = new Map<Value, number[]>()
  private readonly types = new Map<Value, ElementType>()
  private readonly constants = new Map<Value, Constant>()
  private readonly folded = new Map<Value, number[]>()
  private readonly reasons = new Map<Value, FewlineError>()
  /** How many numbers have been worked out. */
  private worked = 0

  addInput({ name, type, shape }: ValueInfo): void {
    this.types.set(name, type)
    const fixed = shape?.filter((side) => typeof side === 'number')
    if (!shape || fixed?.length !== shape.length) this.reasons.set(name, openShape(name, shape))
    else if (isCountable(fixed)) this.shapes.set(name, fixed)
    else this.reasons.set(name, absurd(name))
  }

  addConstant(name: Value, constant: Constant): void {
    this.types.set(name, constant.type)
    this.constants.set(name, constant)
    if (isCountable(constant.shape)) this.shapes.set(name, constant.shape)
    else this.reasons.set(name, absurd(name))
  }

  addNode(node: Node): void {
    const value = node.attributes.get('value')
    if (node.op === 'Constant' && value?.type === 'tensor') {
      this.addConstant(node.outputs[0] ?? '', value.value)
      return
    }
    try {
      const shapes = inferredShapes(node, this)
      const type = (OUTPUT_TYPES[node.op] ?? typeOfFirst)(node, this)
      node.outputs.forEach((output, i) => {
        const shape = shapes[i]
        if (!shape) return
        this.shapes.set(output, shape)
        this.types.set(output, type)
      })
      const numbers = this.worked < MOST_WORKED ? fold(node, this) : undefined
      this.worked += numbers?.length ?? 0
      if (numbers) this.folded.set(node.outputs[0]!, numbers)
    } catch (cause) {
      const reason = cause instanceof FewlineError ? cause : malformed(node, cause)
      for (const output of node.outputs) this.reasons.set(output, reason)
    }
  }

  /** The shape of a value; throws a FewlineError of kind `model` when it isn't known. */
  of(value: Value): number[] {
    return this.shapes.get(value) ?? this.unknown(value)
  }

  typeOf(value: Value): ElementType {
    return this.types.get(value) ?? this.unknown(value)
  }

  /** Whether a value is certainly of another kind than a real number: an index, a shape, a truth. */
  isWhole(value: Value): boolean {
    const type = this.types.get(value)
    return type !== undefined && !isFloat(type)
  }

  /** The numbers of a value that doesn't depend on the graph's inputs, as far as they are worth knowing. */
  numbers(value: Value): number[] | undefined {
    const constant = this.constants.get(value)
    const known = this.folded.get(value)
    if (known || !constant || !isWorthKnowing(constant)) return known
    const numbers = numbersIn(constant)
    if (numbers) this.folded.set(value, numbers)
    return numbers
  }

  private unknown(value: Value): never {
    throw (
      this.reasons.get(value) ??
      new FewlineError({
        kind: 'model',
        expected: `"${value}" to have a shape that can be told beforehand`,
        came: 'nothing in the graph makes it',
        todo: 'check the name, and that the nodes stand in the order in which they run',
      })
    )
  }
}

/** Weights are not worth knowing number by number; a table of indices may be. */
const LARGEST = 2 ** 16
/** All numbers that are worked out: a small file can ask for a few thousand over and over. */
const MOST_WORKED = 2 ** 23

function isWorthKnowing({ shape }: Constant): boolean {
  return isCountable(shape) && sizeOf(shape) <= LARGEST
}

/** Whether it has a number of elements at all, even when those sides are left out that make it nothing. */
function isCountable(shape: readonly number[]): boolean {
  const sides = shape.every((side) => Number.isSafeInteger(side) && side >= 0)
  return sides && shape.length <= MOST_AXES && Number.isSafeInteger(sizeOf(shape.map((side) => Math.max(1, side))))
}

/** The shapes of the outputs of a node. */
type ShapeRule = (node: Node, shapes: Shapes) => number[][]

const sameAsFirst: ShapeRule = (node, shapes) => [shapes.of(node.inputs[0]!)]

const broadcast: ShapeRule = (node, shapes) => [broadcastShape(node.inputs.map((input) => shapes.of(input)))]

const reduced: ShapeRule = (node, shapes) => {
  const axes = new Set(reducedAxes(node, shapes))
  const shape = shapes.of(node.inputs[0]!)
  if (intAttribute(node, 'keepdims', 1)) return [shape.map((side, axis) => (axes.has(axis) ? 1 : side))]
  return [shape.filter((_, axis) => !axes.has(axis))]
}

const pooled: ShapeRule = (node, shapes) => {
  const [batch, channels, ...sizes] = shapes.of(node.inputs[0]!)
  return [
    [batch!, channels!, ...windowsOf(node, sizes, intsAttribute(node, 'kernel_shape', [])).map(({ count }) => count)],
  ]
}

const globallyPooled: ShapeRule = (node, shapes) => [
  shapes.of(node.inputs[0]!).map((side, axis) => (axis < 2 ? side : 1)),
]

/** The table of what shapes come out, by operator. */
const SHAPE_RULES: Record<string, ShapeRule> = {
  ...forAll(
    'Abs Cast Ceil Clip Cos Elu Erf Exp Floor Gelu HardSigmoid HardSwish Identity IsNaN LeakyRelu Log LogSoftmax Mish Neg Not ' +
      'RandomNormalLike Reciprocal Relu Round Selu Sigmoid Sign Sin Softmax Softplus Sqrt Tanh BatchNormalization InstanceNormalization GroupNormalization',
    sameAsFirst,
  ),
  ...forAll(
    'Add And Div Equal Greater GreaterOrEqual Less LessOrEqual Max Min Mod Mul Or PRelu Pow Sub Sum Where Xor',
    broadcast,
  ),
  ...forAll('ReduceL1 ReduceL2 ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum ReduceSumSquare', reduced),
  ...forAll('AveragePool MaxPool', pooled),
  ...forAll('GlobalAveragePool GlobalMaxPool', globallyPooled),

  Concat: (node, shapes) => {
    const all = node.inputs.map((input) => shapes.of(input))
    const axis = axisFrom(intAttribute(node, 'axis', 0), all[0]!.length)
    const length = all.reduce((sum, shape) => sum + shape[axis]!, 0)
    return [all[0]!.with(axis, length)]
  },
  /** Numbers given directly; `value` is a constant of its own. */
  Constant: (node) => {
    const list = node.attributes.get('value_ints') ?? node.attributes.get('value_floats')
    return [list && Array.isArray(list.value) ? [list.value.length] : []]
  },
  ConstantOfShape: (node, shapes) => [integersAt(node, shapes, 0)!],
  Conv: (node, shapes) => {
    const [batch, , ...sizes] = shapes.of(node.inputs[0]!)
    const [channels, , ...kernels] = shapes.of(node.inputs[1]!)
    return [[batch!, channels!, ...windowsOf(node, sizes, kernels).map(({ count }) => count)]]
  },
  ConvTranspose: (node, shapes) => {
    if (stringAttribute(node, 'auto_pad', 'NOTSET') !== 'NOTSET' || node.attributes.has('output_shape'))
      throw unpadded()
    const [batch, , ...sizes] = shapes.of(node.inputs[0]!)
    const [, perGroup, ...kernels] = shapes.of(node.inputs[1]!)
    const extra = intsAttribute(
      node,
      'output_padding',
      sizes.map(() => 0),
    )
    const windows = windowsOf(node, sizes, kernels)
    const sides = windows.map(
      ({ size, kernel, stride, dilation, before, after }, i) =>
        (size - 1) * stride + (kernel - 1) * dilation + 1 - before - after + extra[i]!,
    )
    return [[batch!, perGroup! * intAttribute(node, 'group', 1), ...sides]]
  },
  DepthToSpace: (node, shapes) => {
    const [batch, channels, height, width] = shapes.of(node.inputs[0]!)
    const block = intAttribute(node, 'blocksize', 1)
    return [[batch!, channels! / block ** 2, height! * block, width! * block]]
  },
  Dropout: (node, shapes) => {
    const shape = shapes.of(node.inputs[0]!)
    return [shape, shape]
  },
  Expand: (node, shapes) => [broadcastShape([shapes.of(node.inputs[0]!), integersAt(node, shapes, 1)!])],
  Flatten: (node, shapes) => {
    const shape = shapes.of(node.inputs[0]!)
    const axis = axisFrom(intAttribute(node, 'axis', 1), shape.length, shape.length)
    return [[sizeOf(shape.slice(0, axis)), sizeOf(shape.slice(axis))]]
  },
  Gather: (node, shapes) => {
    const shape = shapes.of(node.inputs[0]!)
    const axis = axisFrom(intAttribute(node, 'axis', 0), shape.length)
    return [shape.toSpliced(axis, 1, ...shapes.of(node.inputs[1]!))]
  },
  Gemm: (node, shapes) => {
    const { transA, transB } = gemmParameters(node)
    return [[shapes.of(node.inputs[0]!)[transA ? 1 : 0]!, shapes.of(node.inputs[1]!)[transB ? 0 : 1]!]]
  },
  LayerNormalization: (node, shapes) => {
    const shape = shapes.of(node.inputs[0]!)
    const axis = axisFrom(intAttribute(node, 'axis', -1), shape.length)
    const statistics = shape.map((side, i) => (i < axis ? side : 1))
    return [shape, statistics, statistics]
  },
  MatMul: (node, shapes) => [matmulShape(shapes.of(node.inputs[0]!), shapes.of(node.inputs[1]!))],
  Pad: (node, shapes) => {
    const { before, after } = padding(node, shapes)
    return [shapes.of(node.inputs[0]!).map((side, axis) => before[axis]! + side + after[axis]!)]
  },
  Range: (node, shapes) => {
    const [start, limit, delta] = range(3).map((i) => numbersAt(node, shapes, i)![0]!)
    return [[Math.max(0, Math.ceil((limit! - start!) / delta!))]]
  },
  Reshape: (node, shapes) => {
    const from = shapes.of(node.inputs[0]!)
    const zeroCopies = !intAttribute(node, 'allowzero', 0)
    const to = integersAt(node, shapes, 1)!.map((side, axis) => (side === 0 && zeroCopies ? from[axis]! : side))
    const rest = sizeOf(from) / sizeOf(to.filter((side) => side !== -1))
    const shape = to.map((side) => (side === -1 ? rest : side))
    if (sizeOf(shape) !== sizeOf(from)) throw malformed(node)
    return [shape]
  },
  Resize: (node, shapes) => {
    const shape = [...shapes.of(node.inputs[0]!)]
    for (const { axis, to } of rescalings(node, shapes)) shape[axis] = to
    return [shape]
  },
  Shape: (node, shapes) => {
    const shape = shapes.of(node.inputs[0]!)
    return [[shape.slice(intAttribute(node, 'start', 0), intAttribute(node, 'end')).length]]
  },
  Size: () => [[]],
  Slice: (node, shapes) => {
    const shape = [...shapes.of(node.inputs[0]!)]
    for (const { axis, length } of slicedRuns(node, shapes)) shape[axis] = length
    return [shape]
  },
  SpaceToDepth: (node, shapes) => {
    const [batch, channels, height, width] = shapes.of(node.inputs[0]!)
    const block = intAttribute(node, 'blocksize', 1)
    return [[batch!, channels! * block ** 2, height! / block, width! / block]]
  },
  Split: (node, shapes) => {
    const shape = shapes.of(node.inputs[0]!)
    const axis = axisFrom(intAttribute(node, 'axis', 0), shape.length)
    const even = Math.ceil(shape[axis]! / node.outputs.length)
    const sides =
      intsAttribute(node, 'split') ??
      numbersAt(node, shapes, 1, node.outputs.length) ??
      node.outputs.map((_, i) => Math.min(even, shape[axis]! - i * even))
    return sides.map((side) => shape.with(axis, side))
  },
  Squeeze: (node, shapes) => {
    const shape = shapes.of(node.inputs[0]!)
    const axes = axesOf(node, shapes, 1, shape.length) ?? range(shape.length).filter((axis) => shape[axis] === 1)
    return [shape.filter((_, axis) => !axes.includes(axis))]
  },
  Tile: (node, shapes) => {
    const repeats = integersAt(node, shapes, 1)!
    return [shapes.of(node.inputs[0]!).map((side, axis) => side * repeats[axis]!)]
  },
  Transpose: (node, shapes) => {
    const shape = shapes.of(node.inputs[0]!)
    return [permutationOf(node, shape.length).map((axis) => shape[axis]!)]
  },
  Unsqueeze: (node, shapes) => {
    const shape = shapes.of(node.inputs[0]!)
    const count = (listOf(node, 'axes') ?? integersAt(node, shapes, 1)!).length
    const axes = axesOf(node, shapes, 1, shape.length + count)!
    const rest = [...shape]
    return [range(shape.length + count).map((axis) => (axes.includes(axis) ? 1 : rest.shift()!))]
  },
}

const typeOfFirst = (node: Node, shapes: Shapes): ElementType => shapes.typeOf(node.inputs[0]!)

/** What comes out where it isn't of the type of the first input. */
const OUTPUT_TYPES: Record<string, (node: Node, shapes: Shapes) => ElementType> = {
  ...forAll('Equal Greater GreaterOrEqual Less LessOrEqual IsNaN', () => 'bool' as const),
  ...forAll('Shape Size', () => 'int64' as const),
  Cast: (node) => typeFromCode(intAttribute(node, 'to', 0)) ?? 'float32',
  Constant: (node) => (node.attributes.has('value_int') || node.attributes.has('value_ints') ? 'int64' : 'float32'),
  ConstantOfShape: (node) => {
    const value = node.attributes.get('value')
    return value?.type === 'tensor' ? value.value.type : 'float32'
  },
  Where: (node, shapes) => shapes.typeOf(node.inputs[1]!),
}

function inferredShapes(node: Node, shapes: Shapes): number[][] {
  const rule = node.domain === '' && Object.hasOwn(SHAPE_RULES, node.op) ? SHAPE_RULES[node.op] : undefined
  if (!rule) {
    throw new FewlineError({
      kind: 'model',
      expected: 'operators whose output shapes Fewline can tell',
      came: `${node.domain ? `${node.domain}.` : ''}${node.op} is not among them`,
      todo: 'export the model with plainer operators',
    })
  }
  const result = rule(node, shapes)
  if (result.every(isCountable)) return result
  throw malformed(node)
}

function matmulShape(a: number[], b: number[]): number[] {
  const batch = broadcastShape([a.slice(0, -2), b.slice(0, -2)])
  if (a.at(-1) !== (b.at(-2) ?? b[0])) {
    throw new FewlineError({
      kind: 'model',
      expected: 'matrices that can be multiplied',
      came: `the shapes are [${a.join(', ')}] and [${b.join(', ')}]`,
      todo: 'make the last side of the first equal the side before the last of the second',
    })
  }
  return [...batch, ...a.slice(-2, -1), ...(b.length > 1 ? b.slice(-1) : [])]
}

/** One entry for each of the space-separated names. */
function forAll<Entry>(names: string, entry: Entry): Record<string, Entry> {
  return Object.fromEntries(names.split(' ').map((name) => [name, entry]))
}

function absurd(name: Value): FewlineError {
  return new FewlineError({
    kind: 'model',
    expected: `"${name}" to have a shape of countable elements, and at most ${MOST_AXES} axes`,
    came: 'the file gives another',
    todo: 'export the model again',
  })
}

function unpadded(): FewlineError {
  return new FewlineError({
    kind: 'model',
    expected: 'ConvTranspose to say its pads',
    came: 'it says auto_pad or output_shape instead',
    todo: 'export the model with pads',
  })
}

function openShape(name: Value, shape?: readonly (number | string)[]): FewlineError {
  return new FewlineError({
    kind: 'model',
    expected: `the input "${name}" to have a fixed shape`,
    came: shape ? `it is [${shape.join(', ')}]` : 'the file gives none',
    todo: 'export the model with fixed shapes',
  })
}

function malformed(node: Node, cause?: unknown): FewlineError {
  return new FewlineError(
    {
      kind: 'model',
      expected: `a well-formed ${node.op}`,
      came: `the node "${node.name}" doesn't fit its inputs`,
      todo: 'export the model again',
    },
    { cause },
  )
}
