import fc from 'fast-check'
import { expect, test } from 'vitest'
import { plotterOrder } from '../../src/export/plotter.ts'
import { pointOffsets } from '../../src/strokes/bezier.ts'
import type { Strokes } from '../../src/strokes/strokes.ts'
import { CANVAS } from '../../src/units.ts'
import { random } from '../support/random.ts'
import { anyStrokes } from '../support/strokes.ts'

/** Straight strokes from x to x + length along a line, by where they begin. */
function along(...spans: [from: number, to: number][]): Strokes {
  const points = spans.flatMap(([from, to]) => [from, 0, from + (to - from) / 3, 0, to - (to - from) / 3, 0, to, 0])
  return {
    points: Float32Array.from(points),
    widths: new Float32Array(spans.length).fill(3),
    width: CANVAS,
    height: CANVAS,
  }
}

test('draws from the nearest end, flipping strokes that lie the other way', () => {
  const { strokes, before, after } = plotterOrder(along([60, 50], [10, 20], [40, 30]))
  expect([before, after]).toEqual([60 + 40 + 20 + 30, 10 + 10 + 10 + 60])
  expect([...strokes.points].filter((_, i) => i % 8 === 0)).toEqual([10, 30, 50])
})

test('is a permutation of the same strokes, each from one end or the other, and never travels further', () => {
  fc.assert(
    fc.property(anyStrokes(20), (strokes) => {
      const plot = plotterOrder(strokes)
      expect(plot.after).toBeLessThanOrEqual(plot.before)
      expect(plot.strokes).toMatchObject({ width: strokes.width, height: strokes.height })
      expect(described(plot.strokes)).toEqual(described(strokes))
    }),
  )
})

test('changes pens once for each colour', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 20 }), (reds) => {
      const strokes = along(...reds.map((_, i) => [7 * i, 7 * i + 5] as [number, number]))
      const colors = Float32Array.from(reds.flatMap((red) => [red ? 1 : 0, 0, 0, 1]))
      const drawn = plotterOrder({ ...strokes, colors }).strokes.colors!.filter((_, i) => i % 4 === 0)
      const changes = drawn.filter((red, i) => i > 0 && red !== drawn[i - 1]).length
      expect(changes).toBe(new Set(reds).size - 1)
    }),
  )
})

test('saves most of the travel of a tangle', () => {
  const next = random(1)
  const spans = Array.from({ length: 400 }, () => [next() * CANVAS, next() * CANVAS] as const)
  const points = Float32Array.from(spans.flatMap(([x, y]) => [x, y, x + 2, y, x + 4, y, x + 6, y]))
  const { before, after } = plotterOrder({
    points,
    widths: new Float32Array(400).fill(1),
    width: CANVAS,
    height: CANVAS,
  })
  // A tour of n random points in a square of side s is about 0.71 √(n s²) long.
  expect(after).toBeLessThan(1.25 * 0.7124 * Math.sqrt(400) * CANVAS)
  expect(after).toBeLessThan(before / 8)
})

/** Each stroke in words that do not depend on its order and direction. */
function described(strokes: Strokes): string[] {
  const offsets = pointOffsets(strokes)
  return Array.from(strokes.widths, (width, i) => {
    const pairs: string[] = []
    for (let p = offsets[i]!; p < offsets[i + 1]!; p++)
      pairs.push(`${strokes.points[2 * p]!} ${strokes.points[2 * p + 1]!}`)
    const [there, back] = [pairs.join(), pairs.toReversed().join()]
    const color = strokes.colors?.subarray(4 * i, 4 * i + 4).join() ?? ''
    return [there < back ? there : back, width, strokes.segments?.[i] ?? 1, color].join(' / ')
  }).sort()
}
