import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Drawing } from '../../main/api.ts'
import {
  arranged,
  bent,
  changed,
  keptLongest,
  movedTo,
  reinked,
  shifted,
  withLocks,
  without,
  withStrokes,
} from '../../renderer/state/edit.ts'
import { dressed, joined, pathData, strokesOf } from '../../renderer/state/strokes.ts'
import { someDrawing, someStrokes } from './fake-door.ts'

const BLACK = '#000000'
const xs = (points: Float32Array): number[] => [...points].filter((_, i) => i % 2 === 0)
const startsOf = (drawing: Drawing): number[] => strokesOf(drawing.strokes).map(({ points }) => points[0]!)

describe('strokes', () => {
  test('come apart and together again', () => {
    const strokes = { ...someStrokes(3), segments: Uint8Array.from([1, 1, 1]) }
    expect(joined(strokesOf(strokes))).toEqual(strokes)
  })

  test('of several cubics keep them', () => {
    const long = { points: Float32Array.from({ length: 14 }, (_, i) => i), width: 2, colour: undefined }
    const strokes = joined([...strokesOf(someStrokes(1)), long])
    expect([...strokes.segments!]).toEqual([1, 2])
    expect(strokesOf(strokes)[1]!.points).toEqual(long.points)
  })

  test('are written as absolute cubics', () => {
    const points = Float32Array.from([0.123456, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13])
    expect(pathData({ points })).toBe('M0.12 1C2 3 4 5 6 7 8 9 10 11 12 13')
  })

  test('that a run has moved keep their colours and locks, in their new order', () => {
    const [first, ...rest] = strokesOf(someStrokes(3))
    const base = { strokes: joined([{ ...first!, colour: '#ff0000' }, ...rest], BLACK), locked: [0] }
    const after = dressed(someStrokes(3), base, [2, 0, 1])
    expect(after.locked).toEqual([1])
    expect(strokesOf(after.strokes).map(({ colour }) => colour)).toEqual([BLACK, '#ff0000', BLACK])
  })

  test('of another number than before have neither', () => {
    expect(dressed(someStrokes(2), someDrawing(3, { locked: [0] }))).toEqual({ strokes: someStrokes(2), locked: [] })
  })
})

describe('edits', () => {
  test('move what is selected, but not what is locked', () => {
    const after = changed(someDrawing(3, { locked: [1] }), [0, 1], BLACK, shifted(5, -1))
    expect(startsOf(after)).toEqual([5, 10, 20])
    expect(strokesOf(after.strokes)[0]!.points[1]).toBe(49)
  })

  test('leave the drawing before as it was', () => {
    const before = someDrawing(2)
    changed(before, [0], BLACK, shifted(5, 5))
    expect(before).toEqual(someDrawing(2))
  })

  test('a point on the curve takes its handles along, a handle moves alone', () => {
    const [stroke] = strokesOf(someStrokes(1))
    expect(xs(bent(0, 3, 50)(stroke!).points)).toEqual([3, 13, 20, 30])
    expect(xs(bent(1, 12, 50)(stroke!).points)).toEqual([0, 12, 20, 30])
  })

  test('a colour for one stroke leaves the others in ink', () => {
    const after = changed(someDrawing(2), [1], '#112233', (stroke) => ({ ...stroke, colour: '#ff0000' }))
    expect(strokesOf(after.strokes).map(({ colour }) => colour)).toEqual(['#112233', '#ff0000'])
  })

  test('another ink recolours only what was in ink', () => {
    const mixed = changed(someDrawing(2), [1], '#112233', (stroke) => ({ ...stroke, colour: '#ff0000' }))
    const after = reinked(mixed, '#112233', '#0000ff')
    expect(strokesOf(after.strokes).map(({ colour }) => colour)).toEqual(['#0000ff', '#ff0000'])
  })

  test('removing keeps what is locked, and the locks on their strokes', () => {
    const after = without(someDrawing(4, { locked: [1, 3] }), new Set([0, 1]))
    expect(startsOf(after)).toEqual([10, 20, 30])
    expect(after.locked).toEqual([0, 2])
  })

  test('simplifying keeps the first and their importance; another order has none', () => {
    const drawing = someDrawing(3, { importance: [5, 3, 1] })
    expect(arranged(drawing, keptLongest(drawing, 2)).importance).toEqual([5, 3])
    expect(arranged(drawing, [1, 0, 2])).not.toHaveProperty('importance')
  })

  test("simplifying never drops the user's own lines first, nor locked ones", () => {
    const line = strokesOf(someStrokes(1))[0]!
    const drawing = withStrokes(someDrawing(5, { locked: [3] }), [line], BLACK)
    expect([6, 5, 4, 3, 2, 1].map((count) => keptLongest(drawing, count))).toEqual([
      ...[[0, 1, 2, 3, 4, 5], [0, 1, 2, 3, 5], [0, 1, 3, 5], [0, 3, 5], [3, 5], [3]],
    ])
    expect(arranged(drawing, [1, 3, 5])).toMatchObject({ locked: [1], own: [2] })
  })

  test('a pen line lies on top, in the ink of all, and is known as one', () => {
    const line = { points: new Float32Array(8), width: 2, colour: undefined }
    const after = withStrokes(someDrawing(2, { locked: [0, 1] }), [line], BLACK)
    expect([...after.strokes.widths]).toEqual([3, 3, 2])
    expect([after.locked, after.own]).toEqual([[0, 1], [2]])
    expect(after.strokes).not.toHaveProperty('colors')
  })

  test('moving in the order is a permutation that changes one place', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.nat(39), fc.integer({ min: -50, max: 50 }), (count, at, by) => {
        const index = at % count
        const order = movedTo(count, index, by)
        expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => i))
        expect(order.indexOf(index)).toBe(Math.min(count - 1, Math.max(0, index + by)))
        expect(order.filter((i) => i !== index)).toEqual([...order].filter((i) => i !== index).sort((a, b) => a - b))
      }),
    )
  })

  test('locks add up, and go', () => {
    const locked = withLocks(someDrawing(4, { locked: [3] }), new Set([1]), true)
    expect(locked.locked).toEqual([1, 3])
    expect(withLocks(locked, new Set([1, 3]), false).locked).toEqual([])
  })
})
