import { describe, expect, test } from 'vitest'
import {
  type ElementType,
  bytesOf,
  elementsOf,
  halfToNumber,
  numberToHalf,
  numbersOf,
} from '../../src/onnx/elements.ts'

const TYPES: ElementType[] = [
  'float32',
  'float64',
  'float16',
  'int8',
  'int16',
  'int32',
  'int64',
  'uint8',
  'uint16',
  'uint32',
  'uint64',
  'bool',
]

describe('elements', () => {
  test.each(TYPES)('%s: numbers become bytes and numbers again', (type) => {
    const bytes = bytesOf(type, [0, 1, 100])
    const unaligned = new Uint8Array(bytes.length + 1)
    unaligned.set(bytes, 1)
    expect(numbersOf(type, elementsOf(type, unaligned.subarray(1)))).toEqual([0, 1, 100])
  })

  test('every half but NaN becomes a number and the same half again', () => {
    const halves = Array.from({ length: 0x10000 }, (_, bits) => bits).filter((bits) => (bits & 0x7fff) <= 0x7c00)
    expect(halves.map(halfToNumber).map(numberToHalf)).toEqual(halves)
    expect(halfToNumber(numberToHalf(NaN))).toBeNaN()
  })

  test.each([
    [1 + 2 ** -11, 1], // a tie goes to the even one
    [1 + 3 * 2 ** -11, 1 + 2 ** -9],
    [65519, 65504],
    [65520, Infinity],
    [2 ** -25, 0],
    [2 ** -24 * 1.5, 2 ** -23],
    [2047.7, 2048],
  ])('%f rounds to the half %f', (number, rounded) => {
    expect(halfToNumber(numberToHalf(number))).toBe(rounded)
    expect(halfToNumber(numberToHalf(-number))).toBe(-rounded)
  })
})
