import { describe, expect, test } from 'vitest'
import { resized } from '../src/resize.ts'
import { tensor } from '../src/tensor.ts'
import { agreement, centralDifferences } from './support/differences.ts'
import { random } from './support/random.ts'

const noise = (shape: number[], seed: number) => {
  const next = random(seed)
  return tensor(shape, tensor(shape).data.map(next))
}

describe.each([
  [7, 4],
  [12, 4],
  [5, 9],
  [6, 7],
  [1, 3],
])('from %d to %d pixels', (from, to) => {
  test('what is the same everywhere stays so', () => {
    const { output } = resized(tensor([2, from, from], new Float32Array(2 * from * from).fill(0.7)), to)
    expect(output.shape).toEqual([2, to, to])
    for (const value of output.data) expect(value).toBeCloseTo(0.7, 6)
  })

  test('the pullback agrees with differences', () => {
    const pictures = noise([2, from, from], 1)
    const weights = noise([2, to, to], 2)
    const weighed = () => resized(pictures, to).output.data.reduce((sum, v, i) => sum + v * weights.data[i]!, 0)
    const gradient = resized(pictures, to).pullback(weights)
    expect(gradient.shape).toEqual(pictures.shape)
    const { cos, norm } = agreement(gradient.data, centralDifferences(weighed, pictures.data, 0.25))
    expect(cos).toBeGreaterThan(0.99999)
    expect(norm).toBeCloseTo(1, 3)
  })
})

test('halving averages four pixels', () => {
  const { output } = resized(
    tensor(
      [1, 4, 4],
      Float32Array.from({ length: 16 }, (_, i) => i),
    ),
    2,
  )
  expect([...output.data]).toEqual([2.5, 4.5, 10.5, 12.5])
})

test('doubling interpolates between the centres of pixels', () => {
  const { output } = resized(tensor([1, 2, 2], Float32Array.of(0, 1, 0, 1)), 4)
  expect([...output.data.slice(0, 4)]).toEqual([0, 0.25, 0.75, 1])
})

test('the size that is wanted already is left alone', () => {
  const pictures = noise([3, 4, 4], 3)
  expect(resized(pictures, 4).output).toBe(pictures)
})
