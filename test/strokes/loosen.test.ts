import { describe, expect, test } from 'vitest'
import type { Chain } from '../../src/strokes/chains.ts'
import { loosened } from '../../src/strokes/loosen.ts'

const chain = (count: number, at: (k: number) => [number, number], closed = false): Chain => {
  const places = Array.from({ length: count }, (_, k) => at(k))
  return { x: places.map(([x]) => x), y: places.map(([, y]) => y), strength: places.map(() => 1), closed }
}
/** Of its middle part. */
const height = ({ y }: Chain): number => Math.max(...y.slice(30, -30)) - Math.min(...y.slice(30, -30))

describe('a line that is followed loosely', () => {
  const wave = chain(160, (k) => [20 + k, 100 + 5 * Math.sin(k / 5)])

  test('stays as it is with all fidelity, and is straighter the less there is', () => {
    expect(loosened(wave, 1)).toBe(wave)
    const heights = [0.9, 0.6, 0.3, 0].map((fidelity) => height(loosened(wave, fidelity)))
    heights.slice(1).forEach((now, i) => expect(now).toBeLessThan(heights[i]!))
    expect(heights.at(-1)).toBeLessThan(2)
  })

  test('goes where it went when it is straight, or closed', () => {
    const straight = chain(100, (k) => [20 + k, 30 + k / 2])
    const loose = loosened(straight, 0)
    straight.x.forEach((x, k) =>
      expect([loose.x[k], loose.y[k]]).toEqual([expect.closeTo(x), expect.closeTo(30 + k / 2)]),
    )
    const ring = chain(60, (k) => [100 + 9 * Math.cos((k * Math.PI) / 30), 80 + 9 * Math.sin((k * Math.PI) / 30)], true)
    const loop = loosened(ring, 0)
    loop.x.forEach((x, k) => expect(Math.hypot(x - 100, loop.y[k]! - 80)).toBeCloseTo(9, 0))
  })

  test('is drawn as it is where it is known', () => {
    const known = { ...wave, known: 1 }
    expect(loosened(known, 0)).toBe(known)
  })
})
