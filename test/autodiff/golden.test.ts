import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { gradientGraph } from '../../src/autodiff/gradient.ts'
import { openSession } from '../../src/onnx/session.ts'
import { tensor } from '../../src/tensor.ts'
import { distance } from './check.ts'

const FOLDER = '../shared/golden/graphs'

interface Golden {
  loss: number
  inputs: Record<string, { shape: number[]; data: number[]; gradient: number[] }>
}

describe.skipIf(!existsSync(FOLDER))('graphs exported by PyTorch have the gradients that PyTorch computes', () => {
  test.each(['conv', 'attention', 'resample'])('%s', async (name) => {
    const golden = JSON.parse(readFileSync(`${FOLDER}/${name}.json`, 'utf8')) as Golden
    const inputs = Object.entries(golden.inputs)
    const model = gradientGraph(readFileSync(`${FOLDER}/${name}.onnx`), 'loss', Object.keys(golden.inputs))
    const session = await openSession(model, { threads: 1 })
    const feeds = Object.fromEntries(
      inputs.map(([key, { shape, data }]) => [key, tensor(shape, Float32Array.from(data))]),
    )
    const results = await session.run(feeds)
    expect(Math.abs(results.loss!.data[0]! / golden.loss - 1)).toBeLessThan(1e-4)
    for (const [key, { shape, gradient }] of inputs) {
      expect(results[`grad_${key}`]!.shape).toEqual(shape)
      expect(distance(results[`grad_${key}`]!.data, gradient) / Math.hypot(...gradient)).toBeLessThan(1e-4)
    }
    await session.dispose()
  })
})
