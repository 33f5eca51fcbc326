/** What a graph's values are made of. Named as ONNX Runtime names them. */
export type ElementType =
  | 'float32'
  | 'uint8'
  | 'int8'
  | 'uint16'
  | 'int16'
  | 'int32'
  | 'int64'
  | 'bool'
  | 'float16'
  | 'float64'
  | 'uint32'
  | 'uint64'

const BYTES: Record<ElementType, number> = {
  float32: 4,
  uint8: 1,
  int8: 1,
  uint16: 2,
  int16: 2,
  int32: 4,
  int64: 8,
  bool: 1,
  float16: 2,
  float64: 8,
  uint32: 4,
  uint64: 8,
}

/** TensorProto.DataType by number; strings, complex numbers and the small float formats are not for us. */
const CODES: readonly (ElementType | undefined)[] = [
  undefined,
  'float32',
  'uint8',
  'int8',
  'uint16',
  'int16',
  'int32',
  'int64',
  undefined,
  'bool',
  'float16',
  'float64',
  'uint32',
  'uint64',
]

/** The element type that ONNX numbers so; undefined for those that Fewline doesn't know. */
export function typeFromCode(code: number): ElementType | undefined {
  return CODES[code]
}

/** ONNX's number for an element type. */
export function codeOf(type: ElementType): number {
  return CODES.indexOf(type)
}

export function isFloat(type: ElementType): boolean {
  return type === 'float32' || type === 'float16' || type === 'float64'
}

export function bytesPerElement(type: ElementType): number {
  return BYTES[type]
}

/** The arrays that hold each element type; bool is a byte each, float16 its bits. */
export type ElementArray =
  | Float32Array
  | Float64Array
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | BigInt64Array
  | BigUint64Array

/** Little-endian bytes, wherever they lie in their buffer, as elements. Copies, since the bytes may not be aligned. */
export function elementsOf(type: ElementType, bytes: Uint8Array): ElementArray {
  const { buffer } = new Uint8Array(bytes)
  switch (type) {
    case 'float32':
      return new Float32Array(buffer)
    case 'float64':
      return new Float64Array(buffer)
    case 'uint8':
    case 'bool':
      return new Uint8Array(buffer)
    case 'int8':
      return new Int8Array(buffer)
    case 'uint16':
    case 'float16':
      return new Uint16Array(buffer)
    case 'int16':
      return new Int16Array(buffer)
    case 'uint32':
      return new Uint32Array(buffer)
    case 'int32':
      return new Int32Array(buffer)
    case 'int64':
      return new BigInt64Array(buffer)
    case 'uint64':
      return new BigUint64Array(buffer)
  }
}

/** `elements` as plain numbers. Integers beyond 2^53 (an exporter's "until the end") lose their last digits. */
export function numbersOf(type: ElementType, elements: ElementArray): number[] {
  if (type === 'float16') return Array.from(elements as Uint16Array, halfToNumber)
  return Array.from(elements as ArrayLike<number | bigint>, Number)
}

/** `numbers` as the little-endian bytes of elements of `type`: the inverse of `elementsOf` and `numbersOf`. */
export function bytesOf(type: ElementType, numbers: ArrayLike<number>): Uint8Array {
  const elements = elementsOf(type, new Uint8Array(numbers.length * bytesPerElement(type)))
  if (elements instanceof BigInt64Array || elements instanceof BigUint64Array) elements.set(Array.from(numbers, BigInt))
  else elements.set(type === 'float16' ? Array.from(numbers, numberToHalf) : numbers)
  return new Uint8Array(elements.buffer)
}

/** IEEE 754 binary16 bits → number. */
export function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 0x1f
  const fraction = bits & 0x3ff
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 0x1f) return fraction ? NaN : sign * Infinity
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}

const single = new Float32Array(1)
const bits = new Uint32Array(single.buffer)

/** Number, as a float32 → IEEE 754 binary16 bits, rounded to nearest, ties to even. */
export function numberToHalf(number: number): number {
  single[0] = number
  const sign = (bits[0]! >>> 16) & 0x8000
  const size = bits[0]! & 0x7fffffff
  if (size > 0x7f800000) return 0x7e00
  if (size >= 0x477ff000) return sign | 0x7c00
  // The exponent counts from another zero; a mantissa that is rounded up carries into it by itself.
  if (size >= 0x38800000) return sign | ((size - 0x38000000 + 0xfff + ((size >> 13) & 1)) >> 13)
  // Too small for an exponent: the last places of 0.5 are worth as much as those of the smallest halves.
  single[0] = Math.abs(number) + 0.5
  return sign | (bits[0]! - 0x3f000000)
}

/** float32 → float16, by their bits. */
export function halvesOf(numbers: Float32Array): Uint16Array {
  const halves = new Uint16Array(numbers.length)
  for (let i = 0; i < halves.length; i++) halves[i] = numberToHalf(numbers[i]!)
  return halves
}
