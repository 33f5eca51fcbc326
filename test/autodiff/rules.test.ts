import { describe, test } from 'vitest'
import { RULES } from '../../src/autodiff/rules/index.ts'
import type { GraphBuilder, Written } from '../../src/onnx/builder.ts'
import { type Value, constantFrom } from '../../src/onnx/graph.ts'
import { type Check, expectGradients } from './check.ts'

type Attributes = Record<string, Written>
type Case = [what: string, shapes: number[][], build: (g: GraphBuilder, ...inputs: Value[]) => Value, check?: Check]

/** An operator applied to all its inputs as they are. */
const plain =
  (op: string, attributes: Attributes = {}) =>
  (g: GraphBuilder, ...inputs: Value[]): Value =>
    g.op(op, inputs, attributes)

/** An operator that takes lists of int64 after its first input; null where it is left out. */
const listed =
  (op: string, lists: (number[] | null)[], attributes: Attributes = {}) =>
  (g: GraphBuilder, x: Value): Value =>
    g.op(op, [x, ...lists.map((list) => (list ? g.ints(list) : ''))], attributes)

const positive: Check = { from: 0.4, to: 2 }

const unary: Record<string, Case[]> = Object.fromEntries(
  'Abs Cos Elu Erf Exp Identity LeakyRelu Neg Relu Sigmoid Sin Softplus Tanh'
    .split(' ')
    .map((op) => [op, [['[3, 4]', [[3, 4]], plain(op), { from: -2, to: 2 }]]] satisfies [string, Case[]]),
)

const resize = (
  shape: number[],
  scales: number[] | null,
  sizes: number[] | null,
  attributes: Attributes,
  check?: Check,
): Case => [
  JSON.stringify({ shape, scales, sizes, ...attributes }),
  [shape],
  (g, x) => {
    const floats = scales ? g.constant(constantFrom('float32', [scales.length], scales)) : ''
    return g.op('Resize', [x, '', floats, ...(sizes ? [g.ints(sizes)] : [])], attributes)
  },
  check,
]

const conv = (shapes: number[][], attributes: Attributes = {}): Case => [
  JSON.stringify({ shapes, ...attributes }),
  shapes,
  plain('Conv', attributes),
]

const upconv = (shapes: number[][], attributes: Attributes = {}): Case => [
  JSON.stringify({ shapes, ...attributes }),
  shapes,
  plain('ConvTranspose', attributes),
]

const pool = (shape: number[], attributes: Attributes, check?: Check): Case => [
  JSON.stringify({ shape, ...attributes }),
  [shape],
  plain('AveragePool', attributes),
  check,
]

/** Each rule on a grid of shapes and attributes. */
const CASES: Record<string, Case[]> = {
  ...unary,
  Sqrt: [['[3, 4]', [[3, 4]], plain('Sqrt'), positive]],
  Log: [['[3, 4]', [[3, 4]], plain('Log'), positive]],
  Reciprocal: [['[3, 4]', [[3, 4]], plain('Reciprocal'), positive]],
  Gelu: [
    ['exact', [[3, 4]], plain('Gelu'), { opset: 20, from: -2, to: 2 }],
    ['tanh', [[3, 4]], plain('Gelu', { approximate: 'tanh' }), { opset: 20, from: -2, to: 2 }],
  ],
  Dropout: [['when used', [[3, 4]], plain('Dropout')]],
  Cast: [
    ['to double and back', [[3, 4]], (g, x) => g.op('Cast', [g.op('Exp', [g.op('Cast', [x], { to: 11 })])], { to: 1 })],
  ],

  Add: [
    [
      'same',
      [
        [2, 3],
        [2, 3],
      ],
      plain('Add'),
    ],
    [
      'broadcast both',
      [
        [2, 1, 3],
        [4, 1],
      ],
      plain('Add'),
    ],
    ['itself', [[2, 3]], (g, x) => g.op('Add', [x, x])],
    ['a scalar', [[2, 3], []], plain('Add')],
  ],
  Sum: [['three', [[2, 3], [3], [2, 1]], plain('Sum')]],
  Sub: [['broadcast', [[3], [2, 3]], plain('Sub')]],
  Mul: [
    [
      'broadcast',
      [
        [2, 1, 3],
        [4, 1],
      ],
      plain('Mul'),
    ],
    ['a square', [[2, 3]], (g, x) => g.op('Mul', [x, x])],
  ],
  Div: [
    [
      'broadcast',
      [
        [2, 3],
        [2, 1],
      ],
      plain('Div'),
      positive,
    ],
  ],
  Pow: [
    ['base and exponent', [[2, 3], [3]], plain('Pow'), positive],
    ['square of negatives', [[2, 4]], (g, x) => g.op('Pow', [x, g.scalar(2)])],
    ['cube of negatives', [[2, 4]], (g, x) => g.op('Pow', [x, g.scalar(3)])],
    ['whole exponent', [[2, 4]], (g, x) => g.op('Pow', [x, g.scalar(2, 'int64')])],
    ['root', [[2, 4]], (g, x) => g.op('Pow', [x, g.scalar(0.5)]), positive],
    [
      'several exponents',
      [[2, 3]],
      (g, x) => g.op('Pow', [x, g.constant(constantFrom('float32', [3], [1, 2, 3]))]),
      positive,
    ],
  ],
  Max: [['three, broadcast', [[2, 4], [4], [1, 4]], plain('Max')]],
  Min: [['two', [[2, 4], [4]], plain('Min')]],
  Where: [
    [
      'broadcast',
      [[2, 3], [3]],
      (g, a, b) =>
        g.op('Where', [g.op('Greater', [g.constant(constantFrom('float32', [2, 1], [1, -1])), g.scalar(0)]), a, b]),
    ],
    ['a condition on an input', [[2, 4], [4]], (g, a, b) => g.op('Where', [g.op('Less', [a, g.scalar(0)]), a, b])],
  ],
  Clip: [
    ['both limits', [[4, 4]], (g, x) => g.op('Clip', [x, g.scalar(-0.5), g.scalar(0.25)])],
    ['one limit', [[4, 4]], (g, x) => g.op('Clip', [x, '', g.scalar(0.25)])],
  ],

  ReduceSum: [
    ['all', [[2, 3, 4]], plain('ReduceSum', { keepdims: 0 })],
    ['axes as input', [[2, 3, 4]], listed('ReduceSum', [[-1, 0]], { keepdims: 0 })],
    ['axes as attribute', [[2, 3, 4]], plain('ReduceSum', { axes: [-1, 0], keepdims: 0 }), { opset: 11 }],
    ['no axes', [[2, 3]], plain('ReduceSum', { noop_with_empty_axes: 1 })],
  ],
  ReduceMean: [
    ['kept', [[2, 3, 4]], plain('ReduceMean', { axes: [1], keepdims: 1 })],
    ['not kept', [[2, 3, 4]], plain('ReduceMean', { axes: [1, -1], keepdims: 0 })],
    ['axes as input', [[2, 3, 4]], listed('ReduceMean', [[1]]), { opset: 18 }],
    ['all', [[2, 3]], plain('ReduceMean', { keepdims: 0 })],
  ],
  ReduceSumSquare: [['one axis', [[2, 3]], plain('ReduceSumSquare', { axes: [1], keepdims: 0 })]],
  ReduceL1: [['one axis', [[2, 4]], plain('ReduceL1', { axes: [0] })]],
  ReduceL2: [['one axis', [[2, 3]], plain('ReduceL2', { axes: [-1], keepdims: 0 })]],
  ReduceMax: [['one axis', [[3, 4]], plain('ReduceMax', { axes: [1], keepdims: 0 })]],
  ReduceMin: [['all', [[3, 4]], plain('ReduceMin', { keepdims: 0 })]],
  GlobalAveragePool: [['[2, 3, 4, 2]', [[2, 3, 4, 2]], plain('GlobalAveragePool')]],

  Softmax: [
    ['last axis', [[2, 3, 4]], plain('Softmax')],
    ['middle axis', [[2, 3, 4]], plain('Softmax', { axis: 1 })],
    ['all from an axis on, as before opset 13', [[2, 3, 4]], plain('Softmax', { axis: 1 }), { opset: 11 }],
  ],
  LogSoftmax: [['last axis', [[2, 4]], plain('LogSoftmax')]],
  LayerNormalization: [
    ['last axis', [[2, 3, 4], [4], [4]], plain('LayerNormalization', { epsilon: 1e-2 })],
    [
      'two axes, no bias',
      [
        [2, 3, 4],
        [3, 4],
      ],
      plain('LayerNormalization', { axis: 1 }),
    ],
  ],
  BatchNormalization: [
    [
      'with given mean and variance',
      [[2, 3, 4, 2]],
      (g, x) => {
        const constants = [
          [1, 2, 3],
          [0, 1, 2],
          [0.1, 0.2, 0.3],
          [1, 2, 0.5],
        ].map((list) => g.constant(constantFrom('float32', [3], list)))
        return g.op('BatchNormalization', [x, ...constants])
      },
    ],
  ],

  MatMul: [
    [
      'matrices',
      [
        [2, 3],
        [3, 4],
      ],
      plain('MatMul'),
    ],
    [
      'batches',
      [
        [2, 3, 4],
        [2, 4, 2],
      ],
      plain('MatMul'),
    ],
    [
      'batches, broadcast',
      [
        [2, 1, 2, 3],
        [3, 3, 2],
      ],
      plain('MatMul'),
    ],
    [
      'a batch and a matrix',
      [
        [2, 2, 3],
        [3, 4],
      ],
      plain('MatMul'),
    ],
    ['a vector and a batch', [[3], [2, 3, 4]], plain('MatMul')],
    ['a batch and a vector', [[2, 2, 3], [3]], plain('MatMul')],
    ['vectors', [[4], [4]], plain('MatMul')],
  ],
  Gemm: [0, 1].flatMap((transA) =>
    [0, 1].map((transB): Case => [
      `transA ${transA} transB ${transB}`,
      [transA ? [3, 2] : [2, 3], transB ? [4, 3] : [3, 4], transA ? [4] : [2, 1]],
      plain('Gemm', { transA, transB, alpha: 0.5, beta: { float: 1 + transB } }),
    ]),
  ),

  InstanceNormalization: [
    ['a picture', [[2, 3, 4, 3], [3], [3]], plain('InstanceNormalization')],
    ['a line', [[1, 2, 7], [2], [2]], plain('InstanceNormalization', { epsilon: 0.1 })],
  ],
  ConvTranspose: [
    upconv([[1, 2, 3, 4], [2, 3, 3, 3], [3]]),
    upconv(
      [
        [2, 4, 3, 3],
        [4, 2, 2, 2],
      ],
      { strides: [2, 2], group: 2 },
    ),
    upconv([[1, 2, 4, 3], [2, 2, 3, 3], [2]], { strides: [2, 2], pads: [1, 1, 1, 1], output_padding: [1, 1] }),
    upconv(
      [
        [1, 2, 5, 4],
        [2, 1, 2, 3],
      ],
      { dilations: [2, 1], pads: [0, 1, 1, 1] },
    ),
    upconv(
      [
        [2, 2, 5],
        [2, 3, 3],
      ],
      { strides: [3], pads: [1, 0] },
    ),
  ],
  Conv: [
    [
      'weights that are computed, one kernel for each channel of a batch (modulated: Karras et al. 2020)',
      [
        [1, 4, 5, 5],
        [2, 3, 2, 3, 3],
        [2, 1, 2, 1, 1],
      ],
      (g, x, weights, style) => {
        const styled = g.op('Mul', [weights, style])
        const squares = g.op('ReduceSum', [g.op('Mul', [styled, styled]), g.ints([2, 3, 4])], { keepdims: 1 })
        const length = g.op('Sqrt', [g.op('Add', [squares, g.scalar(0.5)])])
        const kernels = g.op('Reshape', [g.op('Div', [styled, length]), g.ints([6, 2, 3, 3])])
        return g.op('Conv', [x, kernels], { group: 2, pads: [1, 1, 1, 1] })
      },
    ],
    [
      'noise that is added',
      [
        [1, 2, 4, 4],
        [2, 2, 3, 3],
      ],
      // The noise is other numbers in each run: times nothing, they leave the picture as it is.
      (g, x, w) => {
        const y = g.op('Conv', [x, w])
        return g.op('Add', [y, g.op('Mul', [g.op('RandomNormalLike', [y]), g.scalar(0)])])
      },
    ],

    conv([[2, 3, 5, 4], [4, 3, 3, 3], [4]], { pads: [1, 1, 1, 1] }),
    conv([
      [1, 2, 5, 6],
      [3, 2, 3, 2],
    ]),
    conv([
      [1, 2, 5, 4],
      [3, 2, 1, 1],
    ]),
    conv(
      [
        [1, 2, 6, 5],
        [2, 2, 3, 3],
      ],
      { pads: [0, 1, 2, 1] },
    ),
    conv(
      [
        [1, 1, 3, 4],
        [2, 1, 2, 2],
      ],
      { pads: [3, 2, 1, 3] },
    ),
    conv(
      [
        [1, 2, 7, 6],
        [2, 2, 3, 2],
      ],
      { dilations: [2, 3], pads: [2, 1, 1, 2] },
    ),
    conv([[2, 4, 5, 5], [6, 2, 3, 3], [6]], { group: 2, pads: [1, 1, 1, 1] }),
    conv(
      [
        [2, 2, 5],
        [3, 2, 3],
      ],
      { pads: [1, 2] },
    ),
    conv(
      [
        [2, 3, 5, 5],
        [3, 1, 3, 3],
      ],
      { group: 3, pads: [1, 1, 1, 1] },
    ),
    conv(
      [
        [1, 2, 7, 8],
        [3, 2, 3, 3],
      ],
      { strides: [2, 2], pads: [1, 1, 1, 1] },
    ),
    conv(
      [
        [1, 2, 8, 8],
        [3, 2, 3, 2],
      ],
      { strides: [3, 2], pads: [1, 0, 0, 1] },
    ),
    conv(
      [
        [1, 2, 9, 8],
        [2, 2, 2, 2],
      ],
      { strides: [4, 3] },
    ),
    conv(
      [
        [1, 3, 6, 6],
        [4, 3, 3, 3],
      ],
      { strides: [3, 3] },
    ),
    conv([[2, 4, 7, 6], [4, 2, 3, 3], [4]], { strides: [2, 2], group: 2, pads: [1, 1, 1, 1] }),
    conv(
      [
        [1, 3, 8, 8],
        [3, 1, 4, 4],
      ],
      { strides: [2, 2], group: 3, pads: [1, 1, 1, 1] },
    ),
    conv(
      [
        [1, 2, 9, 9],
        [2, 2, 2, 3],
      ],
      { strides: [2, 2], dilations: [3, 2], pads: [2, 1, 0, 2] },
    ),
    conv(
      [
        [1, 2, 6, 7],
        [2, 2, 3, 4],
      ],
      { strides: [2, 2], auto_pad: 'SAME_UPPER' },
    ),
    conv(
      [
        [1, 2, 6, 7],
        [2, 2, 3, 4],
      ],
      { auto_pad: 'SAME_LOWER' },
    ),
    conv(
      [
        [1, 2, 6, 7],
        [2, 2, 3, 4],
      ],
      { strides: [2, 2], auto_pad: 'VALID' },
    ),
    conv([[2, 2, 9], [3, 2, 4], [3]], { strides: [2], pads: [1, 2] }),
    conv(
      [
        [1, 2, 4, 3, 4],
        [2, 2, 2, 3, 2],
      ],
      { pads: [0, 1, 0, 1, 1, 1] },
    ),
  ],
  AveragePool: [
    pool([2, 2, 4, 6], { kernel_shape: [2, 3], strides: [2, 3] }),
    pool([1, 2, 5, 6], { kernel_shape: [2, 2], strides: [2, 2] }),
    pool([1, 2, 5, 6], { kernel_shape: [3, 3] }),
    pool([1, 2, 3, 4], { kernel_shape: [1, 1] }),
    pool([1, 2, 5, 6], { kernel_shape: [3, 2], strides: [2, 1], pads: [1, 0, 1, 1] }),
    pool([1, 2, 5, 6], { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1], count_include_pad: 1 }),
    pool([1, 2, 6, 6], { kernel_shape: [3, 3], strides: [2, 2], ceil_mode: 1 }),
    pool(
      [1, 2, 6, 7],
      { kernel_shape: [3, 3], strides: [2, 3], pads: [1, 1, 1, 1], ceil_mode: 1, count_include_pad: 1 },
      { opset: 19 },
    ),
    pool([1, 2, 5, 6], { kernel_shape: [2, 3], strides: [2, 2], auto_pad: 'SAME_UPPER' }),
    pool([1, 2, 7, 7], { kernel_shape: [2, 3], dilations: [2, 2] }, { opset: 19 }),
    pool([1, 2, 8], { kernel_shape: [3], strides: [2] }),
  ],
  Resize: [
    ...['half_pixel', 'asymmetric', 'align_corners', 'pytorch_half_pixel'].flatMap((mode) => [
      resize([1, 2, 3, 4], [1, 1, 2, 2], null, { mode: 'linear', coordinate_transformation_mode: mode }),
      resize([1, 2, 7, 8], null, [1, 2, 3, 5], { mode: 'linear', coordinate_transformation_mode: mode }),
      resize([1, 2, 5, 4], [1, 1, 1.5, 0.5], null, { mode: 'linear', coordinate_transformation_mode: mode }),
    ]),
    ...['half_pixel', 'asymmetric', 'align_corners'].flatMap((mode) =>
      ['round_prefer_floor', 'round_prefer_ceil', 'floor', 'ceil'].map((nearest) =>
        resize([1, 2, 3, 5], null, [1, 2, 6, 4], {
          mode: 'nearest',
          coordinate_transformation_mode: mode,
          nearest_mode: nearest,
        }),
      ),
    ),
    resize([1, 1, 3, 3], [1, 1, 3, 2], null, {}),
    resize([1, 1, 4, 4], null, [1, 1, 1, 1], { mode: 'linear', coordinate_transformation_mode: 'pytorch_half_pixel' }),
    resize([1, 2, 4, 3], null, [6, 5], { mode: 'linear', axes: [2, 3] }, { opset: 18 }),
    resize(
      [1, 1, 5, 6],
      [1, 1, 0.7, 1.3],
      null,
      { mode: 'linear', coordinate_transformation_mode: 'half_pixel_symmetric' },
      { opset: 19 },
    ),
  ],

  Reshape: [['with −1 and 0', [[2, 3, 4]], listed('Reshape', [[0, -1]])]],
  Flatten: [['from axis 2', [[2, 3, 4]], plain('Flatten', { axis: 2 })]],
  Squeeze: [
    ['by input', [[2, 1, 3]], listed('Squeeze', [[1]])],
    ['by attribute', [[2, 1, 3]], plain('Squeeze', { axes: [1] }), { opset: 11 }],
  ],
  Unsqueeze: [
    ['by input', [[2, 3]], listed('Unsqueeze', [[-1, 0]])],
    ['by attribute', [[2, 3]], plain('Unsqueeze', { axes: [1] }), { opset: 11 }],
  ],
  Transpose: [
    ['a cycle', [[2, 3, 4]], plain('Transpose', { perm: [2, 0, 1] })],
    ['reversed', [[2, 3, 4]], plain('Transpose')],
  ],
  Expand: [['new and stretched axes', [[3, 1]], listed('Expand', [[2, 1, 4]])]],
  Tile: [['two axes', [[2, 3]], listed('Tile', [[2, 3]])]],
  Concat: [
    [
      'three',
      [
        [2, 1],
        [2, 3],
        [2, 2],
      ],
      plain('Concat', { axis: -1 }),
    ],
  ],
  Split: [
    [
      'both parts',
      [[2, 5]],
      (g, x) =>
        g.op(
          'MatMul',
          g
            .ops('Split', [g.op('Transpose', [x]), g.ints([2, 3])], { axis: 0 }, 2)
            .map((part, i) => (i ? part : g.op('Gather', [part, g.ints([0, 1, 0])], { axis: 1 }))),
        ),
      { opset: 13 },
    ],
    ['one part', [[2, 6]], (g, x) => g.ops('Split', [x], { axis: 1 }, 3)[1]!],
  ],
  DepthToSpace: [
    ['blocks first', [[2, 8, 2, 3]], plain('DepthToSpace', { blocksize: 2 })],
    ['blocks last', [[1, 18, 1, 2]], plain('DepthToSpace', { blocksize: 3, mode: 'CRD' })],
  ],
  SpaceToDepth: [['[1, 2, 4, 6]', [[1, 2, 4, 6]], plain('SpaceToDepth', { blocksize: 2 })]],
  Slice: [
    ['one axis', [[5, 4]], listed('Slice', [[1], [-1], [0]])],
    [
      'without axes',
      [[5, 4]],
      listed('Slice', [
        [1, 2],
        [4, 2 ** 62],
      ]),
    ],
    [
      'steps',
      [[5, 6]],
      listed('Slice', [
        [1, 0],
        [9, 6],
        [0, 1],
        [2, 3],
      ]),
    ],
    [
      'backwards',
      [[5, 6]],
      listed('Slice', [
        [-1, 4],
        [-99, 0],
        [0, 1],
        [-1, -2],
      ]),
    ],
    [
      'mixed',
      [[2, 5, 6]],
      listed('Slice', [
        [1, 5],
        [4, -99],
        [1, 2],
        [1, -1],
      ]),
    ],
  ],
  Gather: [
    ['one index', [[2, 4, 3]], (g, x) => g.op('Gather', [x, g.scalar(-2, 'int64')], { axis: 1 })],
    ['repeated indices', [[4, 3]], (g, x) => g.op('Gather', [x, g.ints([2, 0, 2, -1])])],
    [
      'a table of indices',
      [[2, 4]],
      (g, x) => g.op('Gather', [x, g.constant(constantFrom('int64', [2, 2], [3, 1, 1, 0]))], { axis: 1 }),
    ],
  ],
  Pad: [
    ['constant', [[3, 4]], listed('Pad', [[1, 2, 0, 1]])],
    ['taking away', [[3, 4]], listed('Pad', [[-1, 2, 1, -2]])],
    ['reflect', [[3, 4]], listed('Pad', [[2, 1, 1, 3]], { mode: 'reflect' })],
    ['edge', [[3, 4]], listed('Pad', [[2, 0, 1, 3]], { mode: 'edge' })],
    ['wrap', [[3, 4]], listed('Pad', [[2, 0, 1, 3]], { mode: 'wrap' }), { opset: 19 }],
    ['some axes', [[3, 4]], listed('Pad', [[1, 2], null, [1]]), { opset: 18 }],
  ],
}

describe('gradients agree with central differences', () => {
  for (const [op, cases] of Object.entries(CASES)) {
    describe(op, () => {
      test.each(cases)('%s', (_, shapes, build, check) => expectGradients(shapes, build, check))
    })
  }

  test('each operator in the table is tried here', ({ expect }) => {
    expect([...RULES.keys()].filter((op) => !CASES[op])).toEqual([])
  })
})
