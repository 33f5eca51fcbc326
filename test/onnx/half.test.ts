import { describe, expect, test } from 'vitest'
import { gradientOf } from '../../src/autodiff/gradient.ts'
import { GraphBuilder } from '../../src/onnx/builder.ts'
import { laterConstant, type Graph } from '../../src/onnx/graph.ts'
import { halved } from '../../src/onnx/half.ts'
import { openGraph } from '../../src/onnx/session.ts'
import { sizeOf, tensor, type Tensor } from '../../src/tensor.ts'
import { agreement } from '../support/differences.ts'
import { random } from '../support/random.ts'

function noise(seed: number, shape: number[], scale = 1): Tensor {
  const next = random(seed)
  return tensor(
    shape,
    Float32Array.from({ length: sizeOf(shape) }, () => scale * (next() - 0.5)),
  )
}

/** A convolution, its rectifier, and how far that is from what is wanted. `read` counts how often its weights are. */
function distance(read = { count: 0 }): Graph {
  const g = new GraphBuilder()
  const x = g.input('x', [1, 3, 16, 16])
  const weights = laterConstant([8, 3, 3, 3], () => (read.count++, noise(1, [8, 3, 3, 3]).data))
  const conv = g.op('Conv', [x, g.constant(weights), g.constant(noise(2, [8]))], { pads: [1, 1, 1, 1] })
  const difference = g.op('Sub', [g.op('Relu', [conv]), g.input('wanted', [1, 8, 16, 16])])
  g.output('loss', g.op('ReduceMean', [g.op('Mul', [difference, difference])], { keepdims: 0 }))
  return g.toGraph()
}

const feeds = { x: noise(3, [1, 3, 16, 16]), wanted: noise(4, [1, 8, 16, 16]) }

async function resultsOf(graph: Graph, inputs: Record<string, Tensor> = feeds) {
  const session = await openGraph(graph, { threads: 1 })
  const results = await session.run(inputs)
  await session.dispose()
  return results
}

describe('a graph in half precision', () => {
  test('computes products in it, and losses apart from it', () => {
    const { nodes, inputs, outputs } = halved(distance())
    const { shapes } = new GraphBuilder(halved(distance()))
    const typesOf = (op: string) =>
      nodes.filter((node) => node.op === op).map((node) => shapes.typeOf(node.outputs[0]!))
    expect(['Conv', 'Relu', 'Sub', 'Mul', 'ReduceMean'].map(typesOf)).toEqual([
      ...[['float16'], ['float16'], ['float32'], ['float32'], ['float32']],
    ])
    expect([...inputs, ...outputs].map(({ type }) => type)).toEqual(['float32', 'float32', 'float32'])
  })

  test('keeps weights of half the size, still to be read later', () => {
    const read = { count: 0 }
    const { constants } = halved(distance(read))
    expect(read.count).toBe(0)
    const weights = [...constants.values()].find(({ shape }) => shape.length === 4)!
    expect([weights.type, (weights.data as () => Uint8Array)().length]).toEqual(['float16', 2 * 8 * 3 * 3 * 3])
  })

  test('comes to the same loss and gradient, but for rounding', async () => {
    const single = await resultsOf(gradientOf(distance(), 'loss', ['x']))
    const half = await resultsOf(gradientOf(distance(), 'loss', ['x'], 'half'))
    expect(half.loss!.data[0]! / single.loss!.data[0]!).toBeCloseTo(1, 2)
    expect(half.loss!.data[0]).not.toBe(single.loss!.data[0])
    const { cos, norm } = agreement(half.grad_x!.data, single.grad_x!.data)
    expect(cos).toBeGreaterThan(0.999)
    expect(norm).toBeCloseTo(1, 2)
  })

  test('has a gradient where its numbers are too small for half precision', async () => {
    const near = { ...feeds, x: noise(5, [1, 3, 16, 16], 1e-3) }
    const scaled = (graph: Graph): Graph => {
      const g = new GraphBuilder({ ...graph, outputs: [] })
      g.output('small', g.op('Mul', ['loss', g.scalar(1e-6)]))
      return g.toGraph()
    }
    const single = await resultsOf(gradientOf(scaled(distance()), 'small', ['x']), near)
    expect(single.grad_x!.data.every((g) => Math.abs(g) < 6e-8)).toBe(true)
    const half = await resultsOf(gradientOf(scaled(distance()), 'small', ['x'], 'half'), near)
    expect(agreement(half.grad_x!.data, single.grad_x!.data).cos).toBeGreaterThan(0.99)
  })

  test('lets alone what is no real number, and what takes no part', () => {
    const g = new GraphBuilder()
    const picked = g.op('Gather', [g.constant(noise(1, [4, 4])), g.input('at', [2], 'int64')], { axis: 0 })
    g.output('y', g.op('MatMul', [picked, g.input('x', [4, 2])]))
    const { nodes } = halved(g.toGraph())
    const { shapes } = new GraphBuilder(halved(g.toGraph()))
    expect(nodes.map(({ op }) => op)).toEqual(['Gather', 'Cast', 'MatMul', 'Cast', 'Identity'])
    expect([shapes.typeOf('at'), shapes.typeOf('y')]).toEqual(['int64', 'float32'])
  })
})
