/**
 * Messages as bytes: JSON, then the typed arrays it speaks of, each at a multiple of four. Whoever reads a message sees
 * the arrays in place; they are not copied.
 *
 *     u32 length of the JSON | JSON | array | array | …
 */
type Typed = Uint8Array | Float32Array

/** Stands for an array in the JSON: `{ [KEY]: [type, where it begins after the JSON, length in elements] }`. */
const KEY = '\u0000array'

/** Bytes of a message. Holds what JSON can, and Uint8Array and Float32Array. */
export function encode(value: unknown): Uint8Array<ArrayBuffer> {
  const arrays: { array: Typed; at: number }[] = []
  let size = 0
  const place = (array: Typed) => {
    const at = size
    arrays.push({ array, at })
    size = padded(at + array.byteLength)
    return { [KEY]: [array instanceof Float32Array ? 'f32' : 'u8', at, array.length] }
  }
  const json = new TextEncoder().encode(JSON.stringify(withoutArrays(value, place)))
  const begin = padded(4 + json.length)
  const message = new Uint8Array(begin + size)
  new DataView(message.buffer).setUint32(0, json.length, true)
  message.set(json, 4)
  for (const { array, at } of arrays) {
    message.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), begin + at)
  }
  return message
}

/**
 * What was encoded. Throws an error (SyntaxError, RangeError, TypeError) for bytes that are no message, or whose JSON is
 * longer than `most` bytes: what is large in a message lies in its arrays, which cost nothing.
 */
export function decode(message: Uint8Array, most = Infinity): unknown {
  // Floats can only be seen in place where they are aligned.
  const bytes = (message.byteOffset % 4 === 0 ? message : message.slice()) as Uint8Array<ArrayBuffer>
  const length = new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, true)
  if (4 + length > bytes.length) throw new RangeError('the message is cut short')
  if (length > most) throw new RangeError('the message says more than any does')
  const begin = padded(4 + length)
  const value: unknown = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)))
  return withArrays(value, ([type, at, count]) => arrayIn(bytes, type, begin + whole(at), whole(count)))
}

function arrayIn(bytes: Uint8Array<ArrayBuffer>, type: unknown, at: number, count: number): Typed {
  const Type = type === 'f32' ? Float32Array : Uint8Array
  if (at % 4 || at + count * Type.BYTES_PER_ELEMENT > bytes.length) throw new RangeError('an array is cut short')
  return new Type(bytes.buffer, bytes.byteOffset + at, count)
}

function whole(value: unknown): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw new RangeError('no whole number')
  return value
}

/** A copy that JSON can hold. Both ways are gone for each frame of a drawing, so they make no more objects than needed. */
function withoutArrays(value: unknown, place: (array: Typed) => unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Uint8Array || value instanceof Float32Array) return place(value)
  if (Array.isArray(value)) return value.map((part) => withoutArrays(part, place))
  const parts = value as Record<string, unknown>
  const copy: Record<string, unknown> = {}
  for (const key of Object.keys(parts)) copy[key] = withoutArrays(parts[key], place)
  return copy
}

/** The value itself, which is nobody else's yet, with the arrays in their places. */
function withArrays(value: unknown, find: (place: unknown[]) => Typed): unknown {
  if (typeof value !== 'object' || value === null) return value
  const parts = value as Record<string, unknown>
  if (Array.isArray(parts[KEY])) return find(parts[KEY])
  for (const key of Object.keys(parts)) {
    if (typeof parts[key] === 'object') parts[key] = withArrays(parts[key], find)
  }
  return parts
}

function padded(size: number): number {
  return (size + 3) & ~3
}
