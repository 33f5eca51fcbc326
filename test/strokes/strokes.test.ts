import { describe, expect, test } from 'vitest'
import { randomFrom } from '../../src/random.ts'
import { strokesFrom } from '../../src/strokes/bezier.ts'
import { keepLength, keepLocked, keepWithin } from '../../src/strokes/bounds.ts'
import { importanceOrder, reordered } from '../../src/strokes/importance.ts'
import { sampleStrokes } from '../../src/strokes/sample.ts'

const line = (x0: number, y: number, x1: number): number[] => [
  x0,
  y,
  x0 + (x1 - x0) / 3,
  y,
  x1 - (x1 - x0) / 3,
  y,
  x1,
  y,
]

describe('importance', () => {
  const lines = new Float32Array(224 * 224)
  for (let x = 20; x < 200; x++) lines[50 * 224 + x] = 1
  for (let x = 20; x < 80; x++) lines[90 * 224 + x] = 1
  const strokes = strokesFrom([line(20, 90.5, 80), line(20, 50.5, 190), line(20, 51.5, 180)], 3, 224)

  test('the longest line comes first, and what is drawn already comes last', () => {
    const { order, gains } = importanceOrder(strokes, lines)
    expect(order).toEqual([1, 0, 2])
    expect(gains[2]).toBeLessThan(0.1 * gains[1]!)
  })

  test('reordering keeps each stroke whole', () => {
    const coloured = { ...strokes, colors: Float32Array.from({ length: 12 }, (_, i) => i) }
    const turned = reordered(coloured, [2, 0])
    expect(turned.points).toEqual(Float32Array.from([...line(20, 51.5, 180), ...line(20, 90.5, 80)]))
    expect([...turned.colors!]).toEqual([8, 9, 10, 11, 0, 1, 2, 3])
  })
})

describe('sampled strokes', () => {
  const map = new Float32Array(224 * 224)
  for (let y = 100; y < 110; y++) for (let x = 50; x < 60; x++) map[y * 224 + x] = 1

  test('begin where the map is not zero, each at another pixel, in steps of at most 5.6 units', () => {
    const cubics = sampleStrokes(map, 40, randomFrom(1))
    const starts = cubics.map(([x, y]) => Math.floor(y) * 224 + Math.floor(x))
    expect(new Set(starts).size).toBe(40)
    expect(starts.every((i) => map[i] === 1)).toBe(true)
    for (const c of cubics) for (let k = 2; k < 8; k++) expect(Math.abs(c[k]! - c[k - 2]!)).toBeLessThanOrEqual(5.6)
  })

  test('are the same for the same seed, others for another', () => {
    const of = (seed: number): number[] => sampleStrokes(map, 5, randomFrom(seed)).flat()
    expect(of(4)).toEqual(of(4))
    expect(of(4)).not.toEqual(of(5))
  })
})

describe('bounds', () => {
  const before = strokesFrom([line(20, 20, 80)], 4, 224)

  test('ink stays within the photo', () => {
    const { points } = keepWithin(strokesFrom([line(-30, 5, 300)], 4, 224), { x: 0, y: 40, width: 224, height: 144 })
    expect(points.every((v, i) => (i % 2 ? v >= 42 && v <= 182 : v >= 2 && v <= 222))).toBe(true)
  })

  test('a stroke that would become a dot stays as it was', () => {
    expect(keepLength(strokesFrom([line(50, 20, 52)], 4, 224), before).points).toEqual(before.points)
    const longer = strokesFrom([line(20, 20, 90)], 4, 224)
    expect(keepLength(longer, before).points).toEqual(longer.points)
    const ring = strokesFrom([[50, 50, 90, 20, 90, 80, 50, 50]], 4, 224) // its ends meet, but it is no dot
    expect(keepLength(ring, before).points).toEqual(ring.points)
  })

  test('locked strokes do not move', () => {
    const two = strokesFrom([line(20, 20, 80), line(20, 60, 80)], 4, 224)
    const moved = { ...two, points: two.points.map((p) => p + 1) }
    const { points } = keepLocked(moved, two, [1])
    expect([...points.subarray(8)]).toEqual([...two.points.subarray(8)])
    expect([...points.subarray(0, 8)]).toEqual([...moved.points.subarray(0, 8)])
  })
})
