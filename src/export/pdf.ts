import type { PDFOperator } from '@cantoo/pdf-lib'
import { pointOffsets } from '../strokes/bezier.ts'
import type { Strokes } from '../strokes/strokes.ts'
import { colorOf, parseColor } from './color.ts'
import { lengthIn } from './length.ts'
import { unitOf, type Layout } from './page.ts'
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
  if (options.paper !== undefined) {
    const [red, green, blue] = parseColor(options.paper)
    page.drawRectangle({ x: 0, y: 0, width: layout.width, height: layout.height, color: pdf.rgb(red, green, blue) })
  }
  const opacity = (alpha: number): PDFOperator =>
    pdf.setGraphicsState(page.node.newExtGState('Opacity', document.context.obj({ CA: alpha })))
  page.pushOperators(
    pdf.setLineCap(pdf.LineCapStyle.Round),
    pdf.setLineJoin(pdf.LineJoinStyle.Round),
    ...linesOf(strokes, layout).flatMap(({ numbers, width, color: [red, green, blue, alpha] }) => [
      pdf.pushGraphicsState(),
      ...(alpha < 1 ? [opacity(alpha)] : []),
      pdf.setStrokingRgbColor(red, green, blue),
      pdf.setLineWidth(width),
      pdf.moveTo(...(numbers.slice(0, 2) as [number, number])),
      ...cubicsOf(numbers).map((cubic) => pdf.appendBezierCurve(...cubic)),
      pdf.stroke(),
      pdf.popGraphicsState(),
    ]),
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

/** The control points of each stroke from the lower left of the page, where a PDF begins to count, and its look. */
function linesOf(strokes: Strokes, { height, scale, x, y }: Layout) {
  const offsets = pointOffsets(strokes)
  const short = (value: number): number => Number(decimal(value))
  return Array.from(strokes.widths, (width, i) => ({
    numbers: Array.from(strokes.points.subarray(2 * offsets[i]!, 2 * offsets[i + 1]!), (v, k) =>
      short(k % 2 ? height - (scale * v + y) : scale * v + x),
    ),
    width: short(width * scale),
    color: colorOf(strokes, i),
  }))
}

type Six = [number, number, number, number, number, number]

function cubicsOf(numbers: readonly number[]): Six[] {
  return Array.from({ length: (numbers.length - 2) / 6 }, (_, s) => numbers.slice(2 + 6 * s, 8 + 6 * s) as Six)
}
