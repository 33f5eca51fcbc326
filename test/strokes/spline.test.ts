import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { pointAt } from '../../src/strokes/fit.ts'
import { smoothed, splineThrough } from '../../src/strokes/spline.ts'

describe('numbers that are as little bent as they can be', () => {
  const numbers = fc.array(fc.double({ min: -50, max: 50, noNaN: true }), { minLength: 1, maxLength: 40 })

  test('are where the sum that they make least has no slope', () => {
    fc.assert(
      fc.property(numbers, fc.double({ min: 0, max: 100, noNaN: true }), (values, stiff) => {
        const hold = values.map((_, k) => 0.1 + ((k * 7) % 5))
        const cost = (p: ArrayLike<number>): number =>
          values.reduce((sum, value, k) => {
            const bend = k > 0 && k + 1 < values.length ? p[k - 1]! - 2 * p[k]! + p[k + 1]! : 0
            return sum + hold[k]! * (p[k]! - value) ** 2 + stiff * bend ** 2
          }, 0)
        const p = smoothed(values, hold, stiff)
        for (let k = 0; k < p.length; k++) {
          const [more, less] = [0.01, -0.01].map((by) => cost(p.map((v, i) => (i === k ? v + by : v))))
          expect(Math.abs(more! - less!)).toBeLessThan(1e-6 * (1 + cost(p)))
        }
      }),
      { numRuns: 50 },
    )
  })
})

describe('a spline through places', () => {
  test('has few cubics, which meet and stay as near as they are told', () => {
    const t = Array.from({ length: 400 }, (_, k) => k / 60)
    const [x, y] = [t.map((v) => 112 + 60 * Math.cos(v) + 20 * Math.sin(3 * v)), t.map((v) => 112 + 70 * Math.sin(v))]
    const cubics = splineThrough(x, y, 0.3)
    expect(cubics.length).toBeLessThan(24)
    cubics.slice(1).forEach((cubic, i) => expect(cubic.slice(0, 2)).toEqual(cubics[i]!.slice(6)))
    expect([cubics[0]!.slice(0, 2), cubics.at(-1)!.slice(6)].flat()).toEqual([x[0], y[0], x.at(-1), y.at(-1)])
    const places = cubics.flatMap((cubic) => Array.from({ length: 200 }, (_, k) => pointAt(cubic, k / 199)))
    for (let k = 0; k < x.length; k++) {
      expect(Math.min(...places.map(([u, v]) => Math.hypot(u - x[k]!, v - y[k]!)))).toBeLessThan(0.4)
    }
  })
})
