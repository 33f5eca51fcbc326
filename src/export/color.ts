import { FewlineError } from '../errors.ts'
import type { Strokes } from '../strokes/strokes.ts'

/** Red, green, blue and alpha, 0..1. */
export type Rgba = [red: number, green: number, blue: number, alpha: number]

/** Colour of stroke `index`; black and opaque when the strokes have none. */
export function colorOf({ colors }: Strokes, index: number): Rgba {
  if (!colors) return [0, 0, 0, 1]
  const [red, green, blue, alpha] = Array.from(colors.subarray(4 * index, 4 * index + 4), inRange)
  return [red!, green!, blue!, alpha!]
}

/** `#rrggbb`, or `#000`; the alpha is left out. */
export function hexOf(color: Rgba): string {
  const hex = `#${color.slice(0, 3).map(hexByte).join('')}`
  return hex === '#000000' ? '#000' : hex
}

/** Red, green and blue 0..1 of `#rgb` or `#rrggbb`; undefined when it is neither. */
export function rgbFromHex(text: string): [number, number, number] | undefined {
  const [, short, long] = /^#(?:([\da-f]{3})|([\da-f]{6}))$/i.exec(text) ?? []
  const digits = long ?? short?.replaceAll(/./g, '$&$&')
  if (digits === undefined) return undefined
  const channel = (i: number): number => parseInt(digits.slice(2 * i, 2 * i + 2), 16) / 255
  return [channel(0), channel(1), channel(2)]
}

/** Reads `#rgb` or `#rrggbb`. Throws a FewlineError of kind `call`. */
export function parseColor(text: string): Rgba {
  const rgb = rgbFromHex(text.trim())
  if (rgb) return [...rgb, 1]
  throw new FewlineError({ kind: 'call', expected: 'a colour', came: `"${text}" came`, todo: 'write it like #f7f3e8' })
}

function inRange(value: number): number {
  if (!Number.isFinite(value)) throw new RangeError(`a drawing can't hold the number ${value}`)
  return Math.min(1, Math.max(0, value))
}

function hexByte(value: number): string {
  return Math.round(255 * value)
    .toString(16)
    .padStart(2, '0')
}
