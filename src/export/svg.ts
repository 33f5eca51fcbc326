import { pointOffsets } from '../strokes/bezier.ts'
import type { Strokes } from '../strokes/strokes.ts'
import { colorOf, hexOf, parseColor } from './color.ts'
import type { Mark } from '../looks/mark.ts'
import { lengthText, type Length } from './length.ts'
import { layOut, unitOf, type Layout, type PageOptions, type Rectangle } from './page.ts'
import { grainOf, isPainted, type LookOptions, paintedMarks, paperNamed } from './painted.ts'

/** What every vector drawing is written with. */
export interface SheetOptions extends LookOptions {
  /** What the drawing is of, for people; plain text. */
  title?: string
  /** The photo's own rectangle on the canvas, in canvas units; it becomes the page. The whole canvas when absent. */
  frame?: Rectangle
  /** Physical length of the sketch's longer side; none, or what the page has room for, when absent. */
  size?: Length
  /** The paper that the sketch is put on; the page is the sketch itself when absent. */
  page?: PageOptions
  /** The paper's colour, like `#f7f3e8`, or its name (looks/stocks.ts); nothing is painted when absent. */
  paper?: string
}

export interface SvgOptions extends SheetOptions {
  /** A layer for each colour, as Inkscape and plotters know them. */
  layers?: boolean
  /**
   * Instead, a layer for each of the drawings that this one grew from, by how many strokes they have: what it adds to those
   * below.
   */
  stages?: readonly number[]
  /** All strokes that look the same as one path. */
  joined?: boolean
}

/** What every drawing of ours says of itself, and what tells that a file may be replaced (files.ts). */
export const MARK = 'Drawn by Fewline'

/**
 * Strokes as an SVG that people's tools like: one `<path>` per stroke in the order given, absolute cubics with two
 * decimals, and what most strokes share (colour, width, round ends) once, on their group. On a page, coordinates and
 * widths are in the page's units, and `data-frame` says where on it the sketch lies, so that it can be read back. What was
 * drawn with pressure says that beside its path; a stroke with a look is a group of what is painted, which keeps the line itself.
 * Throws a RangeError when a number is not finite: such a drawing must never reach a file. Throws a FewlineError of kind
 * `call` when it does not fit on its page.
 */
export function toSvg(strokes: Strokes, options: SvgOptions = {}): string {
  const layout = layoutOf(strokes, options)
  const paths = pathsOf(strokes, layout, options)
  if (options.stages) return svgDocument(strokes, options, stageLayers(paths, options.stages), INKSCAPE)
  if (!options.layers) return svgDocument(strokes, options, group(options.joined ? joined(paths) : paths))
  const layers = [...groupBy(paths, ({ look }) => look.stroke)].map(([color, members], i) => {
    const label = ` inkscape:groupmode="layer" inkscape:label="${i + 1} ${color}"`
    return group(options.joined ? joined(members) : members, label)
  })
  return svgDocument(strokes, options, layers.join(''), INKSCAPE)
}

const INKSCAPE = ' xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape"'

/** Strokes beyond the last stage belong to none, and are left out. */
function stageLayers(paths: readonly Path[], stages: readonly number[]): string {
  const layers = stages.map((end, i) => {
    const label = ` inkscape:groupmode="layer" inkscape:label="${end} strokes"`
    return group(paths.slice(stages[i - 1] ?? 0, end), label)
  })
  return layers.join('')
}

/** The rectangle of the canvas that a drawing is of. */
export function frameOf({ width, height }: Strokes, { frame }: SheetOptions): Rectangle {
  return frame ?? { x: 0, y: 0, width, height }
}

/** How a drawing lies on its page. Throws as `layOut` does. */
export function layoutOf(strokes: Strokes, options: SheetOptions): Layout {
  return layOut(frameOf(strokes, options), options.page, options.size)
}

/** A path as it will be written. */
export interface Path {
  look: Look
  data: string
  /** Further attributes, each after a space. */
  attributes?: string
  /** Instead of the line itself. */
  marks?: readonly Mark[]
}

interface Look {
  'stroke-width': string
  stroke: string
  'stroke-opacity'?: string
  /** Of what is painted, which may lie on itself. */
  opacity?: string
}

/** One path per stroke, in the units of the page; with a look, what is painted of it as well. */
export function pathsOf(strokes: Strokes, layout: Layout, options: LookOptions = {}): Path[] {
  const offsets = pointOffsets(strokes)
  const painted = isPainted(options) ? paintedMarks(strokes, layout, options) : undefined
  return Array.from(strokes.widths, (width, i): Path => {
    const pressure = strokes.pressures?.subarray(offsets[i], offsets[i + 1])
    const marks = painted?.[i]
    return {
      look: lookOf(strokes, i, width * layout.scale, marks ? 'opacity' : 'stroke-opacity'),
      data: pathData(strokes.points.subarray(2 * offsets[i]!, 2 * offsets[i + 1]!), layout),
      ...(pressure && { attributes: ` data-pressure="${Array.from(pressure, decimal).join(' ')}"` }),
      ...(marks && { marks }),
    }
  })
}

/** Paths, and what most of them share once, around them. */
export function group(paths: readonly Path[], attributes = ''): string {
  const looks = paths.map(({ look }) => look)
  const shared: Look = {
    'stroke-width': commonest(looks, 'stroke-width') ?? '3',
    stroke: commonest(looks, 'stroke') ?? '#000',
  }
  const lines = paths.map(({ look, data, attributes = '', marks }) =>
    marks
      ? `    <g${differing(look, shared)}${attributes} data-line="${data}">\n${marksText(marks, look.stroke)}    </g>\n`
      : `    <path${differing(look, shared)}${attributes} d="${data}"/>\n`,
  )
  return (
    `  <g${attributes} fill="none" stroke="${shared.stroke}" stroke-width="${shared['stroke-width']}"` +
    ` stroke-linecap="round" stroke-linejoin="round">\n${lines.join('')}  </g>\n`
  )
}

/** What is painted of one stroke: lines in the colour that its group says, areas filled with it. */
export function marksText(marks: readonly Mark[], colour: string): string {
  return marks
    .map(({ paths, width, dash, opacity }) => {
      const how = width === undefined ? ` fill="${colour}" stroke="none"` : ` stroke-width="${thin(width)}"`
      const gaps = dash ? ` stroke-dasharray="${dash.map(decimal).join(' ')}"` : ''
      const faint = opacity < 1 ? ` opacity="${decimal(opacity)}"` : ''
      const data = paths.map((path) => cubicsText(path) + (width === undefined ? ' Z' : '')).join(' ')
      return `      <path${how}${gaps}${faint} d="${data}"/>\n`
    })
    .join('')
}

/** The paper of a page, and what can be seen in it. */
function paperText(paper: string, layout: Layout): string {
  const stock = paperNamed(paper)
  const grain = grainOf(stock, layout).map(
    ({ paths, width, colour, opacity }) =>
      `    <path stroke="${colour}" stroke-width="${thin(width)}" opacity="${decimal(opacity)}"` +
      ` d="${paths.map(cubicsText).join(' ')}"/>\n`,
  )
  const seen = grain.length > 0 ? `  <g data-paper="${escapeXml(paper)}" fill="none">\n${grain.join('')}  </g>\n` : ''
  return `  <rect width="100%" height="100%" fill="${hexOf(parseColor(stock.colour))}"/>\n${seen}`
}

/** The whole file around its groups. `attributes` are further ones of the root, each after a space. */
export function svgDocument(strokes: Strokes, options: SheetOptions, groups: string, attributes = ''): string {
  const layout = layoutOf(strokes, options)
  const count = `${strokes.widths.length} ${strokes.widths.length === 1 ? 'stroke' : 'strokes'}`
  const paper = options.paper === undefined ? '' : paperText(options.paper, layout)
  return (
    `<svg xmlns="http://www.w3.org/2000/svg"${attributes}${sizeOf(layout, options.size)}` +
    ` viewBox="0 0 ${precise(layout.width)} ${precise(layout.height)}"${placeOf(frameOf(strokes, options), layout)}>\n` +
    `  <title>${escapeXml(options.title ?? 'Sketch')}</title>\n` +
    `  <desc>${MARK} in ${count}</desc>\n${paper}${groups}</svg>\n`
  )
}

/** `M x y C …`: the control points of a stroke on the page. */
function pathData(points: Float32Array, { scale, x, y }: Layout): string {
  return cubicsText(Array.from(points, (value, i) => scale * value + (i % 2 ? y : x)))
}

function cubicsText(points: readonly number[]): string {
  const pairs = Array.from(
    { length: points.length / 2 },
    (_, p) => `${decimal(points[2 * p]!)} ${decimal(points[2 * p + 1]!)}`,
  )
  const cubics = Array.from({ length: (pairs.length - 1) / 3 }, (_, s) => pairs.slice(3 * s + 1, 3 * s + 4).join(' '))
  return `M ${pairs[0]!} ${cubics.map((cubic) => `C ${cubic}`).join(' ')}`
}

/** Paths that look the same, as one each, in the order in which a look first appears. */
function joined(paths: readonly Path[]): readonly Path[] {
  // What is painted of a stroke is its own.
  if (paths.some(({ marks }) => marks)) return paths
  const alike = groupBy(paths, ({ look }) => JSON.stringify(look))
  return Array.from(alike.values(), (members) => ({
    look: members[0]!.look,
    data: members.map(({ data }) => data).join(' '),
  }))
}

/** Items by what `keyOf` says of them, in the order in which each key first appears. */
export function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>()
  for (const item of items) {
    const key = keyOf(item)
    const group = groups.get(key)
    if (group) group.push(item)
    else groups.set(key, [item])
  }
  return groups
}

/** In units of the page: a line of no width at all is not drawn. */
const THINNEST = 0.01

const thin = (width: number): string => decimal(Math.max(THINNEST, width))

function lookOf(strokes: Strokes, index: number, width: number, opacity: 'opacity' | 'stroke-opacity'): Look {
  const color = colorOf(strokes, index)
  const look: Look = { 'stroke-width': thin(width), stroke: hexOf(color) }
  if (color[3] < 1) look[opacity] = decimal(color[3])
  return look
}

function commonest(looks: readonly Look[], attribute: keyof Look): string | undefined {
  const counts = new Map<string, number>()
  for (const { [attribute]: value = '' } of looks) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0]
}

/** The attributes of a path that its group doesn't say already, each after a space. */
function differing(look: Look, shared: Look): string {
  return Object.entries(look)
    .filter(([attribute, value]) => shared[attribute as keyof Look] !== value)
    .map(([attribute, value]) => ` ${attribute}="${value}"`)
    .join('')
}

function sizeOf(layout: Layout, size: Length | undefined): string {
  if (!layout.unit && !size) return ''
  const { value, unit } = unitOf(layout, size)
  const [width, height] = [layout.width, layout.height].map((side) => lengthText({ value: side * value, unit }))
  return ` width="${width}" height="${height}"`
}

/** Where on its page the sketch lies, x y width height, and how large the page was then. */
function placeOf(frame: Rectangle, { width, height, unit, scale, x, y }: Layout): string {
  if (!unit) return ''
  const place = [scale * frame.x + x, scale * frame.y + y, scale * frame.width, scale * frame.height]
  return ` data-frame="${[...place, width, height].map(precise).join(' ')}"`
}

/** At most two decimals, none of them idle, and no negative zero. */
export function decimal(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError(`a drawing can't hold the number ${value}`)
  return String(Math.round(value * 100) / 100 + 0)
}

/** At most five decimals: what other numbers are multiplied by, and what a page is so many times as long as. */
function precise(value: number): string {
  return String(Math.round(value * 1e5) / 1e5 + 0)
}

export function escapeXml(text: string): string {
  const names: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }
  // XML has no way to write control characters, and some others turn the order of the letters around them.
  return text
    .replaceAll(/[^\P{Cc}\t]|[\p{Cs}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]/gu, ' ')
    .replaceAll(/[&<>]/g, (character) => names[character]!)
}
