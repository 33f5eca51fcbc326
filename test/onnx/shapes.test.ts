import { describe, expect, test } from 'vitest'
import { GraphBuilder, type Written } from '../../src/onnx/builder.ts'
import type { ElementType } from '../../src/onnx/elements.ts'
import { type Value, constantFrom } from '../../src/onnx/graph.ts'
import { writeModel } from '../../src/onnx/protobuf.ts'
import { openSession } from '../../src/onnx/session.ts'
import { Shapes } from '../../src/onnx/shapes.ts'
import { sizeOf, tensor } from '../../src/tensor.ts'

type Case = [
  op: string,
  shapes: number[][],
  attributes?: Record<string, Written>,
  constants?: (number[] | null)[],
  outputs?: number,
]

/** What ONNX Runtime makes of each of these has the shapes that were foretold. `constants` are int64 and follow the inputs. */
const CASES: Case[] = [
  ['Relu', [[2, 3]]],
  [
    'Add',
    [
      [2, 1, 4],
      [3, 1],
    ],
  ],
  ['Max', [[2, 1], [3], [1, 1, 1]]],
  ['Equal', [[2, 3], [1]]],
  [
    'MatMul',
    [
      [2, 3],
      [3, 4],
    ],
  ],
  [
    'MatMul',
    [
      [5, 1, 2, 3],
      [4, 3, 6],
    ],
  ],
  ['MatMul', [[3], [2, 3, 4]]],
  ['MatMul', [[2, 3], [3]]],
  ['MatMul', [[3], [3]]],
  ['Gemm', [[3, 2], [4, 3], [4]], { transA: 1, transB: 1 }],
  [
    'Conv',
    [
      [2, 3, 9, 7],
      [4, 3, 3, 2],
    ],
    { strides: [2, 1], pads: [1, 0, 2, 1], dilations: [1, 2] },
  ],
  [
    'Conv',
    [
      [2, 4, 9, 7],
      [6, 2, 3, 3],
    ],
    { strides: [2, 3], group: 2, auto_pad: 'SAME_UPPER' },
  ],
  [
    'Conv',
    [
      [1, 1, 9, 8],
      [1, 1, 2, 4],
    ],
    { auto_pad: 'SAME_LOWER' },
  ],
  [
    'Conv',
    [
      [1, 1, 9],
      [1, 1, 2],
    ],
    { auto_pad: 'VALID' },
  ],
  [
    'ConvTranspose',
    [
      [2, 4, 5, 3],
      [4, 3, 3, 2],
    ],
    { strides: [2, 3], pads: [1, 0, 1, 1], output_padding: [1, 0], group: 2 },
  ],
  ['AveragePool', [[1, 2, 7, 8]], { kernel_shape: [3, 2], strides: [2, 2] }],
  ['AveragePool', [[1, 2, 7, 8]], { kernel_shape: [3, 3], strides: [2, 2], ceil_mode: 1 }],
  ['AveragePool', [[1, 2, 5, 6]], { kernel_shape: [2, 2], strides: [4, 3], ceil_mode: 1, pads: [0, 0, 1, 1] }],
  ['MaxPool', [[1, 2, 7, 8]], { kernel_shape: [3, 3], pads: [1, 1, 1, 1], strides: [2, 2] }],
  ['GlobalAveragePool', [[2, 3, 4, 5]]],
  ['ReduceMean', [[2, 3, 4]], { axes: [-1, 0] }],
  ['ReduceMean', [[2, 3, 4]], { keepdims: 0 }],
  ['ReduceSum', [[2, 3, 4]], { keepdims: 0 }, [[-2]]],
  ['ReduceSum', [[2, 3, 4]], { noop_with_empty_axes: 1 }],
  ['Reshape', [[2, 3, 4]], {}, [[0, -1, 2]]],
  ['Flatten', [[2, 3, 4]], { axis: -1 }],
  ['Transpose', [[2, 3, 4]], { perm: [1, 2, 0] }],
  ['Transpose', [[2, 3, 4]]],
  [
    'Concat',
    [
      [2, 3],
      [2, 1],
      [2, 2],
    ],
    { axis: -1 },
  ],
  [
    'Slice',
    [[7, 6]],
    {},
    [
      [5, -1],
      [-100, -4],
      [0, 1],
      [-2, -1],
    ],
  ],
  ['Slice', [[7, 6]], {}, [[1], [2 ** 53], [-1]]],
  ['Slice', [[4]], {}, [[3], [1]]],
  ['Slice', [[4]], {}, [[-9], [-9], [0], [-1]]],
  ['Gather', [[4, 5]], { axis: 1 }, [[1, -2, 0]]],
  ['Squeeze', [[1, 3, 1]]],
  ['Squeeze', [[1, 3, 1]], {}, [[-1]]],
  ['Unsqueeze', [[3, 2]], {}, [[-1, 0]]],
  ['Expand', [[3, 1]], {}, [[2, 1, 4]]],
  ['Tile', [[3, 2]], {}, [[2, 1]]],
  ['Pad', [[3, 4]], {}, [[1, -1, 0, 2]]],
  ['DepthToSpace', [[1, 8, 2, 3]], { blocksize: 2, mode: 'CRD' }],
  ['SpaceToDepth', [[2, 1, 4, 6]], { blocksize: 2 }],
  ['Split', [[2, 6]], { axis: 1 }, [[1, 5]], 2],
  ['Split', [[2, 6]], { axis: 1 }, [], 3],
  [
    'LayerNormalization',
    [
      [2, 3, 4],
      [3, 4],
    ],
    { axis: 1 },
    [],
    3,
  ],
]

function textOf([op, shapes, attributes = {}, constants = []]: Case): string {
  return [
    op,
    JSON.stringify(shapes),
    JSON.stringify(attributes),
    ...constants.map((list) => JSON.stringify(list)),
  ].join(' ')
}

describe('inferred shapes are those of the runtime', () => {
  test.each(CASES.map((oneCase) => [textOf(oneCase), ...oneCase] as const))(
    '%s',
    async (_, op, shapes, attributes = {}, constants = [], count = 1) => {
      const g = new GraphBuilder()
      const inputs = shapes.map((shape, i) => g.input(`x${i}`, shape))
      const outputs = g.ops(op, [...inputs, ...constants.map((list) => (list ? g.ints(list) : ''))], attributes, count)
      outputs.forEach((output) => g.output(output, output))
      const foretold = outputs.map((output) => g.shapes.of(output))
      const session = await openSession(
        writeModel({ ...g.toGraph(), outputs: outputs.map((name) => ({ name, type: g.shapes.typeOf(name) })) }),
        { threads: 1 },
      )
      const results = await session.run(Object.fromEntries(shapes.map((shape, i) => [`x${i}`, tensor(shape)])))
      expect(foretold).toEqual(outputs.map((output) => results[output]!.shape))
      await session.dispose()
    },
  )
})

describe('what follows from constants and shapes is computed beforehand', () => {
  const numbers = (type: ElementType, shape: number[], list: number[]) => (g: GraphBuilder) =>
    g.constant(constantFrom(type, shape, list))
  const counting = (...shape: number[]) =>
    numbers(
      'int64',
      shape,
      Array.from({ length: sizeOf(shape) }, (_, i) => i),
    )

  const chains: [string, (g: GraphBuilder, x: Value) => Value][] = [
    [
      'Shape, Gather, Unsqueeze, Concat',
      (g, x) =>
        g.op(
          'Concat',
          [g.op('Unsqueeze', [g.op('Gather', [g.op('Shape', [x]), g.scalar(1, 'int64')]), g.ints([0])]), g.ints([-1])],
          { axis: 0 },
        ),
    ],
    ['a part of a Shape', (g, x) => g.op('Shape', [x], { start: 1, end: -1 })],
    ['Size', (g, x) => g.op('Size', [x])],
    [
      'an exporter of Pad',
      (g) =>
        g.op(
          'Cast',
          [
            g.op('Reshape', [
              g.op(
                'Transpose',
                [
                  g.op('Slice', [
                    counting(4, 2)(g),
                    g.ints([-1]),
                    g.ints([-(2 ** 63) + 2048]),
                    g.ints([0]),
                    g.ints([-1]),
                  ]),
                ],
                { perm: [1, 0] },
              ),
              g.ints([-1]),
            ]),
          ],
          { to: 6 },
        ),
    ],
    ['Gather of rows and columns', (g) => g.op('Gather', [counting(2, 3, 2)(g), g.ints([2, -3])], { axis: 1 })],
    ['Concat along the middle', (g) => g.op('Concat', [counting(2, 1, 2)(g), counting(2, 3, 2)(g)], { axis: 1 })],
    ['whole division', (g) => g.op('Div', [g.ints([7, -7]), g.scalar(2, 'int64')])],
    [
      'floats to whole numbers',
      (g) =>
        g.op('Cast', [g.op('Floor', [g.op('Mul', [numbers('float32', [2], [2.5, -3.7])(g), g.scalar(3)])])], { to: 7 }),
    ],
    ['broadcasting', (g) => g.op('Sub', [counting(2, 1)(g), g.op('Expand', [counting(1, 3)(g), g.ints([2, 1, 3])])])],
    [
      'Where and Equal',
      (g) => g.op('Where', [g.op('Equal', [g.ints([-1, 2]), g.ints([-1])]), g.ints([1]), g.ints([-1, 2])]),
    ],
    ['Range', (g) => g.op('Range', [g.scalar(7, 'int64'), g.scalar(0, 'int64'), g.scalar(-3, 'int64')])],
    ['ConstantOfShape', (g) => g.op('ConstantOfShape', [g.ints([2, 2])], { value: constantFrom('int64', [1], [5]) })],
    ['Constant', (g) => g.op('Constant', [], { value_ints: [3, 4] })],
    [
      'minimum, maximum, absolute',
      (g) => g.op('Max', [g.op('Abs', [g.ints([-3, 1])]), g.op('Min', [g.ints([5, 9]), g.ints([2, 2])])]),
    ],
  ]

  test.each(chains)('%s', async (_, build) => {
    const g = new GraphBuilder()
    const y = build(g, g.input('x', [2, 3, 4]))
    g.output('y', y)
    const session = await openSession(writeModel(g.toGraph()), { threads: 1 })
    const result = (await session.run({ x: tensor([2, 3, 4]) })).y!
    expect(g.shapes.numbers(y)).toEqual([...result.data])
    expect(g.shapes.of(y)).toEqual(result.shape)
    await session.dispose()
  })
})

describe('what is not known says why when it is asked for', () => {
  test('an open shape', () => {
    const shapes = new Shapes()
    shapes.addInput({ name: 'x', type: 'float32', shape: ['batch', 3] })
    expect(() => shapes.of('x')).toThrow(
      'Expected the input "x" to have a fixed shape, but it is [batch, 3]: export the model with fixed shapes.',
    )
  })

  test('an unknown operator, and all that follows from it', () => {
    const g = new GraphBuilder()
    const y = g.op('Relu', [g.op('Einsum', [g.input('x', [2])])])
    expect(() => g.shapes.of(y)).toThrow(/Einsum is not among them/)
  })

  test('shapes that do not go together', () => {
    const g = new GraphBuilder()
    expect(() => g.shapes.of(g.op('Add', [g.input('x', [2]), g.input('y', [3])]))).toThrow(/\[2\] and \[3\]/)
    expect(() => g.shapes.of(g.op('MatMul', ['x', 'y']))).toThrow(/can be multiplied/)
  })

  test('a parameter that is not constant', () => {
    const g = new GraphBuilder()
    expect(() => g.shapes.of(g.op('Reshape', [g.input('x', [2]), g.input('shape', [1], 'int64')]))).toThrow(
      /"shape" of Reshape to be constant/,
    )
  })

  test('a node that lacks what it needs, and a value that nothing makes', () => {
    const g = new GraphBuilder()
    expect(() => g.shapes.of(g.op('AveragePool', [g.input('x', [1, 1, 4, 4])]))).toThrow(/well-formed AveragePool/)
    expect(() => g.shapes.of(g.op('Relu', []))).toThrow(/nothing in the graph makes it|well-formed Relu/)
    expect(() => g.shapes.of('nowhere')).toThrow(/nothing in the graph makes it/)
  })
})
