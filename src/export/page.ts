import { FewlineError } from '../errors.ts'
import { lengthIn, parseLength, type Length } from './length.ts'

/** A sheet of paper. */
export interface Paper {
  width: number
  height: number
  unit: Length['unit']
}

const mm = (width: number, height: number): Paper => ({ width, height, unit: 'mm' })

/** Papers that people have, upright. The B sizes are those of ISO 216. */
export const PAPERS = {
  A0: mm(841, 1189),
  A1: mm(594, 841),
  A2: mm(420, 594),
  A3: mm(297, 420),
  A4: mm(210, 297),
  A5: mm(148, 210),
  A6: mm(105, 148),
  B0: mm(1000, 1414),
  B1: mm(707, 1000),
  B2: mm(500, 707),
  B3: mm(353, 500),
  B4: mm(250, 353),
  B5: mm(176, 250),
  B6: mm(125, 176),
  Letter: mm(215.9, 279.4),
  Legal: mm(215.9, 355.6),
  Ledger: mm(279.4, 431.8),
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
/** A pixel: of anything shorter nothing can be seen. */
const SHORTEST: Length = { value: 1, unit: 'px' }

/**
 * Reads `A4`, `letter`, `A4 landscape`, `200x150mm` or `8.5in x 11in`, and a margin like `10mm` or `0`.
 * Throws a FewlineError of kind `call`.
 */
export function parsePage(text: string, margin?: string): PageOptions {
  return { ...parsePaper(text), ...(margin === undefined ? {} : { margin: parseLength(margin, 0) }) }
}

function parsePaper(text: string): PageOptions {
  const words = text.trim().split(/[\s_-]+|,\s+|(?=portrait$|landscape$)/i)
  const turned = words.filter(isOrientation)
  const name = words.filter((word) => !isOrientation(word)).join('-')
  const [orientation] = turned.map((word) => word.toLowerCase() as 'portrait' | 'landscape')
  const preset = Object.keys(PAPERS).find((known) => known.toLowerCase() === name.toLowerCase())
  const paper = preset ? (preset as PaperName) : sidesOf(name.replaceAll('-', ' '))
  if (paper && turned.length <= 1) return { paper, ...(orientation && { orientation }) }
  const names = Object.keys(PAPERS).join(', ')
  throw unusable(`a page (${names})`, `"${text}" came`, 'choose one, or write it like 200x150mm')
}

const isOrientation = (word: string): boolean => /^(portrait|landscape)$/i.test(word)

/** Of `200x150mm`, or each side with a unit of its own. */
function sidesOf(text: string): Paper | undefined {
  const [, across, first = '', down, second = ''] =
    /^([\d.,]+) ?([a-z"″]*?) ?[x×*] ?([\d.,]+) ?([a-z"″]+)$/i.exec(text) ?? []
  if (across === undefined || down === undefined) return undefined
  const [width, height] = [parseLength(`${across}${first || second}`), parseLength(`${down}${second}`)]
  return { width: lengthIn(height.unit, width), height: height.value, unit: height.unit }
}

/**
 * Where the rectangle `frame` of the canvas comes to lie: in the middle of the page, as large as its margins leave room
 * for, or with its longer side as long as `size`. Pages are in mm, or in px if their paper is.
 * Without a page, `frame` is the page and keeps its units.
 * Throws a FewlineError of kind `call` when the margins leave no room, or the size is more than they leave, or absurd.
 */
export function layOut(frame: Rectangle, page?: PageOptions, size?: Length): Layout {
  if (size) checkSize(size)
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

function checkSize(size: Length): void {
  const long = lengthIn('mm', size)
  if (long >= lengthIn('mm', SHORTEST) && long <= LONGEST) return
  throw unusable('a size of a pixel to ten metres', `${size.value}${size.unit} came`, 'choose another')
}

function unusable(expected: string, came: string, todo: string): FewlineError {
  return new FewlineError({ kind: 'call', expected, came, todo })
}
