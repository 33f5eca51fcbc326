import { FewlineError } from '../errors.ts'

/** Units that SVG knows, and how many there are to an inch. */
const PER_INCH = { mm: 25.4, cm: 2.54, in: 1, px: 96, pt: 72 } as const

/** A physical length. */
export interface Length {
  value: number
  unit: keyof typeof PER_INCH
}

/**
 * Reads a length like `120mm`; a bare number is in pixels. Nothing at all is a length only where `least` is 0.
 * Throws a FewlineError of kind `call`.
 */
export function parseLength(text: string, least = Number.MIN_VALUE): Length {
  const [, number, unit = 'px'] = /^(\d+(?:\.\d+)?|\.\d+) ?(mm|cm|in|px|pt)?$/.exec(text.trim()) ?? []
  const value = Number(number)
  if (!(value >= least)) {
    throw new FewlineError({
      kind: 'call',
      expected: `a size with its unit (${Object.keys(PER_INCH).join(', ')})`,
      came: `"${text}" came`,
      todo: 'write it like 120mm',
    })
  }
  return { value, unit: unit as Length['unit'] }
}

/** How much of `unit` a length is. */
export function lengthIn(unit: Length['unit'], length: Length): number {
  return length.unit === unit ? length.value : (length.value / PER_INCH[length.unit]) * PER_INCH[unit]
}
