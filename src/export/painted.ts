import { type Line, type Mark } from '../looks/mark.ts'
import { type LookName, marksOf } from '../looks/looks.ts'
import { type Grain, type Stock, stockOf } from '../looks/stocks.ts'
import { FewlineError } from '../errors.ts'
import { pointOffsets } from '../strokes/bezier.ts'
import type { Strokes } from '../strokes/strokes.ts'
import { rgbFromHex } from './color.ts'
import type { Layout } from './page.ts'

/** How strokes look where they are more than their own line. */
export interface LookOptions {
  /** What they are drawn with; the line as it is when absent. */
  look?: LookName
  /** Strokes as the areas that they cover, where their look has one. */
  outline?: boolean
}

/** Whether strokes are more than plain lines of one width, so that marks have to be painted for them. */
export function isPainted({ look = 'fineliner', outline = false }: LookOptions): boolean {
  return look !== 'fineliner' || outline
}

/** The same options for what is looked at instead of edited: what the pen's pressure does is seen there. */
export function asSeen<Options extends LookOptions>(strokes: Strokes, options: Options): Options {
  return strokes.pressures && !isPainted(options) ? { ...options, outline: true } : options
}

/** Stroke `index`, where a layout puts it, as a look sees it on the canvas. */
export function lineOf({ points, widths, pressures, ...strokes }: Strokes, index: number): Line {
  const offsets = pointOffsets({ points, widths, ...strokes })
  const [from, to] = [offsets[index]!, offsets[index + 1]!]
  return {
    points: points.subarray(2 * from, 2 * to),
    width: widths[index]!,
    ...(pressures && { pressure: pressures.subarray(from, to) }),
  }
}

/** What is painted of each stroke, in the units of the page. */
export function paintedMarks(strokes: Strokes, layout: Layout, { look = 'fineliner', outline }: LookOptions): Mark[][] {
  return Array.from(strokes.widths, (_, i) =>
    marksOf(look, lineOf(strokes, i), i, outline).map((mark) => placed(mark, layout)),
  )
}

/** A mark where a layout puts it. */
function placed<Some extends Mark>(mark: Some, { scale, x, y }: Layout): Some {
  return {
    ...mark,
    paths: mark.paths.map((path) => path.map((value, i) => scale * value + (i % 2 ? y : x))),
    ...(mark.width !== undefined && { width: scale * mark.width }),
    ...(mark.dash && { dash: mark.dash.map((length) => scale * length) }),
  }
}

/** What is seen in the paper of a page, in its units. */
export function grainOf(stock: Stock, layout: Layout): Grain[] {
  const { width, height, scale, x, y } = layout
  const page = { x: -x / scale, y: -y / scale, width: width / scale, height: height / scale }
  return stock.grain(page).map((mark) => placed(mark, layout))
}

/** A paper by its name, or by its colour. Throws a FewlineError of kind `call` when it is neither. */
export function paperNamed(text: string): Stock {
  const stock = stockOf(text.trim())
  if (rgbFromHex(stock.colour)) return stock
  throw new FewlineError({
    kind: 'call',
    expected: 'white, cream, kraft or a colour as the paper',
    came: `"${text}" came`,
    todo: 'write a colour like #f7f3e8',
  })
}
