import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Chain } from '../../src/strokes/chains.ts'
import { countFor, gainCurve, MOST_TOLD } from '../../src/strokes/count.ts'

/** A straight chain from (x, y) to the right. */
function line(x: number, y: number, length: number, strength = 1): Chain {
  const along = Array.from({ length }, (_, k) => x + k)
  return { x: along, y: along.map(() => y), strength: along.map(() => strength), closed: false }
}
const apart = (count: number, strength = 1): Chain[] =>
  Array.from({ length: count }, (_, i) =>
    line(10 + 100 * (i % 2), 10 + 12 * Math.floor(i / 2), 60 + (i % 3) * 15, strength),
  )

describe('the curve of gains', () => {
  test('never falls, begins at nothing, and goes on as long as there are lines', () => {
    const gains = gainCurve(apart(12))
    expect(gains).toHaveLength(MOST_TOLD + 1)
    expect(gains[0]).toBe(0)
    for (let n = 1; n < gains.length; n++) expect(gains[n]).toBeGreaterThanOrEqual(gains[n - 1]!)
    expect(gains[12]! - gains[11]!).toBeGreaterThan(30)
    expect(gains[13]! - gains[12]!).toBeLessThan(3)
  })

  test('counts two lines that one stroke draws once', () => {
    const once = gainCurve([line(20, 100, 120)])
    expect(gainCurve([line(20, 100, 120), line(20, 104, 118, 0.9)])[MOST_TOLD]).toBeCloseTo(once[MOST_TOLD]!)
    expect(gainCurve([line(20, 100, 120), line(20, 112, 118, 0.9)])[MOST_TOLD]).toBeGreaterThan(1.8 * once[MOST_TOLD]!)
  })

  test('is nothing without lines, and one stroke is drawn nevertheless', () => {
    expect(Math.max(...gainCurve([]))).toBe(0)
    expect(countFor(gainCurve([]))).toBe(1)
  })
})

describe('as many strokes as it takes', () => {
  test.each([2, 5, 12, 24])('are %i for so many lines, however strong those are', (count) => {
    for (const strength of [1, 0.3]) expect(countFor(gainCurve(apart(count, strength)))).toBe(count)
  })

  test('are never fewer where more detail is asked for', () => {
    const gains = fc.array(fc.double({ min: 0, max: 10, noNaN: true }), { minLength: 1, maxLength: 60 })
    const share = fc.double({ min: 0, max: 1, noNaN: true })
    fc.assert(
      fc.property(gains, share, share, share, (added, a, b, c) => {
        const curve = added.reduce((all, more) => [...all, all.at(-1)! + more], [0])
        const [fewer, more] = [countFor(curve, c, Math.min(a, b)), countFor(curve, c, Math.max(a, b))]
        expect(fewer).toBeLessThanOrEqual(more)
        expect(fewer).toBeGreaterThanOrEqual(1)
        expect(more).toBeLessThanOrEqual(added.length)
      }),
    )
  })

  test('are never fewer where the subject has limbs', () => {
    const curve = [0, 40, 70, 90, 100, 108, 114, 119, 123, 126]
    const counts = [1, 0.9, 0.7, 0.5].map((solidity) => countFor(curve, solidity))
    counts.slice(1).forEach((count, i) => expect(count).toBeGreaterThanOrEqual(counts[i]!))
    expect(counts.at(-1)).toBeGreaterThan(counts[0]!)
  })
})
