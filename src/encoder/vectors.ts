import type { Tensor } from '../tensor.ts'

/** The rows of [n, d], in the same memory. */
export function rowsOf({ data, shape: [count = 0, width = 0] }: Tensor): Float32Array[] {
  return Array.from({ length: count }, (_, i) => data.subarray(i * width, (i + 1) * width))
}

export function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((total, value, i) => total + value * b[i]!, 0)
}

/** The same direction at length 1. */
export function unit(vector: Float32Array): Float32Array {
  const length = Math.sqrt(dot(vector, vector))
  return vector.map((value) => value / length)
}

export function sum(vectors: readonly Float32Array[]): Float32Array {
  return vectors.reduce((total, vector) => total.map((value, i) => value + vector[i]!))
}
