import { quoted, unreadable } from './refusal.ts'

/** No drawing reaches so far out, and no number within is lost in a Float32. */
const FAR = 1e6

/** Pixels in a unit; em and its like are of the usual 16-pixel letters. */
const UNITS: Readonly<Record<string, number>> = {
  ...{ '': 1, px: 1, in: 96, cm: 96 / 2.54, mm: 96 / 25.4, q: 96 / 101.6, pt: 96 / 72, pc: 16 },
  ...{ em: 16, rem: 16, ex: 8, ch: 8 },
}

/** A number that can be drawn. Throws a FewlineError of kind `call` when it is none, or beyond ±1e6. */
export function drawable(value: number, written: string): number {
  if (!(Math.abs(value) <= FAR)) throw unreadable(`${quoted(written)} in it is no number that can be drawn`)
  return value
}

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i

/** Throws like `drawable`. */
export function numberOf(text: string): number {
  const written = text.trim()
  return drawable(NUMBER.test(written) ? Number(written) : NaN, written)
}

/** A number, or a percentage of 1. */
export function shareOf(text: string): number {
  const written = text.trim()
  return written.endsWith('%') ? numberOf(written.slice(0, -1)) / 100 : numberOf(written)
}

/** A length in pixels; percentages are of `whole`. */
export function lengthOf(text: string, whole: number): number {
  const written = text.trim()
  const [, number = written, unit = ''] = /^(.*?)([a-z]*|%)$/is.exec(written.replace(/e(?=[+-]?\d)/i, 'E')) ?? []
  if (unit === '%') return drawable((numberOf(number) / 100) * whole, written)
  const pixels = UNITS[unit.toLowerCase()]
  if (pixels === undefined) throw unreadable(`${quoted(written)} in it is no length`)
  return drawable(numberOf(number) * pixels, written)
}

/** Numbers between spaces and commas. */
export function numbersOf(text: string): number[] {
  const written = text.trim()
  if (written === '') return []
  // "1-2" and "1.5.5" are two numbers each.
  const parts = written.match(/[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?|[^\s,]+/gi) ?? []
  return parts.map(numberOf)
}
