import { afterAll, describe, expect, test } from 'vitest'
import { GraphBuilder } from '../../src/onnx/builder.ts'
import { constantFrom } from '../../src/onnx/graph.ts'
import { writeModel } from '../../src/onnx/protobuf.ts'
import { openSession } from '../../src/onnx/session.ts'
import { tensor } from '../../src/tensor.ts'

function doubling(): Uint8Array {
  const g = new GraphBuilder()
  const x = g.input('x', [2, 2])
  g.output('twice', g.op('Mul', [x, g.scalar(2)]))
  g.output('sum', g.op('ReduceSum', [x], { keepdims: 0 }))
  return writeModel(g.toGraph())
}

const x = tensor([2, 2], Float32Array.of(1, 2, 3, 4))

describe('a session', async () => {
  const session = await openSession(doubling(), { threads: 1 })
  afterAll(() => session.dispose())

  test('knows its inputs and outputs', () => {
    expect(session).toMatchObject({ inputs: ['x'], outputs: ['twice', 'sum'], device: 'cpu' })
  })

  test('computes all outputs, or those that are asked for', async () => {
    expect(await session.run({ x })).toEqual({
      twice: tensor([2, 2], Float32Array.of(2, 4, 6, 8)),
      sum: tensor([], Float32Array.of(10)),
    })
    expect(Object.keys(await session.run({ x }, ['sum']))).toEqual(['sum'])
  })

  test('says what is wrong with a feed', async () => {
    await expect(session.run({})).rejects.toThrow(/Expected the model's feeds \("x"\), but "x" is missing/)
    await expect(session.run({ x, y: x })).rejects.toThrow(/"y" is none of them/)
    await expect(session.run({ x: tensor([3]) })).rejects.toThrow(/ONNX Runtime says/)
    await expect(session.run({ x: { data: new Int32Array(4), shape: [2, 2] } })).rejects.toThrow(/float32/)
    await expect(session.run({ x }, ['z'])).rejects.toThrow(/"z"/)
  })
})

test('elements of other types go in, and come out as floats', async () => {
  const g = new GraphBuilder()
  const ids = g.input('ids', [3], 'int64')
  const half = g.op('Cast', [g.op('Gather', [g.constant(tensor([2], Float32Array.of(0.5, -3))), ids])], { to: 10 })
  g.output('half', half)
  g.output('ids_too', g.op('Add', [ids, ids]))
  const session = await openSession(writeModel(g.toGraph()), { threads: 1 })
  const { half: values, ids_too } = await session.run({ ids: { data: BigInt64Array.of(1n, 0n, 1n), shape: [3] } })
  expect([...values!.data]).toEqual([-3, 0.5, -3])
  expect([...ids_too!.data]).toEqual([2, 0, 2])
  await session.dispose()
})

test.each(['basic', 'extended', 'all'] as const)('%s optimisation computes the same', async (optimisation) => {
  const session = await openSession(doubling(), { threads: 1, optimisation })
  expect((await session.run({ x })).sum).toEqual(tensor([], Float32Array.of(10)))
  await session.dispose()
})

test('weights may lie in another buffer', async () => {
  const g = new GraphBuilder()
  const data = new Map([
    ['location', 'weights.bin'],
    ['offset', '4'],
    ['length', '8'],
  ])
  g.output('y', g.op('Add', [g.input('x', [2]), g.constant({ type: 'float32', shape: [2], data })]))
  const weights = constantFrom('float32', [3], [1, 2, 3]).data as Uint8Array
  const session = await openSession(writeModel(g.toGraph()), { externalData: [{ path: 'weights.bin', data: weights }] })
  expect([...(await session.run({ x: tensor([2]) })).y!.data]).toEqual([2, 3])
  await session.dispose()
})

test('a model that the runtime refuses, and a device that is not there, are plain errors', async () => {
  await expect(openSession(Uint8Array.of(1, 2, 3))).rejects.toThrow(/^Expected a model that ONNX Runtime can load/)
  await expect(openSession(doubling(), { device: 'nonsense' })).rejects.toThrow(/^Expected to compute with nonsense/)
})
