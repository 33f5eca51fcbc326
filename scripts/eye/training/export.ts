import { GraphBuilder } from '../../../src/onnx/builder.ts'
import { codeOf } from '../../../src/onnx/elements.ts'
import { type Graph, type Value, constantFrom } from '../../../src/onnx/graph.ts'
import { type Tensor, sizeOf } from '../../../src/tensor.ts'
import { type Widths, eye } from './net.ts'

/** The side of the pictures that the eye takes. */
export const SIDE = 224
/** Whole numbers that weights are kept as. */
const LEVELS = 127

/**
 * The eye as it is shipped: `image` [1, 3, 224, 224] of 0…1, a photo letterboxed with its edge continued, to `lines` and
 * `figure`, [1, 1, 224, 224] of 0…1. Weights have eight bits and one scale for each channel that they make.
 */
export function eyeGraph(widths: Widths, weights: Record<string, Tensor>): Graph {
  const g = new GraphBuilder()
  const op = (name: string, ...inputs: Value[]): Value => g.op(name, inputs)
  const image = g.input('image', [1, 3, SIDE, SIDE])
  const heads = eye(g, image, (name) => inEightBits(g, weights[name]!), widths)
  const line = op('Sigmoid', heads.lines)
  // Lines counted several times in the loss, so that what is said of a weak one is too much.
  g.output('lines', op('Div', line, op('Sub', g.scalar(3), op('Mul', line, g.scalar(2)))))
  const large = g.op('Resize', [heads.figure, '', '', g.ints([1, 1, SIDE, SIDE])], { mode: 'linear' })
  g.output('figure', op('Sigmoid', large))
  return g.toGraph()
}

/** Numbers of one value for each channel stay as they are; the runtime multiplies the others out when it opens the graph. */
function inEightBits(g: GraphBuilder, weight: Tensor): Value {
  if (weight.shape.length < 2) return g.constant(weight)
  const [channels] = weight.shape as [number]
  const size = sizeOf(weight.shape) / channels
  const scales = new Float32Array(channels)
  const whole: number[] = []
  for (let channel = 0; channel < channels; channel++) {
    const part = weight.data.subarray(channel * size, (channel + 1) * size)
    const scale = (scales[channel] = part.reduce((most, number) => Math.max(most, Math.abs(number)), 1e-12) / LEVELS)
    for (const number of part) whole.push(Math.round(number / scale))
  }
  const numbers = g.op('Cast', [g.constant(constantFrom('int8', weight.shape, whole))], { to: codeOf('float32') })
  const scale = g.constant({ data: scales, shape: [channels, ...weight.shape.slice(1).map(() => 1)] })
  return g.op('Mul', [numbers, scale])
}
