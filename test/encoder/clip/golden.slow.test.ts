import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { tokenizerFrom } from '../../../src/encoder/clip/tokenizer.ts'
import type { ImageEncoder } from '../../../src/encoder/encoder.ts'
import { openEncoder } from '../../../src/encoder/open.ts'
import type { Tensor } from '../../../src/tensor.ts'
import { agreement } from '../../support/differences.ts'
import { VOCABULARY } from '../../support/clip.ts'
import { goldenArrays, hasShared, SHARED } from '../../support/golden.ts'

interface Meta {
  layer_weights: number[]
  prompts: string[]
  token_ids: number[][]
}

/** Tests that are skipped are set up all the same. */
const NOTHING: Meta = { layer_weights: [], prompts: [], token_ids: [] }
const metaOf = (name: string): Meta =>
  hasShared ? (JSON.parse(readFileSync(`${SHARED}/golden/${name}.meta.json`, 'utf8')) as Meta) : NOTHING

/** Two small CLIP models in the form in which OpenAI publishes them, and what PyTorch makes of a photo and a sketch. */
describe.skipIf(!hasShared).each(['tiny-rn', 'tiny-vit'])('%s, as PyTorch computes it', (name) => {
  const golden = goldenArrays(name)
  const { layer_weights: layers, prompts, token_ids } = metaOf(name)
  const weights = { layers, embedding: 0.1 }
  const picture = (key: string): Tensor => ({ data: golden(key).data, shape: [1, ...golden(key).shape] })
  const models = mkdtempSync(join(tmpdir(), 'fewline'))
  let encoder: ImageEncoder

  beforeAll(async () => {
    vi.stubEnv('FEWLINE_MODELS', models)
    copyFileSync(`${SHARED}/models/${VOCABULARY}`, join(models, VOCABULARY))
    encoder = await openEncoder(`${SHARED}/golden/${name}.pt`)
  })
  afterAll(async () => {
    await encoder.dispose()
    rmSync(models, { recursive: true })
    vi.unstubAllEnvs()
  })

  test.each(['photo', 'sketch'])('features and embedding of the %s', async (key) => {
    const seen = await encoder.encode(picture(key))
    expect(seen.layers).toHaveLength(layers.length)
    seen.layers.forEach((layer, i) => {
      const wanted = golden(`${key}.layer${i}`)
      expect(layer.shape).toEqual([1, ...wanted.shape])
      expect(relative(layer, wanted), `layer ${i}`).toBeLessThan(1e-4)
    })
    expect(relative(seen.embedding!, golden(`${key}.embedding`))).toBeLessThan(1e-4)
  })

  test('the loss of a sketch, and its gradient', async () => {
    const target = await encoder.prepare(picture('photo'), weights)
    const { loss, terms, gradient } = await encoder.compare(picture('sketch'), target)
    const [conv, fc, total] = ['conv', 'fc', 'total'].map((key) => golden(`loss.${key}`).data[0]!)
    const { embedding, ...convolutions } = terms
    const sum = Object.values(convolutions).reduce((a, b) => a + b)
    expect(Math.abs(loss / total! - 1)).toBeLessThan(1e-4)
    expect(Math.abs(sum / conv! - 1)).toBeLessThan(1e-4)
    expect(Math.abs(embedding! / (0.1 * fc!) - 1)).toBeLessThan(1e-4)
    const { cos, norm } = agreement(gradient.data, golden('loss.grad_sketch').data)
    expect(cos).toBeGreaterThan(0.9999)
    expect(Math.abs(norm - 1)).toBeLessThan(1e-3)
  })

  test('in half precision: the loss within a hundredth, and hardly another gradient', async () => {
    const half = await openEncoder(`${SHARED}/golden/${name}.pt`, { precision: 'half' })
    expect([encoder.precision, half.precision]).toEqual(['single', 'half'])
    const target = await half.prepare(picture('photo'), weights)
    const { loss, gradient } = await half.compare(picture('sketch'), target)
    expect(Math.abs(loss / golden('loss.total').data[0]! - 1)).toBeLessThan(0.01)
    const { cos, norm } = agreement(gradient.data, golden('loss.grad_sketch').data)
    expect(cos).toBeGreaterThan(0.999)
    expect(Math.abs(norm - 1)).toBeLessThan(0.01)
    await half.dispose()
  })

  test('token numbers', () => {
    const tokens = tokenizerFrom(gunzipSync(readFileSync(`${SHARED}/models/${VOCABULARY}`)).toString('utf8'))
    const padded = prompts.map((prompt) => [...tokens(prompt), ...Array<number>(77).fill(0)].slice(0, 77))
    expect(padded).toEqual(token_ids)
  })

  test('embeddings of texts, and how well each fits the photo', async () => {
    const texts = await encoder.encodeText!(prompts)
    expect(texts.shape).toEqual(golden('text.embedding').shape)
    expect(relative(texts, golden('text.embedding'))).toBeLessThan(1e-4)
    const { embedding } = await encoder.encode(picture('photo'))
    const logits = prompts.map((_, i) => {
      return encoder.textScale! * agreement(embedding!.data, texts.data.subarray(32 * i, 32 * (i + 1))).cos
    })
    const wanted = golden('logits_per_image')
    expect(relative({ ...wanted, data: Float32Array.from(logits) }, wanted)).toBeLessThan(1e-4)
  })

  test('how far a sketch is from the first text, and the gradient of that', async () => {
    const text = { data: golden('text.embedding').data.slice(0, 32), shape: [1, 32] }
    const { loss, gradient } = await encoder.compareText!(picture('sketch'), text)
    expect(Math.abs(loss / golden('textloss.value').data[0]! - 1)).toBeLessThan(1e-4)
    const { cos, norm } = agreement(gradient.data, golden('textloss.grad_sketch').data)
    expect(cos).toBeGreaterThan(0.9999)
    expect(Math.abs(norm - 1)).toBeLessThan(1e-3)
  })

  test.runIf(name === 'tiny-vit')('relevance', async () => {
    const { data, shape } = await encoder.relevance!(picture('photo'))
    const wanted = golden('photo.relevance')
    expect(shape).toEqual(wanted.shape)
    expect(Math.max(...data.map((value, i) => Math.abs(value - wanted.data[i]!)))).toBeLessThan(1e-3)
  })
})

/** The length of the difference, next to that of what is wanted. */
function relative(seen: Tensor, wanted: Tensor): number {
  return Math.hypot(...seen.data.map((value, i) => value - wanted.data[i]!)) / Math.hypot(...wanted.data)
}
