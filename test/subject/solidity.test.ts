import { describe, expect, test } from 'vitest'
import { solidityOf } from '../../src/subject/solidity.ts'
import { tensor } from '../../src/tensor.ts'
import { CANVAS } from '../../src/units.ts'

/** 1 where the test holds of the middle of a pixel. */
function mask(holds: (x: number, y: number) => boolean) {
  const inside = Float32Array.from({ length: CANVAS ** 2 }, (_, i) =>
    Number(holds((i % CANVAS) + 0.5, Math.floor(i / CANVAS) + 0.5)),
  )
  return tensor([CANVAS, CANVAS], inside)
}
const disc = (x: number, y: number): boolean => Math.hypot(x - 112, y - 112) < 60

describe('how much of its convex hull a subject fills', () => {
  test('is nearly all for a disc, and for the whole photo', () => {
    expect(solidityOf(mask(disc))).toBeGreaterThan(0.96)
    expect(solidityOf(mask(() => true))).toBe(1)
  })

  test('is what a cross fills of its octagon', () => {
    const [long, half] = [80, 12]
    const cross = mask((x, y) => {
      const [u, v] = [Math.abs(x - 112), Math.abs(y - 112)]
      return Math.max(u, v) < long && Math.min(u, v) < half
    })
    const own = 2 * (2 * long * 2 * half) - (2 * half) ** 2
    const hull = (2 * long) ** 2 - 2 * (long - half) ** 2
    expect(solidityOf(cross)).toBeCloseTo(own / hull, 1)
  })

  test('knows nothing of crumbs, and is all where there is no subject', () => {
    const crumbs = mask((x, y) => disc(x, y) || Math.hypot(x - 10, y - 10) < 4 || Math.hypot(x - 215, y - 9) < 1)
    expect(solidityOf(crumbs)).toBeGreaterThan(0.96)
    expect(solidityOf(mask(() => false))).toBe(1)
  })
})
