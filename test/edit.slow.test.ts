import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { edit, editedPhoto, editedStrokes } from '../src/edit.ts'
import type { EditFrame, EditRequest } from '../src/edit/request.ts'
import { openOriginal, type Original } from '../src/photo/original.ts'
import { VOCABULARY } from './support/clip.ts'
import { agreement } from './support/differences.ts'
import { hasShared, SHARED } from './support/golden.ts'

const PHOTO = 'test/fixtures/portrait.jpg'
const base: EditRequest = {
  ...{ photo: PHOTO, text: 'warm', encoder: `${SHARED}/golden/colour-vit.pt`, threads: 1 },
}

async function frames(request: Partial<EditRequest> = {}, signal?: AbortSignal): Promise<EditFrame[]> {
  const all: EditFrame[] = []
  for await (const frame of edit({ ...base, ...request }, signal)) all.push(frame)
  return all
}

const last = async (request: Partial<EditRequest> = {}) => (await frames(request)).at(-1)!

/** The mean of red, green and blue, 0..1. */
function meanOf({ data, channels }: Original): number[] {
  return [0, 1, 2].map((c) => {
    let sum = 0
    for (let i = c; i < data.length; i += channels) sum += data[i]!
    return (sum * channels) / data.length / 255
  })
}

/** How lightness changes from each pixel to the next, across and down. */
function edgesOf({ data, width, height, channels }: Original): Float32Array {
  const light = (i: number) => 0.299 * data[i]! + 0.587 * data[i + 1]! + 0.114 * data[i + 2]!
  const edges: number[] = []
  for (let y = 0; y + 1 < height; y++) {
    for (let x = 0; x + 1 < width; x++) {
      const at = (y * width + x) * channels
      edges.push(light(at + channels) - light(at), light(at + width * channels) - light(at))
    }
  }
  return Float32Array.from(edges)
}

/** How light each of 24 × 24 parts is, next to the mean of them. */
function shadesOf({ data, width, height, channels }: Original): number[] {
  const [sums, counts] = [new Array<number>(24 * 24).fill(0), new Array<number>(24 * 24).fill(0)]
  for (let i = 0; i < width * height; i++) {
    const part = 24 * Math.floor((24 * Math.floor(i / width)) / height) + Math.floor((24 * (i % width)) / width)
    const at = i * channels
    sums[part]! += 0.299 * data[at]! + 0.587 * data[at + 1]! + 0.114 * data[at + 2]!
    counts[part]!++
  }
  const shades = sums.map((sum, part) => sum / counts[part]!)
  const mean = shades.reduce((a, b) => a + b) / shades.length
  return shades.map((shade) => shade - mean)
}

describe.runIf(hasShared)('an edit, by an encoder that understands colours', () => {
  const models = mkdtempSync(join(tmpdir(), 'fewline-edit-'))
  let original: Original
  beforeAll(async () => {
    vi.stubEnv('FEWLINE_MODELS', models)
    copyFileSync(`${SHARED}/models/${VOCABULARY}`, join(models, VOCABULARY))
    original = await openOriginal(PHOTO)
  })
  afterAll(() => {
    rmSync(models, { recursive: true })
    vi.unstubAllEnvs()
  })

  test('makes a photo warm, as its direction says, and keeps its edges', async () => {
    const { done, ...frame } = await last({ iterations: 30 })
    expect(done).toBe(true)
    const after = await editedPhoto(original, frame)
    const [before, now] = [meanOf(original), meanOf(after)]
    expect(now[0]! - before[0]!).toBeGreaterThan(0.08)
    expect(now[2]! - before[2]!).toBeLessThan(-0.1)
    expect(agreement(edgesOf(original), edgesOf(after)).cos).toBeGreaterThan(0.95)
    expect((await editedPhoto(original, frame, 0)).data).toEqual(original.data)
    // Half of it is half-way, to the last of 255.
    const half = await editedPhoto(original, frame, 0.5)
    let off = 0
    half.data.forEach((value, i) => (off = Math.max(off, Math.abs(value - (original.data[i]! + after.data[i]!) / 2))))
    expect(off).toBeLessThanOrEqual(1)
  })

  test('in its style makes a photo warm, in the whole and in its patches, and goes on from where it was', async () => {
    const style = { mode: 'style', iterations: 7 } as const
    const all = await frames(style)
    const { done, ...frame } = all.at(-1)!
    expect(done).toBe(true)
    expect(Object.keys(frame.terms)).toEqual(['patches', 'direction', 'content', 'change', 'variation', 'range'])
    const [before, now] = [meanOf(original), meanOf(await editedPhoto(original, frame))]
    expect(now[0]! - now[2]! - (before[0]! - before[2]!)).toBeGreaterThan(0.06)
    expect((await editedPhoto(original, frame, 0)).data).toEqual(original.data)
    const { tries } = all.find(({ step }) => step === 5)!
    expect((await last({ ...style, tries: structuredClone(tries) })).parameters).toEqual(frame.parameters)
  })

  test('painted anew it is of so many strokes, warm, still what it was, and goes on from where it was', async () => {
    const paint = { mode: 'paint', iterations: 12, strokes: 150 } as const
    const all = await frames(paint)
    const { done, ...frame } = all.at(-1)!
    expect(done).toBe(true)
    const { strokes, frame: place } = editedStrokes(frame, original)
    expect(strokes.widths).toHaveLength(150)
    expect(place.width / place.height).toBeCloseTo(original.width / original.height, 5)
    const after = await editedPhoto(original, frame)
    const [before, now] = [meanOf(original), meanOf(after)]
    expect(now[0]! - now[2]! - (before[0]! - before[2]!)).toBeGreaterThan(0.06)
    // Its strokes have edges of their own: what is dark and light, seen from afar, is where it was.
    expect(agreement(shadesOf(original), shadesOf(after)).cos).toBeGreaterThan(0.8)
    const { tries } = all.find(({ step }) => step === 9)!
    expect((await last({ ...paint, tries: structuredClone(tries) })).parameters).toEqual(frame.parameters)
    expect((await editedPhoto(original, frame, 0)).data).toEqual(original.data)
  })

  test('is the same for the same seed, and goes on as if it had never stopped', async () => {
    const all = await frames({ iterations: 4 })
    expect((await last({ iterations: 4 })).parameters).toEqual(all.at(-1)!.parameters)
    const { tries } = all.find(({ step }) => step === 2)!
    const resumed = await last({ iterations: 4, tries: structuredClone(tries) })
    expect(resumed.parameters).toEqual(all.at(-1)!.parameters)
    expect((await last({ iterations: 4, seed: 1 })).parameters).not.toEqual(all.at(-1)!.parameters)
  })

  test('keeps more where more is to be kept, and changes within its region alone', async () => {
    const { width, height } = original
    const region = await sharp({ create: { width, height, channels: 3, background: 'black' } })
      .composite([
        { input: { create: { width: width >> 1, height, channels: 3, background: 'white' } }, left: 0, top: 0 },
      ])
      .png()
      .toBuffer()
    const frame = await last({ iterations: 6, region })
    const { data, channels } = await editedPhoto(original, frame)
    let [inside, outside] = [0, 0]
    data.forEach((value, i) => {
      const right = Math.floor(i / channels) % width >= width >> 1
      if (value === original.data[i]) return
      if (right) outside++
      else inside++
    })
    expect(outside).toBe(0)
    expect(inside).toBeGreaterThan(data.length / 4)
    const far = (other: Original) => Math.abs(meanOf(other)[2]! - meanOf(original)[2]!)
    const [more, less] = [await last({ iterations: 6, keep: 1e4 }), await last({ iterations: 6, keep: 0 })]
    expect(far(await editedPhoto(original, more))).toBeLessThan(0.6 * far(await editedPhoto(original, less)))
  })

  test('stops within a step, with the best so far', async () => {
    const stop = new AbortController()
    stop.abort()
    const [first, second, ...more] = await frames({}, stop.signal)
    expect(more).toEqual([])
    expect([first!.step, second!.step, second!.done]).toEqual([0, 0, false])
  })

  test.each<[string, Partial<EditRequest>, RegExp]>([
    ['nothing to become', { text: ' ' }, /a sentence that says what the photo should become, but it is empty/],
    ['a sentence that says what is there', { text: 'a photo' }, /leads away from "a photo", but .* means the same/],
    ['an encoder that can not read', { encoder: 'builtin' }, /can read .* choose a CLIP model/],
    ['two regions', { region: 'a.png', where: ['sky'] }, /a picture or in words, but both came/],
    ['strokes of what is not painted', { strokes: 20 }, /strokes with the mode paint, but the mode is tone/],
    ['a weight that is none', { keep: -1 }, /from 0 to 1000000, but it is -1/],
  ])('is refused for %s', async (_, request, said) => {
    await expect(last(request)).rejects.toThrow(said)
  })
})
