import { crc32 } from 'node:zlib'
import { halfToNumber } from '../onnx/elements.ts'
import { refusal, type RangeFile } from './file.ts'

export type WeightType = 'float32' | 'float16' | 'bfloat16'

export const BYTES: Readonly<Record<WeightType, number>> = { float32: 4, float16: 2, bfloat16: 2 }

/**
 * `count` little-endian numbers of `type` that begin at `offset`, as float32. Throws a FewlineError of kind `model` when
 * their checksum (CRC-32) is another than `crc`, where one is known.
 */
export function readNumbers(
  file: RangeFile,
  type: WeightType,
  offset: number,
  count: number,
  crc?: number,
): Float32Array {
  const numbers = new Float32Array(count)
  const bits = type === 'float32' ? undefined : new Uint16Array(count)
  const bytes = new Uint8Array((bits ?? numbers).buffer)
  file.readInto(offset, bytes)
  if (crc !== undefined && crc32(bytes) !== crc) throw refusal(file.path, 'is damaged (a checksum differs)')
  if (!bits) return numbers
  if (type === 'float16') widenHalves(bits, numbers)
  // A bfloat16 is the upper half of a float32.
  else new Uint32Array(numbers.buffer).forEach((_, i, words) => (words[i] = bits[i]! << 16))
  return numbers
}

/** Every float16 there is, by its bits: looked up several times faster than computed. */
let halves: Float32Array | undefined

function widenHalves(bits: Uint16Array, numbers: Float32Array): void {
  halves ??= Float32Array.from({ length: 2 ** 16 }, (_, i) => halfToNumber(i))
  for (let i = 0; i < bits.length; i++) numbers[i] = halves[bits[i]!]!
}
