import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { Dice } from '../../scripts/eye/dice.ts'
import { thinned } from '../../scripts/eye/labels.ts'
import { scene } from '../../scripts/eye/scene.ts'
import { readShard, shardsIn, writeShard, type Scene } from '../../scripts/eye/shards.ts'

const SIDE = 80
const seeds = Array.from({ length: 16 }, (_, i) => 900_000_000 + i)
const scenes = seeds.map((seed) => scene(seed, SIDE))
const folder = mkdtempSync(join(tmpdir(), 'fewline-scenes-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('made scenes', () => {
  it('come out the same for the same seed, and differ for another', () => {
    expect(scene(seeds[3]!, SIDE)).toEqual(scenes[3])
    const photos = new Set(scenes.map(({ photo }) => Buffer.from(photo).toString('base64')))
    expect(photos.size).toBe(seeds.length)
  })

  it('have planes of bytes in the stated shapes', () => {
    for (const { photo, lines, figure } of scenes) {
      expect([photo.length, lines.length, figure.length]).toEqual([3 * SIDE * SIDE, SIDE * SIDE, SIDE * SIDE])
    }
  })

  it('draw a line wherever the figure ends, but one for many where ends crowd', () => {
    const shares = scenes.map((s) => shareNear(borderOf(s), s.lines, 60)).sort((a, b) => a - b)
    expect(shares[0]).toBeGreaterThan(0.7)
    expect(shares[3]).toBeGreaterThan(0.97)
  })

  it('draw nothing strong outside the figure', () => {
    for (const { lines, figure } of scenes) {
      const far = distant(figure, 4)
      expect(Math.max(0, ...lines.filter((_, i) => far[i]))).toBeLessThan(100)
    }
  })

  it('are large in the photo, mostly, and a third lie on plain paper', () => {
    const many = scenes.map(({ figure }) => figure.reduce((sum, v) => sum + v, 0) / 255 / SIDE / SIDE)
    const sorted = many.sort((a, b) => a - b)
    expect(sorted[8]).toBeGreaterThan(0.1)
    expect(sorted[8]).toBeLessThan(0.4)
  })
})

describe('lines', () => {
  /** The strengths of two upright borders some samples apart, and how many lines they become on each row. */
  const linesOf = (gap: number, strengths: [number, number]): number[][] => {
    const borders = new Float32Array(SIDE * SIDE)
    for (let y = 20; y < 60; y++) for (const k of [0, 1]) borders[y * SIDE + 30 + k * gap] = strengths[k]!
    const lines = thinned(borders, SIDE)
    return Array.from({ length: 30 }, (_, y) =>
      [...lines.subarray((y + 25) * SIDE, (y + 26) * SIDE)].filter((v) => v > 0),
    )
  }

  it('are one along the middle of a thin rod, as strong as its stronger edge', () => {
    for (const gap of [1, 3, 5]) {
      for (const row of linesOf(gap, [0.5, 1])) expect(row).toEqual([1])
    }
  })

  it('are two along a wide one', () => {
    for (const row of linesOf(12, [0.5, 1])) expect(row).toEqual([0.5, 1])
  })

  it('are nothing where nothing is', () => {
    expect(Math.max(...thinned(new Float32Array(SIDE * SIDE), SIDE))).toBe(0)
  })

  it('stay one sample thin where borders cross in every direction', () => {
    const dice = new Dice(7)
    const borders = Float32Array.from({ length: SIDE * SIDE }, () => (dice.chance(0.02) ? dice.next() : 0))
    const lines = thinned(borders, SIDE)
    const solid = [...lines.keys()].filter((i) => lines[i]! > 0 && neighbours(i).every((j) => lines[j]! > 0 && j !== i))
    expect(solid).toEqual([])
  })
})

describe('shards', () => {
  it('give back what was written, and nothing of what is not whole', () => {
    const path = writeShard(folder, { side: SIDE, first: 70, scenes: scenes.slice(0, 3) })
    expect(shardsIn(folder)).toEqual([path])
    expect(readdirSync(folder)).toHaveLength(1)
    const { side, first, scenes: found } = readShard(path)
    expect({ side, first }).toEqual({ side: SIDE, first: 70 })
    expect(found.map(({ photo }) => [...photo])).toEqual(scenes.slice(0, 3).map(({ photo }) => [...photo]))
    expect([...found[2]!.figure]).toEqual([...scenes[2]!.figure])
    expect([...found[1]!.lines]).toEqual([...scenes[1]!.lines])
  })

  it('refuse other files', () => {
    for (const [name, content] of [
      ['empty', ''],
      ['text', 'no scenes here, only words, words, words'],
    ] as const) {
      writeFileSync(join(folder, name), content)
      expect(() => readShard(join(folder, name))).toThrow('Expected a shard of scenes')
    }
  })
})

function neighbours(i: number): number[] {
  const [x, y] = [i % SIDE, Math.floor(i / SIDE)]
  if (x === 0 || y === 0 || x === SIDE - 1 || y === SIDE - 1) return [i]
  return [-SIDE - 1, -SIDE, -SIDE + 1, -1, 1, SIDE - 1, SIDE, SIDE + 1].map((d) => i + d)
}

/** Pixels where the figure ends inside the photo. */
function borderOf({ figure }: Scene): number[] {
  return [...figure.keys()].filter((i) => figure[i]! > 127 && neighbours(i).some((j) => figure[j]! < 128))
}

/** The share of some pixels that have a line of a strength within three pixels. */
function shareNear(pixels: number[], lines: Uint8Array, strength: number): number {
  const near = distant(
    lines.map((v) => (v >= strength ? 255 : 0)),
    3,
  )
  return pixels.length ? pixels.filter((i) => !near[i]).length / pixels.length : 1
}

/** 1 where nothing within a reach is on. */
function distant(plane: Uint8Array, reach: number): Uint8Array {
  const out = new Uint8Array(plane.length).fill(1)
  for (let i = 0; i < plane.length; i++) {
    if (!plane[i]) continue
    const [x, y] = [i % SIDE, Math.floor(i / SIDE)]
    for (let v = Math.max(0, y - reach); v <= Math.min(SIDE - 1, y + reach); v++) {
      for (let u = Math.max(0, x - reach); u <= Math.min(SIDE - 1, x + reach); u++) out[v * SIDE + u] = 0
    }
  }
  return out
}
