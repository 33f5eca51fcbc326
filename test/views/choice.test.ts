import { describe, expect, test } from 'vitest'
import { freshViews, viewBank, viewsFromBank } from '../../src/views/choice.ts'

describe('a bank of views', () => {
  const bank = viewBank(5)

  test('holds at least 64, all of them different, the same for the same seed', () => {
    expect(new Set(bank.map((view) => JSON.stringify(view))).size).toBeGreaterThanOrEqual(64)
    expect(viewBank(5)).toEqual(bank)
    expect(viewBank(6)).not.toEqual(bank)
  })

  test('gives different ones for a step, and others for the next step and the next try', () => {
    const views = viewsFromBank(bank, 4, 0, 10)
    expect(new Set(views).size).toBe(4)
    expect(viewsFromBank(bank, 4, 0, 10)).toEqual(views)
    expect(viewsFromBank(bank, 4, 0, 11)).not.toEqual(views)
    expect(viewsFromBank(bank, 4, 1, 10)).not.toEqual(views)
  })

  test('is used all of it, and evenly', () => {
    const counts = new Map(bank.map((view) => [view, 0]))
    for (let step = 0; step < 1000; step++) {
      for (const view of viewsFromBank(bank, 4, 0, step)) counts.set(view, counts.get(view)! + 1)
    }
    // 62.5 each on average; a binomial deviates by 7.7
    expect(Math.min(...counts.values())).toBeGreaterThan(30)
    expect(Math.max(...counts.values())).toBeLessThan(100)
  })
})

test('fresh views are new in every step', () => {
  const views = [0, 1, 2].flatMap((step) => freshViews(4, 7, step))
  expect(new Set(views.map((view) => JSON.stringify(view))).size).toBe(12)
  expect(freshViews(4, 7, 1)).toEqual(views.slice(4, 8))
})
