import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { WORDS, writeColours } from '../scripts/words/colours.mjs'
import { edit, editedPhoto } from '../src/edit.ts'
import type { EditFrame } from '../src/edit/request.ts'
import { openEncoder } from '../src/encoder/open.ts'
import { openOriginal, type Original } from '../src/photo/original.ts'
import { tensor } from '../src/tensor.ts'
import { agreement } from './support/differences.ts'

const PHOTO = 'test/fixtures/portrait.jpg'

// What the README's pictures are made with, and the one encoder that understands something wherever the tests run.
describe('an encoder that knows colours alone', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fewline-colours-'))
  vi.stubEnv('FEWLINE_MODELS', folder)
  const encoder = writeColours(folder)
  afterAll(() => {
    rmSync(folder, { recursive: true })
    vi.unstubAllEnvs()
  })

  test('reads each of its words, and sees the colour that it means', async () => {
    const { encode, encodeText, resolution, dispose } = await openEncoder(encoder, { device: 'cpu', threads: 1 })
    const words = Object.entries(WORDS)
    const plane = resolution ** 2
    const pictures = tensor([words.length, 3, resolution, resolution])
    pictures.data.forEach((_, i) => {
      const [, colour] = words[Math.floor(i / (3 * plane))]!
      pictures.data[i] = (1 + colour[Math.floor(i / plane) % 3]!) / 2
    })
    const { embedding } = await encode(pictures)
    const texts = await encodeText!(words.map(([word]) => `a photo of ${word}`))
    const width = texts.shape[1]!
    words.forEach(([word], i) => {
      const of = ({ data }: typeof texts) => data.subarray(i * width, i * width + 3)
      expect(agreement(of(embedding!), of(texts)).cos, word).toBeGreaterThan(0.99)
    })
    await dispose()
  })

  test('makes a photo warm, and keeps its edges', async () => {
    let last: EditFrame | undefined
    for await (const frame of edit({ photo: PHOTO, text: 'warm', encoder, iterations: 12, threads: 1 })) last = frame
    const before = await openOriginal(PHOTO)
    const after = await editedPhoto(before, last!)
    const warmth = ({ data, channels }: Original): number =>
      Array.from(data).reduce((sum, value, i) => sum + value * ([1, 0, -1][i % channels] ?? 0), 0)
    expect((warmth(after) - warmth(before)) / (before.width * before.height)).toBeGreaterThan(10)
    const edgesOf = ({ data, channels }: Original) =>
      Float32Array.from({ length: data.length - channels }, (_, i) => data[i + channels]! - data[i]!)
    expect(agreement(edgesOf(before), edgesOf(after)).cos).toBeGreaterThan(0.95)
  })
})
