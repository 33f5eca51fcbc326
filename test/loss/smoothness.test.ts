import { expect, test } from 'vitest'
import { smoothness } from '../../src/loss/smoothness.ts'
import { agreement, centralDifferences } from '../support/differences.ts'
import { random } from '../support/random.ts'

test('its gradient agrees with central differences', () => {
  const next = random(7)
  const points = Float32Array.from({ length: 2 * (4 + 7) }, () => 10 + 60 * next())
  const firsts = [0, 4, 7] // one stroke of one cubic, one of two
  const { gradient } = smoothness(points, firsts)
  const { cos, norm } = agreement(
    gradient,
    centralDifferences(() => smoothness(points, firsts).loss, points, 0.02),
  )
  expect(cos).toBeGreaterThan(0.9999)
  expect(norm).toBeCloseTo(1, 2)
})

test('a line and a parabola are smooth, a hook is not', () => {
  const of = (...points: number[]): number => smoothness(Float32Array.from(points), [0]).loss
  expect(of(0, 0, 10, 10, 20, 20, 30, 30)).toBeCloseTo(0, 9)
  expect(of(0, 0, 10, 20, 20, 20, 30, 0)).toBeCloseTo(0, 9)
  expect(of(0, 0, 60, 0, -30, 4, 30, 4)).toBeGreaterThan(1)
})
