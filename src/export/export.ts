import { FewlineError } from '../errors.ts'
import { inPens } from '../strokes/colours.ts'
import { handOrder } from '../strokes/hand.ts'
import { oneLine } from '../strokes/one-line.ts'
import { penMoments } from '../strokes/pen.ts'
import type { Strokes } from '../strokes/strokes.ts'
import { toAnimatedSvg } from './animated-svg.ts'
import { filmSide, LEAST_FILM, MOST_FILM, toFilm, toPages, type FilmFormat, type Pages } from './film.ts'
import { lengthIn, type Length } from './length.ts'
import { toLottie } from './lottie.ts'
import { unitOf } from './page.ts'
import { asSeen, paperNamed } from './painted.ts'
import { pdfLayout, toPdf } from './pdf.ts'
import { plotterOrder } from './plotter.ts'
import { pngSide, toPng } from './png.ts'
import { layoutOf, toSvg, type SvgOptions } from './svg.ts'
import { verify, type Expected } from './verify.ts'

/** How many moments a pen's film has: enough for it to seem to move. */
const PEN_MOMENTS = 96
/** Moments of a film for a video's encoder: so many a second, up to so many. */
const VIDEO_RATE = 30
const MOST_VIDEO = 900

/** What is to be written down. */
export interface Drawing {
  strokes: Strokes
  /** How it came to be, for a film; the drawing alone when absent. */
  moments?: readonly Strokes[]
}

/** Each format takes of these what it knows. */
export interface ExportOptions extends SvgOptions {
  /** Strokes in the order for a plotter, with a layer for each pen. */
  plotter?: boolean
  /** Strokes in at most so many colours, one for each pen. */
  pens?: number
  /**
   * As they are given, or as a hand or a plotter draws them. When absent, what moves is drawn by hand, the rest as given; and so
   * are strokes in colours, since later ones lie on earlier ones.
   */
  order?: 'given' | 'hand' | 'plotter'
  /** Whose hand. */
  leftHanded?: boolean
  /** All strokes joined into one line that never lifts; `smooth`: as one long spline. */
  oneLine?: boolean | 'smooth'
  /** PNG, GIF, WebP and Lottie: the longer side; instead of `size`. */
  pixels?: number
  /** PNG: nothing is painted where no stroke is. */
  transparent?: boolean
  /** GIF and WebP: the pen that draws it (when absent), or how it came to be. */
  film?: 'pen' | 'run'
  /** What moves: how long it takes, and whether it begins again. */
  seconds?: number
  loop?: boolean
  /** GIF and WebP: as in `FilmOptions`. */
  signal?: AbortSignal
  onProgress?: (share: number) => void
}

export interface Exported {
  content: Uint8Array
  /** As browsers and mail programs call it. */
  mediaType: string
  /** Reads the content, as it arrived, as others would. Throws a FewlineError of kind `output` when it is spoilt. */
  verify(content: Uint8Array): Promise<void>
  /** With `plotter`: how far the pen travels in the air, in mm, as drawn and as written. */
  travel?: { before: number; after: number }
}

/** Each format under the end of its files' names; the longer ends first. */
export const FORMATS = {
  'animated.svg': { mediaType: 'image/svg+xml', write: writeAnimatedSvg, moves: true },
  svg: { mediaType: 'image/svg+xml', write: writeSvg },
  png: { mediaType: 'image/png', write: writePng, side: pngPixels },
  pdf: { mediaType: 'application/pdf', write: writePdf },
  gif: { mediaType: 'image/gif', write: writeFilm('gif'), side: filmPixels, moves: true },
  webp: { mediaType: 'image/webp', write: writeFilm('webp'), side: filmPixels, moves: true },
  json: { mediaType: 'application/json', write: writeLottie, side: filmPixels, moves: true },
} as const satisfies Record<string, Kind>
export type Format = keyof typeof FORMATS

interface Kind {
  mediaType: string
  write: Writer
  /** It shows one stroke after another. */
  moves?: boolean
  /** Of what consists of pixels: how many along the longer side. Throws when that can't be. */
  side?: (strokes: Strokes, options: ExportOptions) => number
}

type Written = [content: string | Uint8Array, expected: Expected]
type Writer = (drawing: Drawing, options: ExportOptions) => Promise<Written>

/** The format that a file's name asks for; undefined when it is none of ours. */
export function formatOf(path: string): Format | undefined {
  return (Object.keys(FORMATS) as Format[]).find((format) => path.toLowerCase().endsWith(`.${format}`))
}

/**
 * Whether a drawing that lies as these strokes do can be exported so, asked before it is drawn. Throws a FewlineError of
 * kind `call` when the options can't be met.
 */
export function checkExport(format: Format, strokes: Strokes, options: ExportOptions = {}): void {
  const { side }: Kind = FORMATS[format]
  layoutOf(strokes, options)
  if (options.paper !== undefined) paperNamed(options.paper)
  side?.(strokes, options)
}

/**
 * A drawing as a file of the given format; whoever hands it on calls `verify` first, as `writeOutput` does.
 * Throws a FewlineError of kind `call` when the options can't be met.
 */
export async function exportDrawing(format: Format, drawing: Drawing, options: ExportOptions = {}): Promise<Exported> {
  const { mediaType, write, moves = false }: Kind = FORMATS[format]
  const { strokes, travel } = arranged(drawing, options, moves)
  const [written, expected] = await write(
    { ...drawing, strokes },
    { ...options, ...(options.plotter && PLOTTED), layers: options.layers ?? options.plotter },
  )
  return {
    content: Buffer.from(written),
    mediaType,
    verify: (arrived) => verify(arrived, expected),
    ...(travel && { travel }),
  }
}

/** A plotter has its own pen, which follows the line itself. */
const PLOTTED = { look: 'fineliner', outline: false } as const

/**
 * A film of a drawing as pictures, at thirty moments a second, for an encoder of videos that is elsewhere. Throws as
 * `exportDrawing` does.
 */
export function filmPages(drawing: Drawing, options: ExportOptions = {}): Promise<Pages> {
  const { strokes } = arranged(drawing, options, true)
  const { seconds = 4 } = options
  const count = Math.min(MOST_VIDEO, Math.max(1, Math.round(VIDEO_RATE * seconds)))
  const film = { ...options, seconds, pixels: filmPixels(strokes, options) }
  return toPages(shownIn({ ...drawing, strokes }, options, count), film)
}

/** The moments in which a pen draws a drawing, at even times; the last one is the whole of it. Throws as `exportDrawing` does. */
export function drawnByPen(drawing: Drawing, count: number, options: ExportOptions = {}): Strokes[] {
  return penMoments(arranged(drawing, options, true).strokes, count)
}

/** The strokes as they are to be written: in what pens, joined or not, and in which order. */
function arranged(drawing: Drawing, options: ExportOptions, moves: boolean): Pick<Exported, 'travel'> & Drawing {
  if (drawing.strokes.widths.length === 0) {
    const todo = 'draw something first'
    throw new FewlineError({ kind: 'call', expected: 'a drawing with strokes', came: 'it has none', todo })
  }
  const penned = options.pens === undefined ? drawing.strokes : inPens(drawing.strokes, options.pens)
  const lines = options.oneLine ? oneLine(penned, { smooth: options.oneLine === 'smooth' }) : penned
  const order = options.order ?? (options.plotter ? 'plotter' : moves && !lines.colors ? 'hand' : 'given')
  const plot = order === 'plotter' ? plotted(lines, options) : undefined
  const ordered = plot?.strokes ?? (order === 'hand' ? handOrder(lines, options) : lines)
  const strokes = options.plotter ? { ...ordered, pressures: undefined } : ordered
  return { strokes, ...(plot && { travel: { before: plot.before, after: plot.after } }) }
}

/** In the order for a plotter whose pen rests in the upper left corner of the page; travel in mm. */
function plotted(strokes: Strokes, options: ExportOptions) {
  const layout = layoutOf(strokes, options)
  const { scale, x, y } = layout
  const plot = plotterOrder(strokes, [-x / scale, -y / scale])
  const mm = scale * lengthIn('mm', unitOf(layout, options.size))
  return { strokes: plot.strokes, before: mm * plot.before, after: mm * plot.after }
}

async function writeSvg({ strokes }: Drawing, options: ExportOptions): Promise<Written> {
  return [toSvg(strokes, options), { format: 'svg', strokes: strokes.widths.length }]
}

async function writeAnimatedSvg({ strokes }: Drawing, options: ExportOptions): Promise<Written> {
  return [toAnimatedSvg(strokes, options), { format: 'svg', strokes: strokes.widths.length }]
}

async function writePng({ strokes }: Drawing, options: ExportOptions): Promise<Written> {
  const png = await toPng(toSvg(strokes, asSeen(strokes, options)), pngSize(strokes, options), options)
  return [png, { format: 'png', longer: pngPixels(strokes, options), pages: 1 }]
}

function pngPixels(strokes: Strokes, options: ExportOptions): number {
  return pngSide(pngSize(strokes, options))
}

/** The longer side of a PNG: as asked, or that of its page. */
function pngSize(strokes: Strokes, options: ExportOptions): Length | undefined {
  const { pixels, page, size } = options
  if (pixels !== undefined) return { value: pixels, unit: 'px' }
  if (!page) return size
  const { width, height, unit } = layoutOf(strokes, options)
  return { value: Math.max(width, height), unit: unit! }
}

async function writePdf({ strokes }: Drawing, options: ExportOptions): Promise<Written> {
  const { width, height } = pdfLayout(strokes, options)
  return [await toPdf(strokes, options), { format: 'pdf', width, height }]
}

function writeFilm(format: FilmFormat): Writer {
  return async ({ strokes, moments = [] }, options) => {
    const film = { ...options, pixels: filmPixels(strokes, options) }
    const { content, pages, pixels } = await toFilm(format, shownIn({ strokes, moments }, options, PEN_MOMENTS), film)
    return [content, { format, longer: pixels, pages }]
  }
}

/** The moments that a film shows: of the run, or of a pen. */
function shownIn({ strokes, moments = [] }: Drawing, { film }: ExportOptions, count: number): Strokes[] {
  return film === 'run' ? [...moments, strokes] : penMoments(strokes, count)
}

async function writeLottie({ strokes }: Drawing, options: ExportOptions): Promise<Written> {
  const lottie = toLottie(strokes, { ...options, pixels: filmPixels(strokes, options) })
  return [lottie, { format: 'json', strokes: strokes.widths.length }]
}

/** A film is for screens: one of a physical length is as large as a screen shows it, within reason. */
function filmPixels(_: Strokes, { pixels, size }: ExportOptions): number {
  const side = size && Math.round(lengthIn('px', size))
  const physical = size && size.unit !== 'px'
  return filmSide(pixels ?? (physical ? Math.min(MOST_FILM, Math.max(LEAST_FILM, side!)) : side))
}
