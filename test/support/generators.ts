import { GraphBuilder } from '../../src/onnx/builder.ts'
import type { Value } from '../../src/onnx/graph.ts'
import { writeModel } from '../../src/onnx/protobuf.ts'
import { tensor } from '../../src/tensor.ts'
import { random } from './random.ts'

/** Pixels along a side of what `colourGenerator` makes. */
export const SIDE = 40

/** A generator whose picture is a known function of its latent [1, 3]: everywhere the colour tanh(latent), −1 … 1. */
export function colourGenerator(): Uint8Array {
  const g = new GraphBuilder()
  const latent = g.input('z', [1, 3])
  const colour = g.op('Tanh', [g.op('Reshape', [latent, g.ints([1, 3, 1, 1])])])
  g.output('picture', g.op('Expand', [colour, g.ints([1, 3, SIDE, SIDE])]))
  return writeModel(g.toGraph())
}

/** The same in two files: a mapping from [1, 4], and a synthesis from what that makes, [1, 2, 3]. */
export function twoFiles(): [mapping: Uint8Array, synthesis: Uint8Array] {
  const m = new GraphBuilder()
  const hidden = m.op('LeakyRelu', [m.op('MatMul', [m.input('z', [1, 4]), weights(m, [4, 6], 1)])])
  m.output('w', m.op('Reshape', [hidden, m.ints([1, 2, 3])]))
  return [writeModel(m.toGraph()), styledGenerator()]
}

/** What generators like StyleGAN2 are made of: from a latent [1, 2, 3] to a picture of 16 × 8, −1 … 1. */
export function styledGenerator(): Uint8Array {
  const g = new GraphBuilder()
  const latent = g.input('w', [1, 2, 3])
  const style = g.op('Reshape', [latent, g.ints([1, 6])])
  const begun = g.op('Reshape', [g.op('MatMul', [style, weights(g, [6, 4 * 8], 2)]), g.ints([1, 4, 4, 2])])
  const larger = g.op('ConvTranspose', [begun, weights(g, [4, 4, 3, 3], 3)], {
    ...{ strides: [2, 2], pads: [1, 1, 1, 1], output_padding: [1, 1] },
  })
  const noisy = g.op('Add', [larger, g.op('Mul', [g.op('RandomNormalLike', [larger]), g.scalar(0.3)])])
  const modulated = modulatedConv(g, noisy, g.op('MatMul', [style, weights(g, [6, 4], 4)]))
  const scale = g.constant(tensor([4], Float32Array.of(1, 0.8, 1.2, 0.9)))
  const bias = g.constant(tensor([4], Float32Array.of(0.1, -0.2, 0, 0.3)))
  const normed = g.op('InstanceNormalization', [modulated, scale, bias])
  const doubled = g.op(
    'Resize',
    [g.op('LeakyRelu', [normed], { alpha: 0.2 }), '', g.constant(tensor([4], Float32Array.of(1, 1, 2, 2)))],
    {
      ...{ mode: 'linear', coordinate_transformation_mode: 'half_pixel' },
    },
  )
  g.output('picture', g.op('Tanh', [g.op('Conv', [doubled, weights(g, [3, 4, 1, 1], 5)])]))
  return writeModel(g.toGraph())
}

/** Kernels that are scaled by a style and brought to length 1 again (Karras et al. 2020), as exporters write it. */
function modulatedConv(g: GraphBuilder, x: Value, style: Value): Value {
  const scaled = g.op('Mul', [weights(g, [1, 4, 4, 3, 3], 6), g.op('Reshape', [style, g.ints([1, 1, 4, 1, 1])])])
  const squares = g.op('ReduceSum', [g.op('Mul', [scaled, scaled]), g.ints([2, 3, 4])], { keepdims: 1 })
  const kernels = g.op('Div', [scaled, g.op('Sqrt', [g.op('Add', [squares, g.scalar(1e-4)])])])
  return g.op('Conv', [x, g.op('Reshape', [kernels, g.ints([4, 4, 3, 3])])], { group: 1, pads: [1, 1, 1, 1] })
}

/** Generators that can't be used: each a model that its name says what is wrong with. */
export const unfit = {
  'an operator without a gradient': () =>
    written((g) => g.output('p', asPicture(g, g.op('Mish', [g.input('z', [1, 3])])))),
  /** With a batch that is left open, as exporters write it. */
  'shapes that are open': () => {
    const g = new GraphBuilder()
    g.output('p', asPicture(g, g.input('z', [1, 3])))
    const graph = g.toGraph()
    return writeModel({ ...graph, inputs: [{ ...graph.inputs[0]!, shape: ['batch', 3] }] })
  },
  'two inputs': () =>
    written((g) => g.output('p', asPicture(g, g.op('Add', [g.input('z', [1, 3]), g.input('c', [1, 3])])))),
  'no picture': () => written((g) => g.output('p', g.op('Tanh', [g.input('z', [1, 3])]))),
} satisfies Record<string, () => Uint8Array>

function written(build: (g: GraphBuilder) => void): Uint8Array {
  const g = new GraphBuilder()
  build(g)
  return writeModel(g.toGraph())
}

function asPicture(g: GraphBuilder, z: Value): Value {
  return g.op('Expand', [g.op('Reshape', [z, g.ints([1, 3, 1, 1])]), g.ints([1, 3, 8, 8])])
}

function weights(g: GraphBuilder, shape: number[], seed: number): Value {
  const next = random(seed)
  const made = tensor(shape)
  made.data.forEach((_, i) => (made.data[i] = 2 * next() - 1))
  return g.constant(made)
}

/** Numbers as NumPy saves them. */
export function npy(
  numbers: readonly number[],
  shape: readonly number[] = [numbers.length],
  type: '<f4' | '<f8' = '<f4',
): Uint8Array {
  const sides = shape.length === 1 ? `${shape[0]!},` : shape.join(', ')
  const text = `{'descr': '${type}', 'fortran_order': False, 'shape': (${sides}), }`
  const header = `${text.padEnd(Math.ceil((text.length + 11) / 64) * 64 - 11)}\n`
  const start = Buffer.from(`\x93NUMPY\x01\x00\0\0${header}`, 'latin1')
  start.writeUInt16LE(header.length, 8)
  const data = type === '<f4' ? Float32Array.from(numbers) : Float64Array.from(numbers)
  return Buffer.concat([start, new Uint8Array(data.buffer)])
}
