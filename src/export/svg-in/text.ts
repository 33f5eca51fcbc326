import { gunzipSync } from 'node:zlib'
import { unreadable } from './refusal.ts'

/** A drawing of lines has some kilobytes; one of this size has pictures in it, or is an attack. */
export const MOST_SVG_BYTES = 32 * 2 ** 20

/** The text of an SVG file: packed or not, in the encoding that its first bytes or its declaration tell. */
export function textOf(file: Uint8Array): string {
  const bytes = unpacked(file)
  checkLength(bytes.length)
  return new TextDecoder(encodingOf(bytes)).decode(bytes)
}

/** Throws a FewlineError of kind `call` when an SVG of so many bytes, or characters, is not read at all. */
export function checkLength(length: number): void {
  if (length > MOST_SVG_BYTES) throw unreadable(`it has more than ${MOST_SVG_BYTES / 2 ** 20} MB`)
}

function unpacked(file: Uint8Array): Uint8Array {
  if (file[0] !== 0x1f || file[1] !== 0x8b) return file
  try {
    return gunzipSync(file, { maxOutputLength: MOST_SVG_BYTES })
  } catch (cause) {
    const large = cause instanceof Error && 'code' in cause && cause.code === 'ERR_BUFFER_TOO_LARGE'
    throw unreadable(large ? `it has more than ${MOST_SVG_BYTES / 2 ** 20} MB` : 'it is packed, and damaged', cause)
  }
}

function encodingOf(bytes: Uint8Array): string {
  const [a, b, c, d] = bytes
  // A byte order mark, or else "<" in two bytes.
  if ((a === 0xff && b === 0xfe) || (a === 0x3c && b === 0 && c !== 0)) return 'utf-16le'
  if ((a === 0xfe && b === 0xff) || (a === 0 && b === 0x3c && d !== undefined)) return 'utf-16be'
  const beginning = Buffer.from(bytes.subarray(0, 200)).toString('latin1')
  const told = /^(?:\xef\xbb\xbf)?<\?xml[^>]*?\sencoding\s*=\s*["']([\w.:-]+)["']/.exec(beginning)?.[1]
  // A declaration that was kept when the text was saved in another encoding.
  if (told === undefined || /^(utf|ucs|iso-10646)/i.test(told)) return 'utf-8'
  try {
    return new TextDecoder(told).encoding
  } catch (cause) {
    throw unreadable(`its encoding is ${told}`, cause)
  }
}
