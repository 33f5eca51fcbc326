import { describe, expect, test } from 'vitest'
import { adam } from '../../src/optimiser/adam.ts'
import { chain } from '../../src/optimiser/chain.ts'
import { constant, cosine, scheduled } from '../../src/optimiser/schedule.ts'

describe('adam', () => {
  test('its first step has unit length against the gradient, whatever its size', () => {
    const { update, init } = adam()
    const { change } = update(Float32Array.of(1e-3, -1e3, 0), init(3))
    expect(change[0]).toBeCloseTo(-1, 4)
    expect(change[1]).toBeCloseTo(1, 4)
    expect(change[2]).toBe(-0)
  })

  test('gradients well below epsilon hardly move their parameter', () => {
    const { update, init } = adam({ epsilon: 1 })
    expect(Math.abs(update(Float32Array.of(1e-3), init(1)).change[0]!)).toBeLessThan(1e-2)
  })

  test('follows Kingma and Ba step by step', () => {
    const { update, init } = adam({ beta1: 0.9, beta2: 0.99 })
    let state = init(1)
    let [m, v] = [0, 0]
    ;[0.5, -0.2, 0.9, 0.1].forEach((g, i) => {
      const step = update(Float32Array.of(g), state)
      state = step.state
      m = 0.9 * m + 0.1 * g
      v = 0.99 * v + 0.01 * g * g
      const expected = -(m / (1 - 0.9 ** (i + 1))) / (Math.sqrt(v / (1 - 0.99 ** (i + 1))) + 1e-8)
      expect(step.change[0]).toBeCloseTo(expected, 5)
    })
  })

  test('an update leaves the state it was given as it was', () => {
    const { update, init } = adam()
    const state = update(Float32Array.of(1), init(1)).state
    const before = structuredClone(state)
    update(Float32Array.of(-3), state)
    expect(state).toEqual(before)
  })
})

describe('schedules', () => {
  test('a cosine falls from first to last and stays there', () => {
    const rate = cosine(2, 0.5, 100)
    expect([rate(0), rate(50), rate(100), rate(200)]).toEqual([2, 1.25, 0.5, 0.5])
  })

  test('no steps at all are no division by nothing', () => {
    expect(cosine(2, 0.5, 0)(0)).toBe(2)
  })
})

test('adam with a schedule finds the bottom of a bowl', () => {
  const optimiser = chain(adam(), scheduled(cosine(0.5, 0.001, 300)))
  let at = Float32Array.of(5, -3)
  let state = optimiser.init(2)
  for (let step = 0; step < 300; step++) {
    const update = optimiser.update(Float32Array.of(2 * (at[0]! - 1), 20 * (at[1]! - 2)), state)
    state = update.state
    at = at.map((p, i) => p + update.change[i]!)
  }
  expect(at[0]).toBeCloseTo(1, 2)
  expect(at[1]).toBeCloseTo(2, 2)
})

test('a chain hands the first change to the second', () => {
  const optimiser = chain(scheduled(constant(3)), scheduled(constant(2)))
  expect(optimiser.update(Float32Array.of(1, -1), optimiser.init(2)).change).toEqual(Float32Array.of(6, -6))
})
