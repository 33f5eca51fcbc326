import { mkdirSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { GraphBuilder } from '../../src/onnx/builder.ts'
import { openCached } from '../../src/onnx/cache.ts'
import { laterConstant, type Graph } from '../../src/onnx/graph.ts'
import type { Session } from '../../src/onnx/session.ts'
import { tensor } from '../../src/tensor.ts'
import { useFolder } from '../support/folder.ts'

const folder = useFolder()
const cache = (bytes = 1e9) => ({ folder: join(folder.path, 'cache'), bytes })
const kept = () => readdirSync(join(folder.path, 'cache'))

/** y = x W, with a W of `value` that is read when it is needed; `reads` counts how often. */
function product(value: number): { graph: Graph; reads: () => number } {
  let count = 0
  const g = new GraphBuilder()
  const weights = laterConstant([64, 64], () => {
    count++
    return new Float32Array(64 * 64).fill(value)
  })
  g.output('y', g.op('MatMul', [g.input('x', [1, 64]), g.constant(weights)]))
  return { graph: g.toGraph(), reads: () => count }
}

async function resultOf(opening: Promise<Session>): Promise<number> {
  const session = await opening
  const { y } = await session.run({ x: tensor([1, 64], new Float32Array(64).fill(1)) })
  await session.dispose()
  return y!.data[5]!
}

test('a graph is rewritten once, and then opened without its weights being read', async () => {
  const first = product(2)
  expect(await resultOf(openCached(first.graph, 'weights', cache(), {}))).toBe(128)
  expect(first.reads()).toBe(1)
  const [name] = kept()
  expect(readdirSync(join(folder.path, 'cache', name!)).sort()).toEqual(['model.onnx', 'weights.bin'])
  const second = product(2)
  expect(await resultOf(openCached(second.graph, 'weights', cache(), {}))).toBe(128)
  expect(second.reads()).toBe(0)
  expect(kept()).toEqual([name])
})

test('other weights, and another graph, are kept by themselves', async () => {
  expect(await resultOf(openCached(product(2).graph, 'these', cache(), {}))).toBe(128)
  expect(await resultOf(openCached(product(3).graph, 'those', cache(), {}))).toBe(192)
  const g = new GraphBuilder()
  g.output('y', g.op('Add', [g.input('x', [1, 64]), g.scalar(1)]))
  expect(await resultOf(openCached(g.toGraph(), 'these', cache(), {}))).toBe(2)
  expect(kept()).toHaveLength(3)
})

test.each([
  ['model.onnx', 'damaged'],
  ['weights.bin', 'cut off'],
])('a %s that is %s is made again', async (file) => {
  await resultOf(openCached(product(2).graph, 'weights', cache(), {}))
  const path = join(folder.path, 'cache', kept()[0]!, file)
  writeFileSync(path, 'nonsense')
  expect(await resultOf(openCached(product(2).graph, 'weights', cache(), {}))).toBe(128)
  expect(statSync(path).size).toBeGreaterThan(100)
})

test('two at once do no harm to each other', async () => {
  const results = await Promise.all([1, 2, 3].map(() => resultOf(openCached(product(2).graph, 'w', cache(), {}))))
  expect(results).toEqual([128, 128, 128])
  expect(kept()).toHaveLength(1)
})

test('what was not used for longest goes when there is too much', async () => {
  const size = 64 * 64 * 4
  for (const [i, identity] of ['a', 'b'].entries()) {
    await resultOf(openCached(product(2).graph, identity, cache(), {}))
    for (const name of kept()) if (i === 0) utimesSync(join(folder.path, 'cache', name), 1000, 1000)
  }
  const before = kept()
  await resultOf(openCached(product(2).graph, 'c', cache(2.5 * size), {}))
  expect(kept()).toHaveLength(2)
  expect(before.filter((name) => kept().includes(name))).toHaveLength(1)
})

test('a folder that is none is told by the file system', async () => {
  mkdirSync(folder.path, { recursive: true })
  writeFileSync(join(folder.path, 'cache'), '')
  await expect(openCached(product(2).graph, 'w', cache(), {})).rejects.toHaveProperty('syscall')
  rmSync(join(folder.path, 'cache'))
})
