import { describe, expect, test } from 'vitest'
import { randomFrom } from '../../src/random.ts'
import { anneal } from '../../src/strokes/anneal.ts'
import type { Chain } from '../../src/strokes/chains.ts'
import { pointAt, type Cubic } from '../../src/strokes/fit.ts'

/** A straight chain of full strength. */
function chain(fromX: number, toX: number, y: number): Chain {
  const x = Array.from({ length: toX - fromX + 1 }, (_, k) => fromX + k)
  return { x, y: x.map(() => y), strength: x.map(() => 1), closed: false }
}

function line(fromX: number, toX: number, y: number): Cubic {
  const third = (toX - fromX) / 3
  return [fromX, y, fromX + third, y, toX - third, y, toX, y]
}

/** The share of the chains' points that lie within 3 units of a stroke. */
function drawn(chains: readonly Chain[], cubics: readonly Cubic[]): number {
  const places = cubics.flatMap((cubic) => Array.from({ length: 101 }, (_, k) => pointAt(cubic, k / 100)))
  const points = chains.flatMap(({ x, y }) => x.map((px, k) => [px, y[k]!] as const))
  return points.filter(([px, py]) => places.some(([x, y]) => Math.hypot(x - px, y - py) < 3)).length / points.length
}

const annealed = (cubics: readonly Cubic[], chains: readonly Chain[]): readonly Cubic[] =>
  anneal(cubics, chains, randomFrom(1))

describe('annealed strokes', () => {
  test('one stroke crosses a gap that it pays to cross', () => {
    const chains = [chain(20, 80, 100), chain(92, 180, 100)]
    expect(drawn(chains, annealed([line(20, 80, 100)], chains))).toBeGreaterThan(0.95)
  })

  test('one stroke does for two lines that lie close', () => {
    const chains = [chain(20, 120, 100), chain(20, 120, 104)]
    const [stroke] = annealed([line(20, 120, 100)], chains)
    const [, y] = pointAt(stroke!, 0.5)
    expect(y).toBeGreaterThan(101)
    expect(y).toBeLessThan(103)
  })

  test('a stroke that only repeats another goes where there is something to draw', () => {
    const chains = [chain(20, 120, 100), chain(20, 120, 107)]
    expect(drawn(chains, annealed([line(20, 120, 100), line(20, 120, 100.5)], chains))).toBe(1)
  })

  test('what is drawn well stays as it is, to a fraction of a unit, and no stroke goes where there is no line', () => {
    const chains = [chain(20, 120, 100)]
    for (const cubic of annealed([line(20, 69.5, 100), line(70.5, 120, 100)], chains)) {
      for (const t of [0, 0.3, 0.7, 1]) {
        const [x, y] = pointAt(cubic, t)
        expect(Math.abs(y - 100)).toBeLessThan(0.7)
        expect(x).toBeGreaterThan(18)
        expect(x).toBeLessThan(122)
      }
    }
  })

  test('a stroke with nothing left to draw stays by the lines', () => {
    const chains = [chain(20, 120, 100)]
    const strokes = annealed([line(20, 60, 100), line(60, 119, 100), line(30, 50, 100), line(80, 100, 100)], chains)
    for (const cubic of strokes) {
      for (const t of [0, 0.5, 1]) expect(Math.abs(pointAt(cubic, t)[1] - 100)).toBeLessThan(10)
    }
    expect(drawn(chains, strokes)).toBe(1)
  })

  test('depends on nothing but the lines and the seed', () => {
    const chains = [chain(20, 120, 100), chain(40, 160, 130)]
    const strokes = [line(20, 60, 101), line(50, 90, 128)]
    expect(annealed(strokes, chains)).toEqual(annealed(strokes, chains))
    expect(annealed(strokes, chains)).not.toEqual(anneal(strokes, chains, randomFrom(2)))
  })
})
