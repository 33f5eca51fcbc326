import { FewlineError } from '../errors.ts'
import { lengthIn, parseLength, type Length } from './length.ts'

/** A sheet of paper. */
export interface Paper {
  width: number
  height: number
  unit: Length['unit']
}

const mm = (width: number, height: number): Paper => ({ width, height, unit: 'mm' })

/** Papers that people have, upright. */
export const PAPERS = {
  A3: mm(297, 420),
  A4: mm(210, 297),
  A5: mm(148, 210),
  A6: mm(105, 148),
  Letter: mm(215.9, 279.4),
  Legal: mm(215.9, 355.6),
  Tabloid: mm(279.4, 431.8),
  'Square-10cm': mm(100, 100),
  'Square-15cm': mm(150, 150),
  'Square-20cm': mm(200, 200),
  'Square-30cm': mm(300, 300),
} as const satisfies Record<string, Paper>

export type PaperName = keyof typeof PAPERS

/** The page that a drawing is put on. */
export interface PageOptions {
  paper: PaperName | Paper
  /** What stays free on every side; 10 mm when absent. */
  margin?: Length
  /** When absent, a paper with a name lies as the drawing does, and one given by its sides stays as it is. */
  orientation?: 'portrait' | 'landscape'
}

/** In the units of whatever holds it: the canvas, or a page. */
export interface Rectangle {
  x: number
  y: number
  width: number
  height: number
}

/** How a drawing lies on its page: a point p of the canvas comes to scale · p + (x, y). */
export interface Layout {
  /** Of the page, in its units. */
  width: number
  height: number
  /** The page's unit; none when the page is the drawing itself, in canvas units. */
  unit?: 'mm' | 'px'
  /** Page units to a canvas unit. */
  scale: number
  x: number
  y: number
}

const MARGIN: Length = { value: 10, unit: 'mm' }
/** In mm: ten metres, more than a plotter's roll has. */
const LONGEST = 10_000

/**
 * Reads `A4`, `letter`, `A4-landscape` or `200x150mm`, and a margin like `10mm` or `0`.
 * Throws a FewlineError of kind `call`.
 */
export function parsePage(text: string, margin?: string): PageOptions {
  return { ...parsePaper(text), ...(margin === undefined ? {} : { margin: parseLength(margin, 0) }) }
}

function parsePaper(text: string): PageOptions {
  const [, name = '', turned] = /^(.*?)(?:-(portrait|landscape))?$/i.exec(text.trim()) ?? []
  const orientation = turned === undefined ? {} : { orientation: turned.toLowerCase() as 'portrait' | 'landscape' }
  const preset = Object.keys(PAPERS).find((known) => known.toLowerCase() === name.toLowerCase())
  if (preset) return { paper: preset as PaperName, ...orientation }
  const [, across, down, unit = ''] = /^([\d.]+) ?[x×] ?([\d.]+) ?([a-z]+)$/i.exec(name) ?? []
  if (across === undefined || down === undefined) {
    const names = Object.keys(PAPERS).join(', ')
    throw unusable(`a page (${names})`, `"${text}" came`, 'choose one, or write it like 200x150mm')
  }
  const [width, height] = [parseLength(`${across}${unit}`), parseLength(`${down}${unit}`)]
  return { paper: { width: width.value, height: height.value, unit: width.unit }, ...orientation }
}

/**
 * Where the rectangle `frame` of the canvas comes to lie: in the middle of the page, as large as its margins leave room
 * for, or with its longer side as long as `size`. Pages are in mm, or in px if their paper is.
 * Without a page, `frame` is the page and keeps its units.
 * Throws a FewlineError of kind `call` when the margins leave no room, or the size is more than they leave.
 */
export function layOut(frame: Rectangle, page?: PageOptions, size?: Length): Layout {
  if (!page) return { width: frame.width, height: frame.height, scale: 1, x: -frame.x, y: -frame.y }
  const { width, height, unit } = sheetOf(page, frame)
  const margin = lengthIn(unit, page.margin ?? MARGIN)
  const [across, down] = [width - 2 * margin, height - 2 * margin]
  if (!(margin >= 0 && across > 0 && down > 0)) {
    const came = `a page of ${width} × ${height} ${unit} has none`
    throw unusable('margins with room for a drawing between them', came, 'choose smaller ones')
  }
  const largest = Math.min(across / frame.width, down / frame.height)
  const scale = size ? lengthIn(unit, size) / Math.max(frame.width, frame.height) : largest
  if (!(scale <= largest * (1 + 1e-9))) {
    const came = `${size!.value}${size!.unit} is more than the margins of the page leave`
    throw unusable('a size that fits on the page', came, 'choose a smaller one, or a larger page')
  }
  const middle = (whole: number, start: number, side: number): number => whole / 2 - scale * (start + side / 2)
  const [x, y] = [middle(width, frame.x, frame.width), middle(height, frame.y, frame.height)]
  return { width, height, unit, scale, x, y }
}

/**
 * How long a unit of the page is: where the page is the drawing itself, as `size` for its longer side makes it, and
 * without that a pixel, as programs that open it take it to be.
 */
export function unitOf({ width, height, unit }: Layout, size?: Length): Length {
  if (size && !unit) return { value: size.value / Math.max(width, height), unit: size.unit }
  return { value: 1, unit: unit ?? 'px' }
}

/** The page itself, turned as it is to lie. */
function sheetOf({ paper, orientation }: PageOptions, frame: Rectangle) {
  const named = typeof paper === 'string'
  const given: Paper = named ? PAPERS[paper] : paper
  const unit = given.unit === 'px' ? 'px' : 'mm'
  const sides = [given.width, given.height].map((value) => lengthIn(unit, { value, unit: given.unit }))
  if (!sides.every((side) => side > 0 && lengthIn('mm', { value: side, unit }) <= LONGEST)) {
    throw unusable(
      'a page of up to ten metres',
      `it is ${given.width} × ${given.height} ${given.unit}`,
      'choose another',
    )
  }
  const lying = orientation ?? (named ? (frame.width > frame.height ? 'landscape' : 'portrait') : undefined)
  if (lying) sides.sort((a, b) => (lying === 'landscape' ? b - a : a - b))
  return { width: sides[0]!, height: sides[1]!, unit } as const
}

function unusable(expected: string, came: string, todo: string): FewlineError {
  return new FewlineError({ kind: 'call', expected, came, todo })
}
