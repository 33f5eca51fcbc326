import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FewlineError } from '../../src/errors.ts'
import { GraphBuilder } from '../../src/onnx/builder.ts'
import { type Graph, constantFrom, numbersIn } from '../../src/onnx/graph.ts'
import { readModel, writeModel } from '../../src/onnx/protobuf.ts'
import { decodeModel, encodeModel } from '../../src/onnx/schema.ts'
import { tensor } from '../../src/tensor.ts'

/** A graph with every kind of attribute, constant and input. */
function everything(): Graph {
  const g = new GraphBuilder()
  const x = g.input('x', [2, 3])
  g.input('ids', [4], 'int64')
  const w = g.constant(tensor([2, 3], Float32Array.of(1, 2, 3, 4, 5, 6)))
  const constants = [
    g.ints([0, -1, 2 ** 40]),
    g.constant(constantFrom('float16', [2], [0.5, -2])),
    g.constant(constantFrom('bool', [2], [1, 0])),
    g.constant({
      type: 'float32',
      shape: [9],
      data: new Map([
        ['location', 'weights.bin'],
        ['offset', '16'],
      ]),
    }),
  ]
  const y = g.op('Clip', [x, '', w, ...constants], {
    int: -7,
    float: { float: 1 },
    fraction: 0.25,
    ints: [1, 2, 3],
    none: [],
    floats: [0.5, 1],
    text: 'nearest',
    texts: ['a', 'ü'],
    tensor: constantFrom('int64', [1], [5]),
  })
  g.output('y', y)
  return g.toGraph()
}

describe('an ONNX file', () => {
  test('comes back as it was written', () => {
    const graph = everything()
    const again = readModel(writeModel(graph))
    const { rest, irVersion, ...plain } = again
    expect(rest).toEqual({ graph: [], model: [] })
    expect(irVersion).toBe(8)
    expect(plain).toEqual(graph)
    expect(writeModel(again)).toEqual(writeModel(graph))
  })

  test('keeps the names and absence of sides', () => {
    const graph = everything()
    graph.inputs = [
      { name: 'a', type: 'float32', shape: ['batch', 3, '?'] },
      { name: 'b', type: 'float32' },
      { name: 'c', type: 'float32', shape: [] },
    ]
    expect(readModel(writeModel(graph)).inputs).toEqual(graph.inputs)
  })

  test('keeps what Fewline does not read', () => {
    const doc = Uint8Array.of(0x32, 1, 65) // ModelProto.doc_string = 6
    const bytes = Uint8Array.of(...doc, ...writeModel(everything()))
    const graph = readModel(bytes)
    expect(graph.rest?.model).toEqual([doc])
    expect(readModel(writeModel(graph)).rest?.model).toEqual([doc])
  })

  test('may list the numbers of a constant instead of giving bytes', () => {
    const initializer = [
      { name: 'a', dims: [2], dataType: 1, floatData: [0.5, 2] },
      { name: 'b', dims: [2], dataType: 7, int64Data: [-1, 2 ** 53] },
      { name: 'c', dims: [2], dataType: 10, int32Data: [0x3800, 0xc000] },
      { name: 'd', dims: [1], dataType: 11, doubleData: [0.1] },
      { name: 'e', dims: [2], dataType: 9, int32Data: [1, 0] },
      { name: 'f', dims: [], dataType: 6, int32Data: [-3] },
      { name: 'g', dims: [1], dataType: 12, uint64Data: [2 ** 32 - 1] },
    ]
    const { constants } = readModel(encodeModel({ graph: { initializer } }))
    const numbers = Array.from(constants.values(), numbersIn)
    expect(numbers).toEqual([[0.5, 2], [-1, 2 ** 53], [0.5, -2], [0.1], [1, 0], [-3], [2 ** 32 - 1]])
  })

  test('saturates integers beyond 64 bits', () => {
    const g = new GraphBuilder()
    g.output('y', g.op('Slice', [g.input('x', [3])], { ends: [2 ** 63], starts: [-(2 ** 63)] }))
    const attributes = readModel(writeModel(g.toGraph())).nodes[0]!.attributes
    expect(attributes.get('starts')).toEqual({ type: 'ints', value: [-(2 ** 63)] })
    expect(attributes.get('ends')).toEqual({ type: 'ints', value: [2 ** 63] })
  })
})

describe('bytes that are no ONNX file', () => {
  test.each([
    ['nothing', new Uint8Array()],
    ['text', Buffer.from('This is not a model.')],
    [
      'a constant with too few bytes',
      encodeModel({ graph: { initializer: [{ name: 'w', dims: [2 ** 40], dataType: 1 }] } }),
    ],
    [
      'a constant with a negative side',
      encodeModel({ graph: { initializer: [{ name: 'w', dims: [-1, 0], dataType: 1 }] } }),
    ],
    ['a constant of strings', encodeModel({ graph: { initializer: [{ name: 'w', dims: [0], dataType: 8 }] } })],
    ['an input that is a sequence', encodeModel({ graph: { input: [{ name: 'x', type: {} }] } })],
  ])('%s: an error that says so', (_, bytes) => {
    expect(() => readModel(bytes)).toThrow(/^Expected the bytes of an ONNX graph/)
  })

  test('never crash the reader, and what it reads it can write', () => {
    const valid = writeModel(everything())
    const random = fc.uint8Array({ maxLength: 200 })
    const truncated = fc.nat({ max: valid.length - 1 }).map((length) => valid.subarray(0, length))
    const mutated = fc
      .array(fc.tuple(fc.nat({ max: valid.length - 1 }), fc.nat({ max: 255 })), { minLength: 1, maxLength: 4 })
      .map((changes) => {
        const bytes = Uint8Array.from(valid)
        for (const [at, byte] of changes) bytes[at] = byte
        return bytes
      })
    fc.assert(
      fc.property(fc.oneof(random, truncated, mutated), (bytes) => {
        let graph: Graph
        try {
          graph = readModel(bytes)
        } catch (error) {
          expect(error).toBeInstanceOf(FewlineError)
          return
        }
        expect(readModel(writeModel(graph)).nodes).toEqual(graph.nodes)
      }),
      { numRuns: 1500 },
    )
  })

  test('decodeModel of the schema is what fails on them', () => {
    expect(() => decodeModel(Uint8Array.of(0x3a, 200))).toThrow()
  })
})
