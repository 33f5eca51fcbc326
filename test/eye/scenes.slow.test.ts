import { performance } from 'node:perf_hooks'
import { describe, expect, it } from 'vitest'
import { scene } from '../../scripts/eye/scene.ts'
import type { Scene } from '../../scripts/eye/shards.ts'
import { HELD_OUT } from '../../scripts/eye/training/plan.ts'

const SIDE = 112
const seeds = Array.from({ length: 24 }, (_, i) => HELD_OUT.first + i)
const begun = performance.now()
const scenes = seeds.map((seed) => scene(seed, SIDE))
console.log(`${((performance.now() - begun) / seeds.length).toFixed(0)} ms a scene of ${SIDE}²`)
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
    expect(sorted[12]).toBeGreaterThan(0.1)
    expect(sorted[12]).toBeLessThan(0.4)
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
