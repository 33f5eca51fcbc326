import { describe, expect, test } from 'vitest'
import { attentionTo } from '../../src/subject/attention.ts'

const grid = { width: 40, height: 20 }
const at = (x: number, y: number): number => y * grid.width + x
const likely = new Float32Array(grid.width * grid.height)
likely[at(21, 10)] = 0.9

describe('attention', () => {
  test('is on what is salient, where the mask is not sure', () => {
    const attention = attentionTo(likely, 0, grid)
    expect(attention[at(21, 10)]).toBeGreaterThan(0.98)
    expect(attention[at(18, 9)]).toBeLessThan(0.3)
  })

  test('is in the middle, where the mask is sure', () => {
    const attention = attentionTo(likely, 1, grid)
    expect(attention[at(18, 9)]).toBeCloseTo(attention[at(21, 10)]!, 5)
    expect(attention[at(20, 10)]).toBeGreaterThan(0.98)
    expect(attention[at(0, 0)]).toBeLessThan(0.55)
  })
})
