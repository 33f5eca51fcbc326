import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { evenly } from '../export/evenly.ts'
import type { Strokes } from '../strokes/strokes.ts'

/** One moment of a run. */
export interface Moment {
  step: number
  seed: number
  loss: number
  strokes: Strokes
}

/** More than a scrubber can show apart. */
const MOST_MOMENTS = 2000
/** What all moments may take before they are deflated; nothing more is ever inflated. */
const MOST_BYTES = 32 * 2 ** 20
/** Numbers of a moment: those of as many strokes as a project may have, of sixteen points each. */
const MOST_NUMBERS = 4096 * (6 + 2 * 16)
/** Steps to a canvas unit, and to full colour. */
const POINTS = 100
const COLOR = 255
/** What a moment has besides its strokes' numbers, and which of the optional ones it has. */
const HEAD = 7
const SEGMENTS = 1
const COLORS = 2

/**
 * Moments as bytes: each is a row of whole numbers, and what is written is how it differs from the row before, as numbers
 * of as many bytes as they need, deflated. Little moves from one moment to the next, so most of them need one byte.
 * Throws a RangeError when a number is not finite.
 */
export function encodeHistory(moments: readonly Moment[], most = MOST_MOMENTS): Uint8Array {
  let before: readonly number[] = []
  const rows = evenly(moments, most).map((moment) => {
    const row = rowOf(moment)
    const base = before.length === row.length ? before : []
    const bytes: number[] = []
    writeNumber(bytes, row.length)
    row.forEach((value, i) => writeNumber(bytes, zigzag((value - (base[i] ?? 0)) | 0)))
    before = row
    return Uint8Array.from(bytes)
  })
  const all = Buffer.concat(rows)
  // Thinner and thinner, until it may be read again.
  return all.length > MOST_BYTES ? encodeHistory(moments, most >> 1) : deflateRawSync(all)
}

/** The moments that `encodeHistory` wrote. Throws an error when the bytes are anything else. */
export function decodeHistory(deflated: Uint8Array): Moment[] {
  const bytes = inflateRawSync(deflated, { maxOutputLength: MOST_BYTES })
  const moments: Moment[] = []
  let at = 0
  const next = (): number => {
    const [value, after] = readNumber(bytes, at)
    at = after
    return value
  }
  let before: readonly number[] = []
  while (at < bytes.length) {
    const length = next()
    // A number takes a byte at least.
    if (length < HEAD || length > Math.min(bytes.length - at, HEAD + MOST_NUMBERS)) throw damaged()
    if (moments.length >= MOST_MOMENTS) throw damaged()
    const base = before.length === length ? before : []
    const row: number[] = []
    for (let i = 0; i < length; i++) row.push(((base[i] ?? 0) + unzigzag(next())) | 0)
    moments.push(momentOf(row))
    before = row
  }
  return moments
}

function rowOf({ step, seed, loss, strokes }: Moment): number[] {
  const { points, widths, segments, colors, width, height } = strokes
  const flags = (segments ? SEGMENTS : 0) | (colors ? COLORS : 0)
  const head = [step, seed, bitsOf(loss), whole(width * POINTS), whole(height * POINTS), flags, widths.length]
  const scaled = (values: Float32Array | undefined, scale: number) =>
    Array.from(values ?? [], (value) => whole(value * scale))
  return [...head, ...(segments ?? []), ...scaled(widths, POINTS), ...scaled(colors, COLOR), ...scaled(points, POINTS)]
}

function momentOf(row: readonly number[]): Moment {
  const [step = 0, seed = 0, loss = 0, width = 0, height = 0, flags = 0, count = 0] = row
  if (count < 0 || count > row.length) throw damaged()
  let at = HEAD
  const take = (length: number): number[] => row.slice(at, (at += length))
  const segments = flags & SEGMENTS ? Uint8Array.from(take(count)) : undefined
  const widths = Float32Array.from(take(count), (value) => value / POINTS)
  const colors = flags & COLORS ? Float32Array.from(take(4 * count), (value) => value / COLOR) : undefined
  const controls = segments ? segments.reduce((sum, s) => sum + 3 * s + 1, 0) : 4 * count
  if (row.length !== at + 2 * controls || segments?.includes(0)) throw damaged()
  const points = Float32Array.from(row.slice(at), (value) => value / POINTS)
  const strokes: Strokes = { points, widths, width: width / POINTS, height: height / POINTS }
  if (segments) strokes.segments = segments
  if (colors) strokes.colors = colors
  return { step, seed, loss: numberOf(loss), strokes }
}

/** Seven bits to a byte, the lowest first; the eighth says that more follow. */
function writeNumber(bytes: number[], value: number): void {
  for (; value > 127; value >>>= 7) bytes.push((value & 127) | 128)
  bytes.push(value)
}

function readNumber(bytes: Uint8Array, at: number): [value: number, after: number] {
  let value = 0
  for (let shift = 0; shift < 35; shift += 7) {
    const byte = bytes[at++]
    if (byte === undefined) throw damaged()
    value |= (byte & 127) << shift
    if (byte < 128) return [value >>> 0, at]
  }
  throw damaged()
}

/** Small numbers of either sign as small ones without. */
function zigzag(value: number): number {
  return ((value << 1) ^ (value >> 31)) >>> 0
}

function unzigzag(value: number): number {
  return (value >>> 1) ^ -(value & 1)
}

const scratch = new DataView(new ArrayBuffer(4))

/** A loss keeps all its bits: it may be tiny. */
function bitsOf(value: number): number {
  scratch.setFloat32(0, value)
  return scratch.getInt32(0)
}

function numberOf(bits: number): number {
  scratch.setInt32(0, bits)
  return scratch.getFloat32(0)
}

function whole(value: number): number {
  const rounded = Math.round(value)
  if (!(Math.abs(rounded) < 2 ** 31)) throw new RangeError(`a drawing can't hold the number ${value}`)
  return rounded
}

function damaged(): RangeError {
  return new RangeError('its history is damaged')
}
