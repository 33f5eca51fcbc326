import { describe, expect, it } from 'vitest'
import { Dice } from '../../scripts/eye/dice.ts'
import { thinned } from '../../scripts/eye/labels.ts'

const SIDE = 80

describe('lines', () => {
  /** The strengths of two upright borders some samples apart, and how many lines they become on each row. */
  const linesOf = (gap: number, strengths: [number, number]): number[][] => {
    const borders = new Float32Array(SIDE * SIDE)
    for (let y = 20; y < 60; y++) for (const k of [0, 1]) borders[y * SIDE + 30 + k * gap] = strengths[k]!
    const lines = thinned(borders, SIDE)
    return Array.from({ length: 30 }, (_, y) =>
      [...lines.subarray((y + 25) * SIDE, (y + 26) * SIDE)].filter((v) => v > 0),
    )
  }

  it('are one along the middle of a thin rod, as strong as its stronger edge', () => {
    for (const gap of [1, 3, 5]) {
      for (const row of linesOf(gap, [0.5, 1])) expect(row).toEqual([1])
    }
  })

  it('are two along a wide one', () => {
    for (const row of linesOf(12, [0.5, 1])) expect(row).toEqual([0.5, 1])
  })

  it('are nothing where nothing is', () => {
    expect(Math.max(...thinned(new Float32Array(SIDE * SIDE), SIDE))).toBe(0)
  })

  it('stay one sample thin where borders cross in every direction', () => {
    const dice = new Dice(7)
    const borders = Float32Array.from({ length: SIDE * SIDE }, () => (dice.chance(0.02) ? dice.next() : 0))
    const lines = thinned(borders, SIDE)
    const solid = [...lines.keys()].filter((i) => lines[i]! > 0 && neighbours(i).every((j) => lines[j]! > 0 && j !== i))
    expect(solid).toEqual([])
  })
})

function neighbours(i: number): number[] {
  const [x, y] = [i % SIDE, Math.floor(i / SIDE)]
  if (x === 0 || y === 0 || x === SIDE - 1 || y === SIDE - 1) return [i]
  return [-SIDE - 1, -SIDE, -SIDE + 1, -1, 1, SIDE - 1, SIDE, SIDE + 1].map((d) => i + d)
}
