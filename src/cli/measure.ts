import type { Tensor } from '../index.ts'
import { resource } from '../resources.ts'

/** The photo that is drawn to measure with. */
export const PHOTO = resource('samples', 'teapot.jpg')

/** What work comes to, and how many milliseconds it takes. */
export async function timed<Result>(work: () => Result | Promise<Result>): Promise<[milliseconds: number, Result]> {
  const began = performance.now()
  const result = await work()
  return [performance.now() - began, result]
}

/** NaN of nothing. */
export function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? NaN
}

/** Pictures with something in them, the same each time: [count, 3, resolution, resolution]. */
export function pictures({ resolution }: { resolution: number }, count: number): Tensor {
  const data = Float32Array.from({ length: count * 3 * resolution ** 2 }, (_, i) => (i * 0.618034) % 1)
  return { data, shape: [count, 3, resolution, resolution] }
}
