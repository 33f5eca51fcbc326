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
import type { SeenLoss } from '../../../src/loss/seen.ts'
import { moments, relaxedEarthMovers } from '../../../src/loss/style.ts'
import { GraphBuilder } from '../../../src/onnx/builder.ts'
import type { Value } from '../../../src/onnx/graph.ts'
import { openGraph } from '../../../src/onnx/session.ts'
import { tensor, type Tensor } from '../../../src/tensor.ts'
import { VOCABULARY } from '../../support/clip.ts'
import { goldenArrays, hasShared, SHARED } from '../../support/golden.ts'

interface Meta {
  source: string
  target: string
  negatives: string[]
  negative_weight: number
  templates: string[]
  templated: string
}

/** How far off the worst of all numbers is, next to the largest of them. */
function offOf(got: ArrayLike<number>, wanted: Float32Array): number {
  expect(got).toHaveLength(wanted.length)
  const most = wanted.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0)
  const off = wanted.reduce((worst, value, i) => Math.max(worst, Math.abs(got[i]! - value)), 0)
  return most === 0 ? off : off / most
}

function expectClose(got: { data: ArrayLike<number> }, wanted: Tensor): void {
  expect(offOf(got.data, wanted.data)).toBeLessThan(1e-3)
}

/**
 * Pictures are shifted by so little. Where a ReLU lies within a rounding of its corner, both of its slopes are right, and PyTorch
 * rounds otherwise than we do: what it says of that picture is then what we say of the one beside it.
 */
const BESIDE = [0, -3e-7, 3e-7, -1e-6, 1e-6]

const number = (value: number) => ({ data: [value] })

/**
 * How far apart the Gram matrices of x [1, m, c] and y [1, k, c] are (Gatys et al. 2016): no loss of ours, but one of its
 * nodes.
 */
function gram(g: GraphBuilder, x: Value, y: Value): Value {
  const matrixOf = (rows: Value) => {
    const products = g.op('MatMul', [g.op('Transpose', [rows], { perm: [0, 2, 1] }), rows])
    return g.op('Div', [products, g.scalar(g.shapes.of(rows)[1]!)])
  }
  const apart = g.op('Sub', [matrixOf(x), matrixOf(y)])
  return g.op('ReduceMean', [g.op('Mul', [apart, apart])], { axes: [1, 2], keepdims: 0 })
}

describe.runIf(hasShared).each(['tiny-vit', 'tiny-rn'])('what PyTorch makes of words with %s', (name) => {
  const compared = new Set<string>()
  const arrays = goldenArrays(`words-${name}`)
  const golden = (key: string): Tensor => {
    compared.add(key)
    return arrays(key)
  }
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

  /** Judges the pictures by a loss, whose gradient in each of them is PyTorch's, number by number. */
  async function judged(loss: SeenLoss, key: string) {
    const [after, wanted] = [golden('after'), golden(key).data]
    const length = wanted.length / after.shape[0]!
    const gradients: Float32Array[] = []
    const offs = () =>
      Array.from({ length: after.shape[0]! }, (_, i) => {
        const part = (data: Float32Array) => data.subarray(i * length, (i + 1) * length)
        return Math.min(...gradients.map((gradient) => offOf(part(gradient), part(wanted))))
      })
    for (const shift of BESIDE) {
      const { gradient } = await encoder.judge({ ...after, data: after.data.map((v) => v + shift) }, [loss])
      gradients.push(gradient.data)
      if (offs().every((off) => off < 1e-3)) break
    }
    expect(Math.max(...offs())).toBeLessThan(1e-3)
    return encoder.judge(after, [loss])
  }

  const direction = () => directionBetween(encoder, meta.source, meta.target)

  test('a sentence in several templates', async () => {
    const text = await meanings(encoder, [meta.templated], meta.templates)
    expectClose(text, golden('text.ensemble'))
  })

  test('the direction from one sentence to another', async () => {
    expectClose(await direction(), golden('text.direction'))
  })

  test('how far a change is from that direction, and the gradient', async () => {
    const result = await judged(directional(before, await direction()), 'directional.gradient')
    expectClose({ data: result.each.map(({ direction }) => direction!) }, golden('directional.each'))
    expectClose(number(result.loss), golden('directional.loss'))
  })

  test('the same, where what has come far enough counts as nothing', async () => {
    const threshold = golden('directional.threshold').data[0]!
    const result = await judged(directional(before, await direction(), 1, threshold), 'directional.rejecting_gradient')
    expectClose(number(result.loss), golden('directional.rejecting'))
  })

  test('a sentence, and others that are not meant', async () => {
    const [text, ...against] = await Promise.all(
      [meta.target, ...meta.negatives].map((prompt) => encoder.encodeText!([prompt])),
    )
    const result = await judged(meaning(text!, 1, against), 'negatives.gradient')
    expectClose(number(result.loss), golden('negatives.loss'))
  })

  test.each([
    ['remd', relaxedEarthMovers],
    ['moments', moments],
    ['gram', gram],
  ] as const)('style: %s', async (key, loss: (g: GraphBuilder, x: Value, y: Value) => Value) => {
    const [x, y] = [golden('style.x'), golden('style.y')].map(({ data, shape }) => tensor([1, ...shape], data))
    const g = new GraphBuilder()
    const each = loss(g, g.input('x', x!.shape), g.input('y', y!.shape))
    g.output('loss', g.op('ReduceMean', [each], { keepdims: 0 }))
    const session = await openGraph(gradientOf(g.toGraph(), 'loss', ['x']), { threads: 1 })
    const results = await session.run({ x: x!, y: y! })
    expectClose(results['loss']!, golden(`style.${key}`))
    expectClose(results['grad_x']!, golden(`style.${key}_gradient`))
    await session.dispose()
  })

  test('and nothing of it is left out', () => {
    const all = Object.keys(JSON.parse(readFileSync(`${SHARED}/golden/words-${name}.json`, 'utf8')) as object)
    expect([...compared].sort()).toEqual(all.sort())
  })
})
