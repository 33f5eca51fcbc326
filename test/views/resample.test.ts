import { describe, expect, test } from 'vitest'
import { tensor, type Tensor } from '../../src/tensor.ts'
import { resampling, resized, transposed } from '../../src/views/resample.ts'
import { random } from '../support/random.ts'

const noise = (seed: number, shape: number[], size: number): Tensor => {
  const next = random(seed)
  return tensor(
    shape,
    Float32Array.from({ length: size }, () => next()),
  )
}
const dot = (a: Tensor, b: Tensor): number => a.data.reduce((sum, v, i) => sum + v * b.data[i]!, 0)

describe.each([64, 223, 224, 288])('from 224 to %i', (side) => {
  const pictures = noise(1, [2, 3, 224, 224], 6 * 224 ** 2)
  const { output, pullback } = resized(pictures, side)

  test('what is even stays even', () => {
    const even = tensor(pictures.shape, new Float32Array(pictures.data.length).fill(0.3))
    const { data, shape } = resized(even, side).output
    expect(shape).toEqual([2, 3, side, side])
    expect(data.every((v) => Math.abs(v - 0.3) < 1e-6)).toBe(true)
  })

  test('a slope stays one, row by row and column by column', () => {
    const slope = tensor([1, 1, 224, 224])
    slope.data.forEach((_, i) => (slope.data[i] = (i % 224) + 0.5 + 1000 * (Math.floor(i / 224) + 0.5)))
    const { data } = resized(slope, side).output
    const at = (x: number, y: number): number => data[y * side + x]!
    const unit = 224 / side
    expect(at(side >> 1, 10) - at((side >> 1) - 1, 10)).toBeCloseTo(unit, 1)
    expect((at(20, side >> 1) - at(20, (side >> 1) - 1)) / 1000).toBeCloseTo(unit, 1)
  })

  test('the way back is the transpose', () => {
    const weight = noise(2, output.shape, output.data.length)
    expect(pullback(weight).shape).toEqual(pictures.shape)
    expect(dot(pictures, pullback(weight)) / dot(output, weight)).toBeCloseTo(1, 5)
  })
})

test('enlarging is bilinear, as PyTorch does it', () => {
  const { first, count, shares, reach } = resampling(2, 4)
  const rows = Array.from({ length: 4 }, (_, i) => [first[i], ...shares.slice(reach * i, reach * i + count[i]!)])
  expect(rows).toEqual([
    [0, 1],
    [0, 0.75, 0.25],
    [0, 0.25, 0.75],
    [1, 1],
  ])
})

test('transposing twice changes nothing', () => {
  const there = resampling(5, 3)
  expect(transposed(transposed(there))).toEqual(there)
})
