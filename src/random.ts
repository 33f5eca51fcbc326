import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'

/** Gives the next number, evenly from 0 up to 1. */
export type Random = () => number

/** The same numbers for the same seed, on every machine. */
export function randomFrom(seed: number): Random {
  const generator = xoroshiro128plus(seed)
  return () => uniformFloat64(generator)
}

/** Numbers of their own for each combination of whole numbers (a seed and a step, say): no two streams look alike. */
export function randomAt(...place: number[]): Random {
  return randomFrom(place.reduce((mixed, number) => scattered(mixed + Math.imul(number + 1, 0x9e3779b9)), 0))
}

/** Every bit of a whole number touches every bit of the result (the last step of MurmurHash3). */
function scattered(number: number): number {
  number = Math.imul(number ^ (number >>> 16), 0x85ebca6b)
  number = Math.imul(number ^ (number >>> 13), 0xc2b2ae35)
  return number ^ (number >>> 16)
}
