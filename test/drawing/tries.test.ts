import { describe, expect, test } from 'vitest'
import { planFor, PRESETS, stepsOf, type Plan } from '../../src/drawing/presets.ts'
import { evaluated, leader, wayOf, whoseTurn, withTry, type Try } from '../../src/drawing/tries.ts'
import type { Strokes } from '../../src/strokes/strokes.ts'

const strokes = { points: new Float32Array(8), widths: new Float32Array(1), width: 224, height: 224 }
const plan: Plan = {
  ...{ iterations: 10, placement: 'traced', rates: [1, 1], momentum: 0.9, views: 0, seeds: 3, trial: 4, settled: 0.01 },
}

function begin(seed: number): Try<Strokes> {
  const memory: Try<Strokes>['memory'] = {
    points: [{ step: 0, mean: new Float32Array(8), square: new Float32Array(8) }, 0],
  }
  return { seed, step: 0, start: strokes, work: strokes, memory, losses: [], over: false }
}

/** Takes turns to the end; `loss` says what each try comes to at each step. Returns the seeds in their turns. */
function play(
  plan: Plan,
  loss: (seed: number, step: number) => number,
): { turns: number[]; tries: readonly Try<Strokes>[] } {
  const turns: number[] = []
  let tries: readonly Try<Strokes>[] = []
  for (let now = whoseTurn(tries, plan, begin); now; now = whoseTurn(tries, plan, begin)) {
    turns.push(now.seed)
    const judged = evaluated(now, plan, { loss: loss(now.seed, now.step), terms: {} })
    const over = judged.over || now.step >= plan.iterations
    tries = withTry(tries, over ? { ...judged, over } : { ...judged, step: now.step + 1 })
  }
  return { turns, tries }
}

describe('tries', () => {
  test('all have their trial, and only the best goes on', () => {
    const { turns, tries } = play(plan, (seed, step) => [5, 1, 3][seed]! + 1 / (step + 1))
    expect(turns).toEqual([...repeated(0, 4), ...repeated(1, 4), ...repeated(2, 4), ...repeated(1, 7)])
    expect(leader(tries)).toMatchObject({ seed: 1, over: true, best: { step: 10 } })
    expect(wayOf(tries, plan)).toEqual({ taken: 18, total: 18 })
  })

  test('without an end of the trial each goes all the way', () => {
    const { turns } = play({ ...plan, trial: Infinity }, (seed, step) => seed + 1 / (step + 1))
    expect(turns).toEqual([...repeated(0, 11), ...repeated(1, 11), ...repeated(2, 11)])
  })

  test('a try is over when its loss has hardly moved twice', () => {
    const losses = [5, 4, 3.995, 3, 2.999, 2.998, 1]
    const { turns, tries } = play({ ...plan, seeds: 1 }, (_, step) => losses[step]!)
    expect(turns).toHaveLength(6)
    expect(tries[0]).toMatchObject({ over: true, step: 5, best: { step: 5, loss: 2.998 } })
  })

  test('where that is not asked for, it goes on', () => {
    const { turns } = play({ ...plan, seeds: 1, settled: undefined }, () => 1)
    expect(turns).toHaveLength(11)
  })

  test('the best is kept, however bad the end', () => {
    const { tries } = play({ ...plan, seeds: 1 }, (_, step) => Math.abs(step - 3) + 1)
    expect(tries[0]!.best).toMatchObject({ step: 3, loss: 1 })
  })

  test('is over when its loss is flat: when it moves by no more than a share of it, twice', () => {
    const steps = (scale: number): number =>
      play({ ...plan, seeds: 1, settled: undefined, flat: 0.01 }, (_, step) => scale * (1 + 2 ** -step)).tries[0]!.step
    expect(steps(1)).toBe(8)
    expect(steps(1000)).toBe(8)
  })

  test('of two equal ones the earlier leads', () => {
    expect(leader(play(plan, () => 1).tries)!.seed).toBe(0)
  })
})

describe('a plan', () => {
  test('is the preset’s, for what the encoder sees', () => {
    expect(planFor({ preset: 'paper' }, 'photo')).toMatchObject({
      ...{ iterations: 2000, views: 4, seeds: 3, placement: 'sampled', rates: [1, 1], settled: 1e-5, free: true },
    })
    expect(planFor({}, 'lines')).toMatchObject({ ...PRESETS.standard.lines, rates: [0.9, 0.2] })
  })

  test('gives way to what is asked', () => {
    expect(planFor({ iterations: 7, seeds: 2, placement: 'sampled' }, 'lines')).toMatchObject({
      ...{ iterations: 7, seeds: 2, placement: 'sampled', rates: [2, 0.1] },
    })
    expect(planFor({}, 'lines').flat).toBeGreaterThan(0)
    expect(planFor({ iterations: 100 }, 'lines').flat).toBeUndefined()
  })

  test('touches the strokes of another drawing up, once', () => {
    expect(planFor({ preset: 'paper', from: strokes }, 'photo')).toMatchObject({ placement: 'traced', seeds: 1 })
  })

  test('of standard with CLIP ends in hundreds of steps', () => {
    expect(stepsOf(planFor({}, 'photo'))).toBeLessThan(400)
  })
})

function repeated(seed: number, count: number): number[] {
  return Array.from({ length: count }, () => seed)
}
