import { describe, expect, test } from 'vitest'
import { backgroundless, emphasised, weightsOf } from '../../src/drawing/emphasis.ts'
import type { LineField } from '../../src/subject/lines.ts'
import { tensor } from '../../src/tensor.ts'
import { CANVAS } from '../../src/units.ts'

const SIZE = CANVAS * CANVAS

/** Lines as strong on the left half as on the right; of a face one on each side. */
function field(): LineField {
  const line = (x: number) => ({ x: [x], y: [100], strength: [0.4] })
  return {
    strength: new Float32Array(SIZE).fill(0.5),
    tangentX: new Float32Array(SIZE),
    tangentY: new Float32Array(SIZE),
    features: [[line(10), line(200)]],
  }
}

/** 3 on the left half, 0.5 on the right. */
const factors = tensor(
  [CANVAS, CANVAS],
  Float32Array.from({ length: SIZE }, (_, i) => (i % CANVAS < CANVAS / 2 ? 3 : 0.5)),
)

describe('emphasis', () => {
  test('makes lines count more here and less there, those of faces too; the strongest is 1 again', () => {
    const { strength, features } = emphasised(field(), factors)
    expect(strength[0]).toBeCloseTo(1)
    expect(strength[CANVAS - 1]).toBeCloseTo(1 / 6)
    const [left, right] = features[0]!
    expect(left!.strength[0]! / right!.strength[0]!).toBeCloseTo(6)
  })

  test('is told in steps: three times as much, alike, a fifth', () => {
    const [more, alike, less, half] = weightsOf(tensor([4], Float32Array.of(1, 0, -1, 0.5))).data
    expect([more, alike, less, half! ** 2].map((weight) => weight!.toFixed(3))).toEqual([
      '3.000',
      '1.000',
      '0.200',
      '3.000',
    ])
  })

  test('of nothing changes nothing', () => {
    const before = field()
    expect(emphasised(before)).toBe(before)
  })
})

describe('the background', () => {
  const dark = tensor([3, CANVAS, CANVAS], new Float32Array(3 * SIZE).fill(0.2))
  const half = tensor(
    [CANVAS, CANVAS],
    Float32Array.from({ length: SIZE }, (_, i) => (i % CANVAS < CANVAS / 2 ? 1 : 0.25)),
  )
  const seen = (...how: [('fade' | 'white' | 'keep')?, number?]) => {
    const { data } = backgroundless(dark, half, ...how)
    return [data[0]!, data[CANVAS - 1]!].map((value) => Math.round(100 * value) / 100)
  }

  test('is faded as far as the mask and the finder are sure, or white, or stays', () => {
    expect(seen()).toEqual([0.2, 0.8])
    expect(seen('fade', 0.5)).toEqual([0.2, 0.5])
    expect(seen('white')).toEqual([0.2, 1])
    expect(seen('keep')).toEqual([0.2, 0.2])
  })

  test('that is white already is the same however it is told', () => {
    const plain = tensor(
      dark.shape,
      Float32Array.from(dark.data, (_, i) => (i % CANVAS < CANVAS / 2 ? 0.2 : 1)),
    )
    const [fade, white, keep] = (['fade', 'white', 'keep'] as const).map((how) => backgroundless(plain, half, how, 0.6))
    expect(white!.data.every((value, i) => value === fade!.data[i])).toBe(true)
    expect(keep!.data.every((value, i) => value === fade!.data[i])).toBe(true)
  })
})
