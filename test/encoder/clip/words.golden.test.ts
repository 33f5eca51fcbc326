import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { gradientOf } from '../../../src/autodiff/gradient.ts'
import type { ImageEncoder } from '../../../src/encoder/encoder.ts'
import { openEncoder } from '../../../src/encoder/open.ts'
import { directionBetween, meanings } from '../../../src/encoder/sentences.ts'
import { directional } from '../../../src/loss/direction.ts'
import { meaning } from '../../../src/loss/meaning.ts'
import { moments, relaxedEarthMovers } from '../../../src/loss/style.ts'
import { GraphBuilder } from '../../../src/onnx/builder.ts'
import type { Value } from '../../../src/onnx/graph.ts'
import { openGraph } from '../../../src/onnx/session.ts'
import { tensor, type Tensor } from '../../../src/tensor.ts'
import { VOCABULARY } from '../../support/clip.ts'
import { agreement } from '../../support/differences.ts'
import { goldenArrays, hasShared, SHARED } from '../../support/golden.ts'

interface Meta {
  source: string
  target: string
  negatives: string[]
  negative_weight: number
  templates: string[]
  templated: string
}

function expectClose(got: Tensor, wanted: Tensor): void {
  const { cos, norm } = agreement(got.data, wanted.data)
  expect(cos).toBeGreaterThan(0.9999)
  expect(Math.abs(norm - 1)).toBeLessThan(1e-3)
}

describe.runIf(hasShared).each(['tiny-vit', 'tiny-rn'])('what PyTorch makes of words with %s', (name) => {
  const golden = goldenArrays(`words-${name}`)
  let encoder: ImageEncoder
  let meta: Meta
  let before: Tensor
  const models = mkdtempSync(join(tmpdir(), 'fewline-words-'))
  beforeAll(async () => {
    vi.stubEnv('FEWLINE_MODELS', models)
    copyFileSync(`${SHARED}/models/${VOCABULARY}`, join(models, VOCABULARY))
    encoder = await openEncoder(`${SHARED}/golden/${name}.pt`, { device: 'cpu', threads: 1 })
    meta = JSON.parse(readFileSync(`${SHARED}/golden/words-${name}.meta.json`, 'utf8')) as Meta
    const { data, shape } = golden('before')
    before = (await encoder.encode(tensor([1, ...shape], data))).embedding!
  })
  afterAll(async () => {
    await encoder.dispose()
    rmSync(models, { recursive: true })
    vi.unstubAllEnvs()
  })

  const direction = () => directionBetween(encoder, meta.source, meta.target)

  test('a sentence in several templates', async () => {
    const text = await meanings(encoder, [meta.templated], meta.templates)
    expectClose(text, golden('text.ensemble'))
  })

  test('the direction from one sentence to another', async () => {
    expectClose(await direction(), golden('text.direction'))
  })

  test('how far a change is from that direction, and the gradient', async () => {
    const result = await encoder.judge(golden('after'), [directional(before, await direction())])
    result.each.forEach(({ direction }, i) => expect(direction).toBeCloseTo(golden('directional.each').data[i]!, 4))
    expect(result.loss).toBeCloseTo(golden('directional.loss').data[0]!, 4)
    expectClose(result.gradient, golden('directional.gradient'))
  })

  test('the same, where what has come far enough counts as nothing', async () => {
    const threshold = golden('directional.threshold').data[0]!
    const result = await encoder.judge(golden('after'), [directional(before, await direction(), 1, threshold)])
    expect(result.loss).toBeCloseTo(golden('directional.rejecting').data[0]!, 4)
    expectClose(result.gradient, golden('directional.rejecting_gradient'))
  })

  test('a sentence, and others that are not meant', async () => {
    const [text, ...against] = await Promise.all(
      [meta.target, ...meta.negatives].map((prompt) => encoder.encodeText!([prompt])),
    )
    const result = await encoder.judge(golden('after'), [meaning(text!, 1, against)])
    expect(result.loss).toBeCloseTo(golden('negatives.loss').data[0]!, 4)
    expectClose(result.gradient, golden('negatives.gradient'))
  })

  test.each([
    ['remd', relaxedEarthMovers],
    ['moments', moments],
  ] as const)('style: %s', async (key, loss: (g: GraphBuilder, x: Value, y: Value) => Value) => {
    const [x, y] = [golden('style.x'), golden('style.y')].map(({ data, shape }) => tensor([1, ...shape], data))
    const g = new GraphBuilder()
    const each = loss(g, g.input('x', x!.shape), g.input('y', y!.shape))
    g.output('loss', g.op('ReduceMean', [each], { keepdims: 0 }))
    const session = await openGraph(gradientOf(g.toGraph(), 'loss', ['x']), { threads: 1 })
    const results = await session.run({ x: x!, y: y! })
    expect(results['loss']!.data[0]).toBeCloseTo(golden(`style.${key}`).data[0]!, 4)
    expectClose(results['grad_x']!, golden(`style.${key}_gradient`))
    await session.dispose()
  })
})
