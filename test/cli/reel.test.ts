import { expect, test } from 'vitest'
import { Reel } from '../../src/cli/reel.ts'
import type { Frame } from '../../src/index.ts'
import { two } from '../support/strokes.ts'

const moment = (step: number, seed = 0) => ({ step, seed, strokes: { ...two, width: step } }) as Frame

test('keeps what it is given, by seed', () => {
  const reel = new Reel()
  for (const seed of [0, 1]) for (let step = 0; step < 3; step++) reel.add(moment(step + 10 * seed, seed))
  expect(reel.moments(1).map(({ width }) => width)).toEqual([10, 11, 12])
})

test('of very many it keeps some, evenly spread from the first', () => {
  const reel = new Reel()
  for (let step = 0; step < 100_000; step++) reel.add(moment(step))
  const steps = reel.moments(0).map(({ width }) => width)
  expect(steps.length).toBeGreaterThanOrEqual(500)
  expect(steps.length).toBeLessThanOrEqual(1000)
  expect(new Set(steps.slice(1).map((step, i) => step - steps[i]!)).size).toBe(1)
  expect([steps[0], steps.at(-1)! > 99_500]).toEqual([0, true])
})
