import { FewlineError } from '../errors.ts'

/** Units that SVG knows, and how many there are to an inch. */
const PER_INCH = { mm: 25.4, cm: 2.54, in: 1, px: 96, pt: 72 } as const

/** A physical length. */
export interface Length {
  value: number
  unit: keyof typeof PER_INCH
}

/** What people write for a unit: how many it is of which that files know. */
const WORDS: ReadonlyMap<string, Length> = new Map([
  ...(Object.keys(PER_INCH) as Length['unit'][]).map((unit): [string, Length] => [unit, { value: 1, unit }]),
  ...['inch', 'inches', '"', '″'].map((word): [string, Length] => [word, { value: 1, unit: 'in' }]),
  ['m', { value: 100, unit: 'cm' }],
])

/** So many decimals tell a length to a hundredth of a millimetre. */
const DECIMALS: Record<Length['unit'], number> = { mm: 2, cm: 3, in: 4, px: 2, pt: 2 }

/**
 * Reads a length like `120mm`, `12,5 cm` or `8.5IN`. Nothing at all is a length only where `least` is 0, and needs no unit.
 * Throws a FewlineError of kind `call`.
 */
export function parseLength(text: string, least = Number.MIN_VALUE): Length {
  const [, number = '', word = ''] = /^(\d+(?:[.,]\d+)?|[.,]\d+)\s*([a-z"″]*)$/i.exec(text.trim()) ?? []
  const value = number === '' ? NaN : Number(number.replace(',', '.'))
  if (value === 0 && least === 0 && word === '') return { value, unit: 'mm' }
  if (word === '' && value >= least) throw unclear('', `"${text}" has none`, unitsFor(number))
  // Half of the world writes 1.2 like that, and the other half 1200.
  if (/^\d{1,3},\d{3}$/.test(number)) {
    const [one, thousand] = [number.replace(',', '.'), number.replace(',', '')]
    throw unclear('', `"${text}" may mean two`, `write ${Number(one)}${word} or ${thousand}${word}`)
  }
  const known = WORDS.get(word.toLowerCase())
  if (known && value >= least && Number.isFinite(value)) return { value: value * known.value, unit: known.unit }
  throw unclear(` (${Object.keys(PER_INCH).join(', ')})`, `"${text}" came`, 'write it like 120mm')
}

const unitsFor = (number: string): string => `write ${number}mm, ${number}cm, ${number}in or ${number}px`

function unclear(units: string, came: string, todo: string): FewlineError {
  return new FewlineError({ kind: 'call', expected: `a size with its unit${units}`, came, todo })
}

/** How much of `unit` a length is. */
export function lengthIn(unit: Length['unit'], length: Length): number {
  return length.unit === unit ? length.value : (length.value / PER_INCH[length.unit]) * PER_INCH[unit]
}

/** A length as files have it: to a hundredth of a millimetre, and to three digits where it is shorter than that. */
export function lengthText({ value, unit }: Length): string {
  if (!Number.isFinite(value)) throw new RangeError(`a drawing can't be ${value} long`)
  const places = value > 0 ? Math.max(DECIMALS[unit], 2 - Math.floor(Math.log10(value))) : 0
  return `${Number(value.toFixed(Math.min(100, places)))}${unit}`
}
