import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { draw } from '../src/draw.ts'
import type { DrawRequest, Frame } from '../src/drawing/request.ts'
import { renderStrokes } from '../src/raster/raster.ts'
import type { Strokes } from '../src/strokes/strokes.ts'
import { CANVAS } from '../src/units.ts'
import { VOCABULARY } from './support/clip.ts'
import { hasShared, SHARED } from './support/golden.ts'

const base: DrawRequest = {
  ...{
    text: 'red',
    encoder: `${SHARED}/golden/colour-vit.pt`,
    preset: 'fast',
    iterations: 24,
    strokes: 24,
    threads: 1,
  },
}

async function frames(request: Partial<DrawRequest> = {}, signal?: AbortSignal): Promise<Frame[]> {
  const all: Frame[] = []
  for await (const frame of draw({ ...base, ...request }, signal)) all.push(frame)
  return all
}

const last = async (request: Partial<DrawRequest> = {}) => (await frames(request)).at(-1)!

/** The mean colour of a drawing. */
function meanOf(strokes: Strokes): number[] {
  const { data } = renderStrokes(strokes).output
  return [0, 1, 2].map(
    (c) => data.subarray(c * CANVAS ** 2, (c + 1) * CANVAS ** 2).reduce((a, b) => a + b, 0) / CANVAS ** 2,
  )
}

describe.runIf(hasShared)('a drawing of a sentence, by an encoder that understands colours', () => {
  const models = mkdtempSync(join(tmpdir(), 'fewline-words-'))
  beforeAll(() => {
    vi.stubEnv('FEWLINE_MODELS', models)
    copyFileSync(`${SHARED}/models/${VOCABULARY}`, join(models, VOCABULARY))
  })
  afterAll(() => {
    rmSync(models, { recursive: true })
    vi.unstubAllEnvs()
  })

  test.each([
    ['red', 0],
    ['green', 1],
    ['blue', 2],
  ] as const)('is %s', async (text, channel) => {
    const { strokes, done } = await last({ text })
    expect(done).toBe(true)
    expect(strokes.widths).toHaveLength(24)
    const mean = meanOf(strokes)
    for (const other of [0, 1, 2]) if (other !== channel) expect(mean[channel]! - mean[other]!).toBeGreaterThan(0.1)
  })

  test('comes nearer to it, layer by layer, and is not what it should not be', async () => {
    const seen = await frames({ iterations: 40 })
    const counts = seen.map(({ strokes }) => strokes.widths.length)
    expect(counts[0]).toBe(6)
    expect(counts.at(-1)).toBe(24)
    expect(counts).toEqual([...counts].sort((a, b) => a - b))
    expect(seen.at(-1)!.loss).toBeLessThan(0.5 * seen[0]!.loss)
    const yellow = meanOf((await last({ text: 'yellow' })).strokes)
    const lessGreen = meanOf((await last({ text: 'yellow', words: { against: ['green'] } })).strokes)
    expect(lessGreen[1]! - lessGreen[0]!).toBeLessThan(yellow[1]! - yellow[0]!)
  })

  test('is the same for the same seed, another for another, and goes on as if it had never stopped', async () => {
    const one = await frames()
    expect(await last()).toMatchObject({ strokes: one.at(-1)!.strokes, loss: one.at(-1)!.loss })
    expect((await last({ seed: 1 })).strokes.points).not.toEqual(one.at(-1)!.strokes.points)
    // Half-way, between two layers.
    const { tries } = one.find(({ step }) => step === 8)!
    expect((await last({ tries: structuredClone(tries) })).strokes).toEqual(one.at(-1)!.strokes)
  })

  test('keeps to a palette, or to black', async () => {
    const palette = [
      [1, 0, 0],
      [0, 0, 1],
    ] as const
    const { colors } = (await last({ words: { palette } })).strokes
    const used = new Set(Array.from({ length: 24 }, (_, i) => colors!.slice(4 * i, 4 * i + 3).join(' ')))
    expect([...used].every((colour) => ['1 0 0', '0 0 1'].includes(colour))).toBe(true)
    const mono = (await last({ text: 'dark', words: { mono: true } })).strokes
    expect(mono.colors!.every((value, i) => value === Number(i % 4 === 3))).toBe(true)
  })

  test('begins on the lines and with the colours of a photo, or with given strokes', async () => {
    const start = 'test/fixtures/portrait.jpg'
    const [first] = await frames({ words: { start }, strokes: 12 })
    expect(first!.strokes.widths).toHaveLength(12)
    const from = { ...first!.strokes, colors: undefined, segments: undefined }
    const [again] = await frames({ from, strokes: undefined })
    expect(again!.strokes.points).toEqual(from.points)
    expect(again!.strokes.colors!.slice(0, 4)).toEqual(Float32Array.of(0, 0, 0, 1))
  })

  test('moves strokes from what they are towards a sentence: what is locked stays, and so do colours and widths', async () => {
    // Red to the left, blue to the right, both half out of sight: less blue is to be had by moving alone.
    const from = {
      points: Float32Array.from([0, 60, 90].flatMap((x) => [x, 20, x, 90, x, 150, x, 200])),
      widths: Float32Array.of(60, 60, 60),
      colors: Float32Array.from([0, 0, 1, 1, 1, 0, 0, 1, 0, 0, 1, 1]),
      ...{ segments: Uint8Array.of(1, 1, 1), width: CANVAS, height: CANVAS },
    }
    const request = { from, strokes: undefined, iterations: 16, text: 'red', words: { source: 'blue' }, locked: [0] }
    const seen = await frames(request)
    const { strokes, terms, done } = seen.at(-1)!
    expect(done).toBe(true)
    expect(Object.keys(terms)).toEqual(['direction', 'content', 'change'])
    expect(terms['direction']).toBeLessThan(seen[0]!.terms['direction']! - 0.05)
    expect([strokes.colors, strokes.widths]).toEqual([from.colors, from.widths])
    expect(strokes.points.subarray(0, 8)).toEqual(from.points.subarray(0, 8))
    expect(strokes.points.subarray(16)).not.toEqual(from.points.subarray(16))
    const redder = ([r, , b]: number[]) => r! - b!
    expect(redder(meanOf(strokes))).toBeGreaterThan(redder(meanOf(from)))
    await expect(last({ words: { source: 'blue' } })).rejects.toThrow(/strokes to move away from a source/)
  })

  test('has the style of a picture: its colours', async () => {
    const style = `${SHARED}/photos/coffee.png`
    const { terms } = await last({ words: { style }, iterations: 12 })
    const [first] = await frames({ words: { style }, iterations: 0 })
    expect(terms['palette']).toBeLessThan(first!.terms['palette']!)
    expect(Object.keys(terms).sort()).toEqual(['palette', 'style', 'text'])
  })

  test('stops within a step, with the best so far', async () => {
    const stop = new AbortController()
    stop.abort()
    const [only, ...more] = (await frames({}, stop.signal)).filter(({ order }) => order)
    expect(more).toEqual([])
    expect(only).toMatchObject({ done: false, step: 0 })
  })

  test('is refused without anything to draw, or without an encoder that reads', async () => {
    await expect(last({ text: ' ' })).rejects.toThrow(/a sentence to draw, but it is empty/)
    await expect(last({ text: undefined })).rejects.toThrow(/a photo or a sentence/)
    await expect(last({ encoder: 'builtin' })).rejects.toThrow(/can read .* choose a CLIP model/)
  })
})
