import { expect } from 'vitest'
import { gradientOf } from '../../src/autodiff/gradient.ts'
import { GraphBuilder } from '../../src/onnx/builder.ts'
import { type Graph, type Value, OPSET } from '../../src/onnx/graph.ts'
import { writeModel } from '../../src/onnx/protobuf.ts'
import { openSession } from '../../src/onnx/session.ts'
import { randomFrom } from '../../src/random.ts'
import { type Tensor, sizeOf, tensor } from '../../src/tensor.ts'

export interface Check {
  opset?: number
  /** The range of the inputs' numbers; −1…1 when absent. */
  from?: number
  to?: number
}

/** Half the distance of a central difference. */
const STEP = 1e-3

export function emptyGraph(opset: number): Graph {
  return { name: 'test', opsets: new Map([['', opset]]), inputs: [], outputs: [], nodes: [], constants: new Map() }
}

/**
 * Builds a graph of inputs with these shapes, and holds the gradient of Σ w·y (random w) in each of them to central
 * differences, which are summed in double precision. Input numbers lie on a shuffled grid, so that none is so near to
 * another, or to 0, that a difference would reach over a kink.
 */
export async function expectGradients(
  shapes: readonly number[][],
  build: (g: GraphBuilder, ...inputs: Value[]) => Value,
  check: Check = {},
): Promise<void> {
  const random = randomFrom(shapes.flat().reduce((sum, side) => sum * 31 + side, 7))
  const g = new GraphBuilder(emptyGraph(check.opset ?? OPSET))
  const names = shapes.map((shape, i) => g.input(`x${i}`, shape))
  const y = build(g, ...names)
  const weights = tensor(g.shapes.of(y))
  weights.data.forEach((_, i) => (weights.data[i] = random() * 2 - 1))
  const product = g.op('Mul', [y, g.constant(weights)])
  g.output('y', y)
  g.output(
    'loss',
    check.opset && check.opset < 13
      ? g.op('ReduceSum', [product], { keepdims: 0 })
      : g.op('ReduceSum', [product], { keepdims: 0 }),
  )
  const session = await openSession(writeModel(gradientOf(g.toGraph(), 'loss', names)), { threads: 1 })

  const { from = -1, to = 1 } = check
  const feeds = Object.fromEntries(names.map((name, i) => [name, grid(shapes[i]!, from, to, random)]))
  const results = await session.run(feeds)
  const weighed = async () =>
    (await session.run(feeds, ['y'])).y!.data.reduce((sum, number, i) => sum + number * weights.data[i]!, 0)

  for (const name of names) {
    const { data, shape } = feeds[name]!
    const gradient = results[`grad_${name}`]!
    expect(gradient.shape).toEqual(shape)
    const differences = new Float64Array(data.length)
    for (const [i, centre] of data.entries()) {
      data[i] = centre + STEP
      const [above, plus] = [data[i], await weighed()]
      data[i] = centre - STEP
      const [below, minus] = [data[i], await weighed()]
      data[i] = centre
      differences[i] = (plus - minus) / (above - below)
    }
    const size = Math.hypot(...differences)
    expect(size, 'a gradient that the differences can see').toBeGreaterThan(1e-3)
    expect(distance(gradient.data, differences) / size, `relative error in ${name}`).toBeLessThan(1e-3)
  }
  await session.dispose()
}

export function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Math.hypot(...Array.from(a, (number, i) => number - b[i]!))
}

/** Evenly spaced numbers between `from` and `to`, shuffled; never 0 when the range is symmetric. */
function grid(shape: readonly number[], from: number, to: number, random: () => number): Tensor {
  const even = Math.ceil(sizeOf(shape) / 2) * 2
  const order = Array.from(
    { length: even },
    (_, i) => [random(), from + ((i + 0.5) / even) * (to - from)] as const,
  ).sort(([a], [b]) => a - b)
  return tensor(
    shape,
    Float32Array.from({ length: sizeOf(shape) }, (_, i) => order[i]![1]),
  )
}
