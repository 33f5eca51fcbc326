import { describe, expect, test } from 'vitest'
import sharp from 'sharp'
import { draw } from '../src/draw.ts'
import type { DrawRequest, Frame } from '../src/drawing/request.ts'
import { pointAt, type Cubic } from '../src/strokes/fit.ts'

/** A cup-like thing on a shaded ground, two to one. */
const CUP = `<svg xmlns="http://www.w3.org/2000/svg" width="320" height="160">
  <defs><linearGradient id="g"><stop offset="0" stop-color="#777"/><stop offset="1" stop-color="#ccc"/></linearGradient></defs>
  <rect width="320" height="160" fill="#eee"/><path d="M110 30h90l-12 100h-66z" fill="url(#g)"/>
  <ellipse cx="155" cy="30" rx="45" ry="10" fill="#444"/><circle cx="212" cy="70" r="24" fill="none" stroke="#555" stroke-width="9"/></svg>`
const cup = await sharp(Buffer.from(CUP)).png().toBuffer()

async function frames(request: Partial<DrawRequest>, signal?: AbortSignal): Promise<Frame[]> {
  const all: Frame[] = []
  for await (const frame of draw({ photo: cup, threads: 1, ...request }, signal)) all.push(frame)
  return all
}
const last = async (request: Partial<DrawRequest>): Promise<Frame> => (await frames(request)).at(-1)!

const cubicsOf = ({ strokes }: Frame): Cubic[] =>
  Array.from(strokes.widths, (_, i) => [...strokes.points.subarray(8 * i, 8 * i + 8)] as Cubic)
const along = (cubic: Cubic): [number, number][] => Array.from({ length: 33 }, (_, k) => pointAt(cubic, k / 32))
const length = (cubic: Cubic): number =>
  along(cubic).reduce((sum, [x, y], k, all) => sum + (k ? Math.hypot(x - all[k - 1]![0], y - all[k - 1]![1]) : 0), 0)

describe('a drawing', () => {
  test.each([1, 8, 16, 64])('of %i strokes has exactly as many, none a dot, all within the photo', async (strokes) => {
    const frame = await last({ strokes, iterations: 40 })
    const cubics = cubicsOf(frame)
    expect(cubics).toHaveLength(strokes)
    expect(Math.min(...cubics.map(length))).toBeGreaterThanOrEqual(4)
    for (const [x, y] of cubics.flatMap(along)) {
      expect(x).toBeGreaterThan(0)
      expect(x).toBeLessThan(224)
      expect(y).toBeGreaterThan(56)
      expect(y).toBeLessThan(168)
    }
  })

  test('shows the first placement first, then a frame every few steps, and is done once', async () => {
    const all = await frames({ strokes: 8, iterations: 20 })
    expect(all.map(({ step }) => step).slice(0, 5)).toEqual([0, 5, 10, 15, 20])
    expect(all.map(({ done }) => done)).toEqual([...all.slice(1).map(() => false), true])
  })

  test.each(['traced', 'sampled'] as const)('%s strokes come clearly nearer to the photo', async (placement) => {
    const all = await frames({ strokes: 12, placement })
    expect(all.at(-1)!.loss).toBeLessThan(0.85 * all[0]!.loss)
  })

  test('ends with the best strokes seen, the most important first', async () => {
    const all = await frames({ strokes: 10, iterations: 60 })
    const end = all.at(-1)!
    expect(end.loss).toBeLessThanOrEqual(Math.min(...all.map(({ loss }) => loss)))
    const gains = [...end.importance!]
    expect(gains).toEqual([...gains].sort((a, b) => b - a))
    expect(gains[0]).toBeGreaterThan(0)
  })

  test('is the same for the same seed, another for another, and the best of several is kept', async () => {
    const request = { strokes: 3, iterations: 10 }
    const [one, two] = [await last({ ...request, seed: 1 }), await last({ ...request, seed: 2 })]
    expect((await last({ ...request, seed: 1 })).strokes).toEqual(one.strokes)
    expect(two.strokes.points).not.toEqual(one.strokes.points)
    const best = await last({ ...request, seed: 1, seeds: 2 })
    expect(best.loss).toBe(Math.min(one.loss, two.loss))
  })
})

describe('going on from a drawing', () => {
  test('locked strokes stay where they are, others move', async () => {
    const from = (await frames({ strokes: 6, iterations: 0 }))[0]!.strokes
    const { strokes } = (await frames({ from, locked: [1, 4], iterations: 5 }))[1]!
    const stroke = (points: Float32Array, i: number): number[] => [...points.subarray(8 * i, 8 * i + 8)]
    for (const i of [1, 4]) expect(stroke(strokes.points, i)).toEqual(stroke(from.points, i))
    const moved = [0, 2, 3, 5].filter((i) => stroke(strokes.points, i).join() !== stroke(from.points, i).join())
    expect(moved.length).toBeGreaterThanOrEqual(3)
  })
})

describe('stopping', () => {
  test('comes within one step, with the best so far, not done', async () => {
    const stop = new AbortController()
    const seen: Frame[] = []
    for await (const frame of draw({ photo: cup, strokes: 8, iterations: 100_000, threads: 1 }, stop.signal)) {
      seen.push(frame)
      if (frame.step === 10) stop.abort()
    }
    const end = seen.at(-1)!
    expect(seen.at(-2)!.step).toBe(10)
    expect(end.step).toBeLessThanOrEqual(11)
    expect(end.done).toBe(false)
    expect(end.strokes.widths).toHaveLength(8)
  })
})

describe('a request that cannot be drawn', () => {
  test.each<[string, Partial<DrawRequest>]>([
    ['from 1 to 512', { strokes: 0 }],
    ['from 1 to 512', { strokes: 2.5 }],
    ['a stroke width', { width: 0 }],
    ['a preset', { preset: 'slow' as 'fast' }],
    ['locked strokes', { locked: [0] }],
  ])('is refused with a sentence: %s', async (sentence, request) => {
    await expect(frames(request)).rejects.toThrow(sentence)
  })
})
