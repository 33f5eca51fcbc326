import { pointOffsets } from '../strokes/bezier.ts'
import type { Strokes } from '../strokes/strokes.ts'
import type { Length } from './length.ts'

export interface SvgOptions {
  /** What the drawing is of, for people; plain text. */
  title?: string
  /** The photo's own rectangle on the canvas, in canvas units; it becomes the page. The whole canvas when absent. */
  frame?: Rectangle
  /** Physical length of the longer side; the drawing has no size of its own when absent. */
  size?: Length
}

/** In canvas units. */
export interface Rectangle {
  x: number
  y: number
  width: number
  height: number
}

/** What every drawing of ours says of itself, and what tells that a file may be replaced (files.ts). */
export const MARK = 'Drawn by Fewline'

/**
 * Strokes as an SVG that people's tools like: one `<path>` per stroke in the order given, absolute cubics with two
 * decimals, and what most strokes share (colour, width, round ends) once, on their group.
 * Throws a RangeError when a number is not finite: such a drawing must never reach a file.
 */
export function toSvg(strokes: Strokes, options: SvgOptions = {}): string {
  const frame = options.frame ?? { x: 0, y: 0, width: strokes.width, height: strokes.height }
  const looks = Array.from(strokes.widths, (width, i) => ({ 'stroke-width': decimal(width), ...paintOf(strokes, i) }))
  const shared = {
    'stroke-width': commonest(looks, 'stroke-width') ?? '3',
    stroke: commonest(looks, 'stroke') ?? '#000',
  }
  const paths = looks.map((look, i) => `    <path${differing(look, shared)} d="${pathData(strokes, i, frame)}"/>\n`)
  const count = `${paths.length} ${paths.length === 1 ? 'stroke' : 'strokes'}`
  return (
    `<svg xmlns="http://www.w3.org/2000/svg"${sizeOf(frame, options.size)}` +
    ` viewBox="0 0 ${decimal(frame.width)} ${decimal(frame.height)}">\n` +
    `  <title>${escapeXml(options.title ?? 'Sketch')}</title>\n` +
    `  <desc>${MARK} in ${count}</desc>\n` +
    `  <g fill="none" stroke="${shared.stroke}" stroke-width="${shared['stroke-width']}"` +
    ` stroke-linecap="round" stroke-linejoin="round">\n${paths.join('')}  </g>\n</svg>\n`
  )
}

/** `M x y C …`: the control points of stroke `index`, seen from the frame's corner. */
function pathData(strokes: Strokes, index: number, frame: Rectangle): string {
  const offsets = pointOffsets(strokes)
  const points: string[] = []
  for (let p = offsets[index]!; p < offsets[index + 1]!; p++) {
    points.push(`${decimal(strokes.points[2 * p]! - frame.x)} ${decimal(strokes.points[2 * p + 1]! - frame.y)}`)
  }
  const cubics = Array.from({ length: (points.length - 1) / 3 }, (_, s) => points.slice(3 * s + 1, 3 * s + 4).join(' '))
  return `M ${points[0]!} ${cubics.map((cubic) => `C ${cubic}`).join(' ')}`
}

type Look = Record<string, string>

/** Colour of stroke `index`; black and opaque when the strokes have none. */
function paintOf({ colors }: Strokes, index: number): Look {
  if (!colors) return { stroke: '#000' }
  const [red, green, blue, alpha] = colors.subarray(4 * index, 4 * index + 4)
  const stroke = `#${[red!, green!, blue!].map(hexByte).join('')}`
  const paint: Look = { stroke: stroke === '#000000' ? '#000' : stroke }
  if (alpha! < 1) paint['stroke-opacity'] = decimal(Math.max(0, alpha!))
  return paint
}

function hexByte(value: number): string {
  const byte = Math.round(255 * Math.min(1, Math.max(0, value)))
  return finite(byte).toString(16).padStart(2, '0')
}

function commonest(looks: readonly Look[], attribute: string): string | undefined {
  const counts = new Map<string, number>()
  for (const { [attribute]: value = '' } of looks) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0]
}

/** The attributes of a path that its group doesn't say already, each after a space. */
function differing(look: Look, shared: Look): string {
  return Object.entries(look)
    .filter(([attribute, value]) => shared[attribute] !== value)
    .map(([attribute, value]) => ` ${attribute}="${value}"`)
    .join('')
}

function sizeOf(frame: Rectangle, size: Length | undefined): string {
  if (!size) return ''
  const scale = size.value / Math.max(frame.width, frame.height)
  return ` width="${decimal(frame.width * scale)}${size.unit}" height="${decimal(frame.height * scale)}${size.unit}"`
}

/** At most two decimals, none of them idle, and no negative zero. */
function decimal(value: number): string {
  return String(Math.round(finite(value) * 100) / 100 + 0)
}

function finite(value: number): number {
  if (!Number.isFinite(value)) throw new RangeError(`a drawing can't hold the number ${value}`)
  return value
}

function escapeXml(text: string): string {
  const names: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }
  // XML has no way to write control characters.
  return text.replaceAll(/[^\P{Cc}\t]|\p{Cs}/gu, ' ').replaceAll(/[&<>]/g, (character) => names[character]!)
}
