import type * as Culori from 'culori'
import { load } from '../../load.ts'
import { rgbFromHex, type Rgba } from '../color.ts'
import { drawable, numberOf, shareOf } from './numbers.ts'
import { quoted, unreadable } from './refusal.ts'
import type { Declared } from './cascade.ts'
import type { SvgElement } from './tree.ts'

/** A gradient that takes its colours from another, and that from yet another. */
const MOST_LINKS = 16
const NUMBERS = /[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?/g
/** The longest colour that is looked at. */
const LONGEST = 200

/** Where paints find what they speak of. */
export interface Palette {
  /** What `currentColor` is. */
  color: string
  byId(id: string): SvgElement | undefined
  declared(element: SvgElement): Declared
}

/** A paint as one colour, of a gradient its first; undefined for none at all. Throws a FewlineError of kind `call`. */
export function paintOf(paint: string, palette: Palette): Rgba | undefined {
  const written = paint.trim()
  if (written === '' || /^none$/i.test(written)) return undefined
  const [, id, otherwise = ''] = /^url\(\s*["']?#([^"')]*)["']?\s*\)\s*(.*)$/is.exec(written) ?? []
  if (id === undefined) return colorOf(written, palette.color)
  const stop = firstStop(palette.byId(id), palette)
  if (!stop) {
    if (otherwise !== '') return paintOf(otherwise, palette)
    throw unreadable(`a line in it has the colour ${quoted(written)}, which is not there`)
  }
  const declared = palette.declared(stop)
  const [red, green, blue, alpha] = colorOf(
    declared.get('stop-color') ?? 'black',
    declared.get('color') ?? palette.color,
  )
  return [red, green, blue, alpha * opacityOf(declared.get('stop-opacity'))]
}

/** 0..1, also of a percentage; 1 when it is not given. Throws a FewlineError of kind `call` when it is no number. */
export function opacityOf(written = '1'): number {
  return inRange(shareOf(written))
}

/** Any colour of CSS. Throws a FewlineError of kind `call` when it is none. */
function colorOf(written: string, current: string): Rgba {
  // What SVG 1.1 lets follow for printers.
  const text = written.toLowerCase().split('icc-color(')[0]!.trim()
  if (text === 'currentcolor') return current.trim().toLowerCase() === text ? [0, 0, 0, 1] : colorOf(current, 'black')
  const rgb = rgbFromHex(text)
  if (rgb) return [...rgb, 1]
  // Without its # no number is a colour.
  const color = text.length > LONGEST || /^[\da-f]+$/.test(text) ? undefined : parsed(text)
  // The parser brings them all within range.
  if (text.includes('(')) (text.match(NUMBERS) ?? []).forEach(numberOf)
  if (!color) throw unreadable(`a line in it has the colour ${quoted(written)}, which is not known`)
  const { r, g, b, alpha = 1 } = color
  const [red, green, blue, opacity] = [r, g, b, alpha].map((value) => inRange(drawable(value, written)))
  return [red!, green!, blue!, opacity!]
}

/** None for what is no colour; at some of that, such as a number with a foreign unit, the parser stumbles. */
function parsed(text: string): Culori.Rgb | undefined {
  // Only now: our own drawings have no colours but those.
  const { converter, parse } = load('culori') as typeof Culori
  try {
    return converter('rgb')(parse(text))
  } catch {
    return undefined
  }
}

function firstStop(gradient: SvgElement | undefined, palette: Palette): SvgElement | undefined {
  for (let link = 0; gradient && link < MOST_LINKS; link++) {
    if (!/^(linear|radial)Gradient$/.test(gradient.name)) return undefined
    const stop = gradient.children.find(({ name }) => name === 'stop')
    if (stop) return stop
    gradient = palette.byId(hrefOf(gradient) ?? '')
  }
  return undefined
}

/** The identifier that an element refers to within the drawing. */
export function hrefOf({ attributes }: SvgElement): string | undefined {
  const href = attributes.href ?? Object.entries(attributes).find(([name]) => name.endsWith(':href'))?.[1]
  return href === undefined ? undefined : /^\s*#(.+?)\s*$/.exec(href)?.[1]
}

function inRange(value: number): number {
  return Math.min(1, Math.max(0, value))
}
