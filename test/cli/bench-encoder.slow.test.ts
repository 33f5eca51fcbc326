import { existsSync } from 'node:fs'
import { expect, test, vi } from 'vitest'
import { benchEncoder } from '../../src/cli/bench-encoder.ts'
import { clipTower } from '../../src/encoder/clip/clip.ts'
import { MEASURES, randomWeights } from '../../src/encoder/clip/random.ts'
import { encoderOf } from '../../src/encoder/from-tower.ts'
import * as fewline from '../../src/index.ts'
import { sizeOf } from '../../src/tensor.ts'
import { TINY_VIT } from '../support/clip.ts'

test('prints a row for each number of threads and each batch, and keeps nothing', async () => {
  const folders = new Set<string>()
  // The real models take too long for a test; a small one is measured in the same way.
  const engine: typeof fewline = {
    ...fewline,
    openRandomEncoder(name, { folder, ...options }) {
      folders.add(folder)
      const weights = { tensors: randomWeights(TINY_VIT), identity: 'tiny', close: () => undefined }
      const tokenizer = () => Promise.reject(new Error('nothing is read'))
      return encoderOf(clipTower(weights, { name, tokenizer, cache: { folder, bytes: 1e8 } }), options)
    },
  }
  const print = vi.spyOn(process.stdout, 'write').mockImplementation(() => true)
  await benchEncoder(engine, 'tiny', { batch: [1, 2], threads: [1, 2], device: ['cpu'], runs: 3 })
  const lines = print.mock.calls.flatMap(([text]) => String(text).trimEnd().split('\n'))
  print.mockRestore()

  expect(lines.slice(0, 2)).toEqual([
    expect.stringMatching(/^tiny: from weights to a gradient the first time: \d+\.\d s$/),
    expect.stringMatching(/second time: \d+\.\d s$/),
  ])
  const rows = lines.slice(3, 7).map((line) => line.trim().split(/ +/))
  expect(rows.map((row) => row.slice(0, 3).join(' '))).toEqual(['cpu 1 1', 'cpu 1 2', 'cpu 2 1', 'cpu 2 2'])
  for (const row of rows) expect(row.slice(3).every((cell) => Number(cell) >= 0)).toBe(true)
  expect(lines.at(-1)).toMatch(/^medians of 3, in ms; peak memory \d+ MB for comparing, \d+ MB with both at once$/)
  expect([...folders].filter(existsSync)).toEqual([])
})

test.each([
  ['RN50', 153.5],
  ['RN101', 225.5],
  ['RN50x4', 349.0],
  ['ViT-B/32', 351.4],
  ['ViT-B/16', 344.8],
])('%s with random weights has the published size', (name, megabytes) => {
  // Those of timm's files of the image towers alone, in float32.
  const visual = Array.from(randomWeights(MEASURES[name]!)).filter(([key]) => key.startsWith('visual.'))
  const numbers = visual.reduce((sum, [, { shape }]) => sum + sizeOf(shape), 0)
  expect(Math.abs((4 * numbers) / 1e6 - megabytes)).toBeLessThan(0.3)
})
