import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decode, encode } from '../../../main/api.ts'

const values = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.string(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((x) => x + 0),
    fc.boolean(),
    fc.constant(null),
    fc.uint8Array({ maxLength: 50 }),
    fc.float32Array({ maxLength: 50 }),
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), tie('value'), { maxKeys: 5, noNullPrototype: true }),
  ),
})).value

describe('the wire', () => {
  test('gives back what was sent', () => {
    fc.assert(
      fc.property(values, (value) => {
        expect(decode(encode(value))).toEqual(value)
      }),
    )
  })

  test('reads a message wherever it lies in memory', () => {
    const message = encode({ points: Float32Array.of(1.5, -2), mask: Uint8Array.of(7) })
    for (const offset of [0, 1, 2, 3]) {
      const memory = new Uint8Array(message.length + offset)
      memory.set(message, offset)
      expect(decode(memory.subarray(offset))).toEqual({ points: Float32Array.of(1.5, -2), mask: Uint8Array.of(7) })
    }
  })

  test('sees arrays in place', () => {
    const message = encode({ points: new Float32Array(8) })
    const { points } = decode(message) as { points: Float32Array }
    expect(points.buffer).toBe(message.buffer)
  })

  test('carries Buffers as bytes', () => {
    expect(decode(encode([Buffer.from('abc')]))).toEqual([Uint8Array.of(97, 98, 99)])
  })

  test('refuses bytes that are no message with an error, never a hang or a crash', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          decode(bytes)
        } catch (error) {
          expect(error).toBeInstanceOf(Error)
        }
      }),
    )
  })

  test('never reads an array from outside its message', () => {
    const whole = encode({ points: new Float32Array(64) })
    for (const end of [3, 10, whole.length - 1]) expect(() => decode(whole.subarray(0, end))).toThrow()
    const text = (place: unknown[]) => encode({ points: { '\u0000array': place } })
    for (const place of [['f32', 0, 1e9], ['f32', -4, 1], ['u8', 0.5, 1], ['f32', 2, 0], [], ['f32', 0]]) {
      expect(() => decode(text(place))).toThrow(RangeError)
    }
  })
})
