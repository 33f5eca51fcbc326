import { expect } from 'vitest'
import type { Picture } from '../../src/photo/picture.ts'
import type { Tensor } from '../../src/tensor.ts'

/** The largest difference, next to the largest value. */
export function differs(actual: ArrayLike<number>, { data }: Tensor): number {
  expect(actual.length).toBe(data.length)
  const largest = data.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  return data.reduce((most, value, i) => Math.max(most, Math.abs(value - actual[i]!)), 0) / largest
}

export function pictureFrom({ data, shape }: Tensor): Picture {
  const [height, width] = shape as [number, number]
  return { width, height, data: Uint8Array.from(data) }
}
