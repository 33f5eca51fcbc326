import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readNpy } from '../../src/edit/npy.ts'
import { FewlineError } from '../../src/errors.ts'
import { npy } from '../support/generators.ts'

describe('a NumPy file', () => {
  test.each(['<f4', '<f8'] as const)('of %s is read, row by row', (type) => {
    const { data, shape } = readNpy(npy([1, -2.5, 3, 0.25, 5, 6], [1, 2, 3], type))
    expect(shape).toEqual([1, 2, 3])
    expect([...data]).toEqual([1, -2.5, 3, 0.25, 5, 6])
  })

  test('whatever it is, is read or refused in a sentence', () => {
    const good = npy([1, 2, 3, 4])
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc
        .tuple(fc.nat(good.length - 1), fc.nat(255))
        .map(([at, value]) => good.map((byte, i) => (i === at ? value : byte))),
      fc.nat(good.length).map((length) => good.slice(0, length)),
    )
    fc.assert(
      fc.property(bytes, (file) => {
        try {
          const { data, shape } = readNpy(file)
          expect(data.every(Number.isFinite)).toBe(true)
          expect(shape.reduce((a, b) => a * b, 1)).toBe(data.length)
        } catch (error) {
          expect(error).toBeInstanceOf(FewlineError)
        }
      }),
      { numRuns: 400 },
    )
  })

  test.each<[string, Uint8Array, string]>([
    ['another file', Buffer.from('not a NumPy file'), 'it is none'],
    [
      'whole numbers',
      Buffer.from(
        Buffer.from(npy([1]))
          .toString('latin1')
          .replace('<f4', '<i4'),
        'latin1',
      ),
      'of type "<i4"',
    ],
    ['a cut one', npy([1, 2, 3]).slice(0, -1), 'longer or shorter than it says'],
    [
      'columns',
      Buffer.from(
        Buffer.from(npy([1, 2, 3, 4], [2, 2]))
          .toString('latin1')
          .replace('False', 'True '),
        'latin1',
      ),
      'column by column',
    ],
    ['no numbers', npy([1, NaN]), 'not all of its numbers are finite'],
  ])('is refused: %s', (_, file, said) => {
    expect(() => readNpy(file)).toThrow(said)
  })
})
