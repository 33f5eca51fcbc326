import type { PDFOperator } from '@cantoo/pdf-lib'
import type { Strokes } from '../strokes/strokes.ts'
import type { Mark } from '../looks/mark.ts'
import { colorOf, parseColor, type Rgba } from './color.ts'
import { lengthIn } from './length.ts'
import { unitOf, type Layout } from './page.ts'
import { asSeen, grainOf, type LookOptions, paintedMarks, paperNamed } from './painted.ts'
import { decimal, layoutOf, MARK, type SheetOptions } from './svg.ts'

/** What a PDF is put on that is asked for neither on a page nor in a size: paper that printers have. */
const USUAL = { paper: 'A4', margin: { value: 15, unit: 'mm' } } as const

/** In units of the file. */
const LONGEST = 14_400

/**
 * Strokes as a PDF of one page, its curves as curves. Without a page it is as large as `size`, and without that an A4
 * sheet that lies as the drawing does. Throws as `toSvg` does.
 */
export async function toPdf(strokes: Strokes, options: SheetOptions = {}): Promise<Uint8Array> {
  const pdf = await import('@cantoo/pdf-lib')
  const points = pdfLayout(strokes, options)
  const unit = userUnit(points)
  const layout = scaled(points, 1 / unit)
  const document = await pdf.PDFDocument.create()
  const page = document.addPage([layout.width, layout.height])
  if (unit !== 1) page.node.set(pdf.PDFName.of('UserUnit'), pdf.PDFNumber.of(unit))
  const opacities = new Map<number, PDFOperator>()
  const opacity = (alpha: number): PDFOperator => {
    const known = opacities.get(alpha)
    if (known) return known
    const state = document.context.obj({ CA: alpha, ca: alpha })
    const made = pdf.setGraphicsState(page.node.newExtGState('Opacity', state))
    opacities.set(alpha, made)
    return made
  }
  const painted = ({ paths, width, dash = [], color: [red, green, blue, alpha] }: Painted): PDFOperator[] => [
    pdf.pushGraphicsState(),
    ...(alpha < 1 ? [opacity(alpha)] : []),
    ...(width === undefined
      ? [pdf.setFillingRgbColor(red, green, blue)]
      : [pdf.setStrokingRgbColor(red, green, blue), pdf.setLineWidth(width)]),
    ...(dash.length > 0 ? [pdf.setDashPattern(dash, 0)] : []),
    ...paths.flatMap((numbers) => [
      pdf.moveTo(...(numbers.slice(0, 2) as [number, number])),
      ...cubicsOf(numbers).map((cubic) => pdf.appendBezierCurve(...cubic)),
      ...(width === undefined ? [pdf.closePath()] : []),
    ]),
    width === undefined ? pdf.fill() : pdf.stroke(),
    pdf.popGraphicsState(),
  ]
  if (options.paper !== undefined) {
    const stock = paperNamed(options.paper)
    const [red, green, blue] = parseColor(stock.colour)
    page.drawRectangle({ x: 0, y: 0, width: layout.width, height: layout.height, color: pdf.rgb(red, green, blue) })
    for (const mark of grainOf(stock, layout)) {
      page.pushOperators(...painted(fromBelow(mark, parseColor(mark.colour), layout)))
    }
  }
  page.pushOperators(
    pdf.setLineCap(pdf.LineCapStyle.Round),
    pdf.setLineJoin(pdf.LineJoinStyle.Round),
    ...paintedOf(strokes, layout, asSeen(strokes, options)).flatMap(painted),
  )
  document.setTitle(options.title ?? 'Sketch')
  document.setProducer(MARK)
  return document.save({ useObjectStreams: false })
}

/** How a drawing lies on the one page of its PDF, in points (1/72 inch) from the upper left. */
export function pdfLayout(strokes: Strokes, options: SheetOptions): Layout {
  const { size, page = size ? undefined : USUAL } = options
  const layout = layoutOf(strokes, { ...options, page })
  const points = lengthIn('pt', unitOf(layout, size))
  return scaled(layout, points)
}

/** How many points a unit of the file is. Without it readers know pages of up to 200 inches only. */
function userUnit({ width, height }: Layout): number {
  return Math.max(1, Math.ceil(Math.max(width, height) / LONGEST))
}

function scaled({ width, height, scale, x, y }: Layout, by: number): Layout {
  return { width: width * by, height: height * by, scale: scale * by, x: x * by, y: y * by }
}

/** Something painted, from the lower left of the page, where a PDF begins to count. */
interface Painted {
  paths: readonly (readonly number[])[]
  width?: number
  dash?: number[]
  color: Rgba
}

/** What is painted of all strokes, one after another. */
function paintedOf(strokes: Strokes, layout: Layout, options: LookOptions): Painted[] {
  return paintedMarks(strokes, layout, options).flatMap((marks, i) =>
    marks.map((mark) => fromBelow(mark, colorOf(strokes, i), layout)),
  )
}

function fromBelow({ paths, width, dash, opacity }: Mark, color: Rgba, { height }: Layout): Painted {
  const short = (value: number): number => Number(decimal(value))
  const [red, green, blue, alpha] = color
  return {
    paths: paths.map((path) => path.map((value, k) => short(k % 2 ? height - value : value))),
    ...(width !== undefined && { width: short(width) }),
    ...(dash && { dash: dash.map(short) }),
    color: [red, green, blue, short(alpha * opacity)],
  }
}

type Six = [number, number, number, number, number, number]

function cubicsOf(numbers: readonly number[]): Six[] {
  return Array.from({ length: (numbers.length - 2) / 6 }, (_, s) => numbers.slice(2 + 6 * s, 8 + 6 * s) as Six)
}
