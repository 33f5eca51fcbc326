import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { gradientGraph, gradientOf } from '../../src/autodiff/gradient.ts'
import { FewlineError } from '../../src/errors.ts'
import { GraphBuilder } from '../../src/onnx/builder.ts'
import { type Attribute, type Constant, constantFrom, type Graph, type Node, type Value } from '../../src/onnx/graph.ts'
import { readModel, writeModel } from '../../src/onnx/protobuf.ts'
import { openSession } from '../../src/onnx/session.ts'
import { type Tensor, tensor } from '../../src/tensor.ts'
import { emptyGraph } from './check.ts'

async function run(model: Uint8Array, feeds: Record<string, Tensor>): Promise<Record<string, number[]>> {
  const session = await openSession(model, { threads: 1 })
  const results = await session.run(feeds)
  await session.dispose()
  return Object.fromEntries(Object.entries(results).map(([name, { data }]) => [name, [...data]]))
}

/** A graph from x [2] and y [2] to the number that `build` makes of them. */
function lossOf(build: (g: GraphBuilder, x: Value, y: Value) => Value, opset = 17): Graph {
  const g = new GraphBuilder(emptyGraph(opset))
  const [x, y] = [g.input('x', [2]), g.input('y', [2])]
  g.output('loss', g.op('ReduceSum', [build(g, x, y)], { keepdims: 0 }))
  return g.toGraph()
}

const x = tensor([2], Float32Array.of(1.5, -2.5))
const y = tensor([2], Float32Array.of(3, 5))

describe('the walk', () => {
  test('adds gradients to what the model computes already', async () => {
    const model = writeModel(lossOf((g, x, y) => g.op('Mul', [x, y])))
    const results = await run(gradientGraph(model, 'loss', ['y', 'x']), { x, y })
    expect(results).toEqual({ loss: [1.5 * 3 - 2.5 * 5], grad_x: [3, 5], grad_y: [1.5, -2.5] })
  })

  test('sums what comes back on several ways', async () => {
    const graph = lossOf((g, x) => g.op('Add', [g.op('Mul', [x, x]), g.op('Sub', [x, g.op('Neg', [x])])]))
    expect((await run(writeModel(gradientOf(graph, 'loss', ['x'])), { x, y }))['grad_x']).toEqual([
      2 * 1.5 + 2,
      2 * -2.5 + 2,
    ])
  })

  test('gives zeros for an input that the number does not depend on', async () => {
    const graph = lossOf((_, x) => x)
    expect((await run(writeModel(gradientOf(graph, 'loss', ['x', 'y'])), { x, y }))['grad_y']).toEqual([0, 0])
  })

  test.each<[string, (g: GraphBuilder, x: Value) => Value]>([
    ['a step', (g, x) => g.op('Floor', [x])],
    ['whole numbers', (g, x) => g.op('Cast', [g.op('Cast', [x], { to: 7 })], { to: 1 })],
    ['truths', (g, x) => g.op('Cast', [g.op('Greater', [x, g.scalar(0)])], { to: 1 })],
  ])('lets nothing through %s', async (_, through) => {
    const graph = lossOf((g, x) => g.op('Mul', [x, through(g, x)]))
    const [alone, both] = [gradientOf(lossOf(through), 'loss', ['x']), gradientOf(graph, 'loss', ['x'])]
    expect((await run(writeModel(alone), { x, y }))['grad_x']).toEqual([0, 0])
    const steps = (await run(writeModel(lossOf((g, x) => g.op('Abs', [through(g, x)]))), { x, y })).loss!
    const gradient = (await run(writeModel(both), { x, y }))['grad_x']!
    expect(gradient.reduce((sum, number) => sum + Math.abs(number), 0)).toBe(steps[0])
  })

  test('writes nothing for weights, and asks no rule of what is off the path', () => {
    const g = new GraphBuilder()
    const [x, w] = [g.input('x', [1, 1, 3, 3]), g.input('w', [1, 1, 3, 3])]
    g.output('loss', g.op('Conv', [x, g.op('HardSwish', [w])]))
    g.op('HardSwish', [x])
    const before = g.toGraph()
    const ops = gradientOf(before, 'loss', ['x']).nodes.slice(before.nodes.length)
    expect(ops.map(({ op }) => op)).toEqual(['Expand', 'Slice', 'Transpose', 'Conv', 'Identity'])
  })

  test('leaves the graph that it is given as it is', () => {
    const graph = lossOf((g, x, y) => g.op('Mul', [x, y]))
    const before = writeModel(graph)
    gradientOf(graph, 'loss', ['x'])
    expect(writeModel(graph)).toEqual(before)
  })

  test('keeps weights that lie in another file where they are', async () => {
    const g = new GraphBuilder()
    const w = g.constant({ type: 'float32', shape: [2, 1], data: new Map([['location', 'w']]) })
    g.output('loss', g.op('MatMul', [g.input('x', [1, 2]), w]))
    const data = new Uint8Array(Float32Array.of(3, 4).buffer)
    const model = gradientGraph(writeModel(g.toGraph()), 'loss', ['x'])
    const session = await openSession(model, { threads: 1, externalData: [{ path: 'w', data }] })
    expect([...(await session.run({ x: tensor([1, 2]) }, ['grad_x']))['grad_x']!.data]).toEqual([3, 4])
    await session.dispose()
  })

  test('works in half precision', async () => {
    const g = new GraphBuilder()
    const half = g.op('Cast', [g.input('x', [2])], { to: 10 })
    const y = g.op('Sigmoid', [g.op('Relu', [g.op('Mul', [half, g.op('Clip', [half, '', g.scalar(1, 'float16')])])])])
    g.output('loss', g.op('Cast', [g.op('ReduceMean', [y], { keepdims: 0 })], { to: 1 }))
    const [first, second] = (
      await run(gradientGraph(writeModel(g.toGraph()), 'loss', ['x']), { x: tensor([2], Float32Array.of(0.5, 2)) })
    )['grad_x']!
    const slope = (at: number) => Math.exp(-at) / (1 + Math.exp(-at)) ** 2
    expect(first).toBeCloseTo((slope(0.25) * 2 * 0.5) / 2, 3)
    expect(second).toBeCloseTo(slope(2) / 2, 3)
  })

  test.each([11, 12, 13, 17, 18, 21])('writes nodes that opset %i knows', async (opset) => {
    const g = new GraphBuilder(emptyGraph(opset))
    const x = g.input('x', [1, 2, 4, 4])
    const conv = g.op(
      'Conv',
      [
        x,
        g.constant(
          tensor(
            [2, 2, 3, 3],
            Float32Array.from({ length: 36 }, (_, i) => Math.cos(i)),
          ),
        ),
      ],
      {
        pads: [1, 1, 1, 1],
        strides: [2, 2],
      },
    )
    const cut = g.op('Slice', [
      g.op('Pad', [g.op('Tanh', [conv]), g.ints([0, 0, 1, 0, 0, 0, 0, 1])]),
      g.ints([0]),
      g.ints([2]),
      g.ints([2]),
      g.ints([1]),
    ])
    const soft = g.op('Softmax', [g.op('Clip', [g.op('Concat', [cut, cut], { axis: 1 }), g.scalar(-3)])], { axis: 1 })
    const pooled = g.op('AveragePool', [soft], { kernel_shape: [1, 2], strides: [1, 1] })
    g.output('loss', g.op('ReduceSum', [g.op('Mul', [pooled, pooled])], { keepdims: 0 }))
    const model = gradientGraph(writeModel(g.toGraph()), 'loss', ['x'])
    const gradient = (
      await run(model, {
        x: tensor(
          [1, 2, 4, 4],
          Float32Array.from({ length: 32 }, (_, i) => Math.sin(i)),
        ),
      })
    )['grad_x']!
    expect(Math.hypot(...gradient)).toBeGreaterThan(1e-4)
  })
})

describe('what cannot be differentiated says why', () => {
  const product = lossOf((g, x, y) => g.op('Mul', [x, y]))

  const odd = (node: Partial<Node>): Graph => {
    const nodes = product.nodes.map((old) => (old.op === 'Mul' ? { ...old, ...node } : old))
    return { ...product, nodes }
  }

  test.each<[string, Graph, string, string[], RegExp]>([
    [
      'an unknown output',
      product,
      'cost',
      ['x'],
      /Expected the name of an output of the model \("loss"\), but "cost" is none/,
    ],
    [
      'an unknown input',
      product,
      'loss',
      ['x', 'z'],
      /Expected the name of an input of the model \("x", "y"\), but "z" is none/,
    ],
    ['an operator without a rule', odd({ op: 'CumSum' }), 'loss', ['x'], /CumSum \(node "Mul_1"\) has none at all/],
    [
      'an input without a rule',
      lossOf((g, x, y) => g.op('Clip', [x, g.op('ReduceMax', [y], { keepdims: 0 })])),
      'loss',
      ['y'],
      /Clip .* has none in its input 2/,
    ],
    [
      'too old a model',
      lossOf((g, x) => g.op('Relu', [x]), 10),
      'loss',
      ['x'],
      /opset 11 to \d+, but it is of opset 10/,
    ],
    ['too new a model', lossOf((g, x) => g.op('Relu', [x]), 99), 'loss', ['x'], /but it is of opset 99/],
  ])('%s', (_, graph, of, wrt, message) => {
    expect(() => gradientGraph(writeModel(graph), of, wrt)).toThrow(message)
    expect(() => gradientGraph(writeModel(graph), of, wrt)).toThrow(FewlineError)
  })

  test('more than one number', () => {
    const g = new GraphBuilder()
    g.output('y', g.op('Relu', [g.input('x', [2])]))
    expect(() => gradientOf(g.toGraph(), 'y', ['x'])).toThrow(
      'Expected "y" to be a single number, but its shape is [2]',
    )
  })

  test('whole numbers', () => {
    const g = new GraphBuilder()
    g.output('y', g.op('Cast', [g.op('ReduceSum', [g.input('ids', [2], 'int64')], { keepdims: 0 })], { to: 1 }))
    expect(() => gradientOf(g.toGraph(), 'y', ['ids'])).toThrow(
      'Expected "ids" to be of real numbers, but it is of int64',
    )
  })

  test('an open shape', () => {
    const graph = lossOf((g, x) => g.op('Relu', [x]))
    graph.inputs = graph.inputs.map((input) => ({ ...input, shape: ['batch'] }))
    expect(() => gradientOf(graph, 'loss', ['x'])).toThrow(/to have a fixed shape, but it is \[batch\]/)
  })

  test('an operator of another domain', () => {
    expect(() => gradientOf(odd({ domain: 'com.example' }), 'loss', ['x'])).toThrow(
      /com\.example\.Mul .* has none at all|com\.example\.Mul is not among them/,
    )
  })

  test('a subgraph, which may use anything', () => {
    const branch: Attribute = { type: 'other', code: 5, value: [] }
    const graph = odd({ op: 'If', inputs: [], attributes: new Map([['then_branch', branch]]) })
    expect(() => gradientOf(graph, 'loss', ['x'])).toThrow(/If/)
  })

  test('a further output of an operator that has a rule for the first', () => {
    const g = new GraphBuilder()
    const [, mean] = g.ops('LayerNormalization', [g.input('x', [1, 2]), g.constant(tensor([2]))], {}, 2)
    g.output('loss', mean!)
    expect(() => gradientOf(g.toGraph(), 'loss', ['x'])).toThrow(/LayerNormalization .* has none from its output 2/)
  })

  test('damaged models give plain errors and never hang', () => {
    const g = new GraphBuilder()
    const picture = g.input('x', [1, 2, 5, 5])
    const conv = g.op('Conv', [picture, g.constant(tensor([2, 2, 3, 3]))], { pads: [1, 1, 1, 1], strides: [2, 2] })
    const pooled = g.op('AveragePool', [g.op('Tanh', [conv])], { kernel_shape: [2, 2], ceil_mode: 1 })
    const cut = g.op('Slice', [
      g.op('Transpose', [pooled], { perm: [0, 2, 3, 1] }),
      g.ints([1]),
      g.ints([5]),
      g.ints([-1]),
    ])
    g.output('loss', g.op('ReduceMean', [g.op('Softmax', [g.op('Reshape', [cut, g.ints([1, -1])])])], { keepdims: 0 }))
    const valid = writeModel(g.toGraph())
    expect(readModel(gradientGraph(valid, 'loss', ['x'])).outputs.map(({ name }) => name)).toEqual(['loss', 'grad_x'])
    const change = fc.tuple(fc.nat({ max: valid.length - 1 }), fc.nat({ max: 255 }))
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
        const bytes = Uint8Array.from(valid)
        for (const [at, byte] of changes) bytes[at] = byte
        try {
          gradientGraph(bytes, 'loss', ['x'])
        } catch (error) {
          expect(error).toBeInstanceOf(FewlineError)
        }
      }),
      { numRuns: 800 },
    )
  })
})

describe('of a model that nobody would export', () => {
  const zero = (...shape: number[]): Constant => ({ type: 'float32', shape, data: new Uint8Array() })
  const node = (op: string, inputs: Value[], outputs: Value[], attributes: [string, Attribute][] = []): Node => {
    return { op, domain: '', name: outputs[0]!, inputs, outputs, attributes: new Map(attributes) }
  }
  const ints = (...value: number[]): Attribute => ({ type: 'ints', value })
  const loss = node('ReduceSum', ['y'], ['loss'], [['keepdims', { type: 'int', value: 0 }]])
  const model = (nodes: Node[], shape: number[] = [2], constants: Record<string, Constant> = {}): Uint8Array =>
    writeModel({
      ...emptyGraph(17),
      inputs: [{ name: 'x', type: 'float32', shape }],
      outputs: [{ name: 'loss', type: 'float32', shape: [] }],
      nodes: [...nodes, loss],
      constants: new Map(Object.entries(constants)),
    })
  const list = (...numbers: number[]): Constant => constantFrom('int64', [numbers.length], numbers)
  const floats = (...numbers: number[]): Constant => constantFrom('float32', [numbers.length], numbers)

  test.each<[string, Uint8Array]>([
    ['a side too long to count', model([node('Abs', ['x'], ['y'])], [2 ** 60, 2 ** 60])],
    ['more axes than any model has', model([node('Abs', ['x'], ['y'])], Array<number>(100).fill(1))],
    ['NaN for a side', model([node('Reshape', ['x', 'c'], ['y'])], [2], { c: floats(NaN) })],
    ['a fraction for a side', model([node('Expand', ['x', 'c'], ['y'])], [2], { c: floats(1.5) })],
    ['NaN for an axis', model([node('Squeeze', ['x', 'c'], ['y'])], [1, 2], { c: floats(NaN) })],
    ['an axis that is not there', model([node('Softmax', ['x'], ['y'], [['axis', { type: 'int', value: 2 ** 40 }]])])],
    ['a slice along it', model([node('Slice', ['x', 'c', 'c', 'd'], ['y'])], [2], { c: list(0), d: list(2 ** 30) })],
    ['a step of nothing', model([node('Slice', ['x', 'c', 'd', 'c', 'c'], ['y'])], [2], { c: list(0), d: list(2) })],
    ['picks that are not there', model([node('Gather', ['x', 'c'], ['y'])], [2], { c: list(7) })],
    ['other numbers than its shape', model([node('Reshape', ['x', 'c'], ['y'])], [2], { c: list(3) })],
    [
      'a table without end',
      model([node('Slice', ['x', 'c', 'd', 'c', 'e'], ['y'])], [2e6], { c: list(0), d: list(2e6), e: list(2) }),
    ],
    [
      'a window without end',
      model(
        [
          node(
            'AveragePool',
            ['x'],
            ['y'],
            [
              ['kernel_shape', ints(4e6)],
              ['pads', ints(4e6, 4e6)],
            ],
          ),
        ],
        [1, 1, 100],
      ),
    ],
    ['a circle', model([node('Add', ['x', 'y'], ['a']), node('Abs', ['a'], ['y'])])],
    ['a value made twice', model([node('Abs', ['x'], ['y']), node('Neg', ['x'], ['y'])])],
    ['a value called as the gradient is', model([node('Abs', ['x'], ['grad_x']), node('Neg', ['grad_x'], ['y'])])],
    ['a subgraph', model([node('If', ['x'], ['y'], [['then_branch', { type: 'other', code: 5, value: [] }]])])],
    ['too few inputs', model([node('Conv', ['x'], ['y'])], [1, 1, 3, 3])],
    ['no bytes', new Uint8Array()],
  ])('%s is refused in a sentence', (_, bytes) => {
    expect(() => gradientGraph(bytes, 'loss', ['x'])).toThrow(FewlineError)
  })

  test('so are names that do not go together', () => {
    const plain = model([node('Abs', ['x'], ['y'])])
    expect(() => gradientGraph(plain, 'loss', ['x', 'x'])).toThrow(/to be named once/)
    expect(() => gradientGraph(plain, 'x', ['x'])).toThrow(FewlineError)
  })

  test.each<[string, Uint8Array]>([
    ['a huge side times nothing', model([node('Add', ['x', 'c'], ['y'])], [1], { c: zero(2 ** 40, 0) })],
    ['the same, worked out', model([node('Concat', ['c', 'c'], ['y'])], [1], { c: zero(2 ** 31, 0) })],
    ['one input hundreds of times', model([node('Max', Array<Value>(500).fill('x'), ['y'])])],
  ])('%s is worked through', (_, bytes) => {
    expect(readModel(gradientGraph(bytes, 'loss', ['x'])).outputs.map(({ name }) => name)).toEqual(['loss', 'grad_x'])
  })

  test('what is only long is worked through', () => {
    const inputs = Array<Value>(500).fill('x')
    const chain = Array.from({ length: 1000 }, (_, i) => node('Neg', [i ? `a${i - 1}` : 'a'], [`a${i}`]))
    const bytes = model([node('Sum', inputs, ['a']), ...chain, node('Abs', ['a999'], ['y'])])
    expect(readModel(gradientGraph(bytes, 'loss', ['x'])).nodes.length).toBeGreaterThan(2000)
  })
})
