import { DOMParser, type Document, type Element } from '@xmldom/xmldom'
import svgpath from 'svgpath'
import { FewlineError } from '../errors.ts'
import type { Strokes } from '../strokes/strokes.ts'
import { CANVAS, STROKE_WIDTH } from '../units.ts'
import { rgbFromHex, type Rgba } from './color.ts'
import type { Rectangle } from './page.ts'

/** One line without a break: x y of its 3·s + 1 control points, in the units of the file and then of the canvas. */
interface Line {
  points: number[]
  width: number
  color: Rgba
}

type Path = ReturnType<typeof svgpath>

/** What the drawing programs call the parts of a file that are not drawn where they stand. */
const UNDRAWN = new Set(['defs', 'symbol', 'clipPath', 'mask', 'marker', 'pattern'])

/**
 * Reads the strokes of an SVG that Fewline wrote, also after a drawing program has saved it again (relative and short
 * path commands, `style`, transforms). The sketch fills the canvas and is centred on it, as a photo is: the page, or what
 * lies within its margins.
 * Filled shapes without a line, text and pictures are passed over. Throws a FewlineError of kind `call`.
 */
export function fromSvg(text: string): Strokes {
  const root = parse(text).documentElement
  if (root?.localName !== 'svg') throw unreadable('it holds no <svg>')
  const { x, y, width, height } = sketchOf(root, pageOf(root))
  const scale = CANVAS / Math.max(width, height)
  const place = [
    scale,
    0,
    0,
    scale,
    (CANVAS - width * scale) / 2 - x * scale,
    (CANVAS - height * scale) / 2 - y * scale,
  ]
  const lines = Array.from(root.getElementsByTagNameNS('*', 'path')).flatMap((path) => linesOf(path, place))
  if (lines.length === 0) throw unreadable('no line is drawn in it')
  return gather(lines)
}

function parse(text: string): Document {
  const stop = (level: string, message: string): void => {
    if (level !== 'warning') throw unreadable(`it is no XML (${message.split('\n')[0]!})`)
  }
  try {
    return new DOMParser({ onError: stop }).parseFromString(text.replace(/^\uFEFF/, ''), 'image/svg+xml')
  } catch (cause) {
    if (cause instanceof FewlineError) throw cause
    const reason = cause instanceof Error && cause.cause instanceof FewlineError ? cause.cause : undefined
    throw reason ?? unreadable('it is no XML', cause)
  }
}

/** x y width height of the page: the viewBox, or else the size. */
function pageOf(root: Element): Rectangle {
  const view = root.getAttribute('viewBox')
  const page = view
    ? view
        .trim()
        .split(/[\s,]+/)
        .map(Number)
    : [0, 0, parseFloat(root.getAttribute('width') ?? ''), parseFloat(root.getAttribute('height') ?? '')]
  const [x = NaN, y = NaN, width = NaN, height = NaN] = page
  if (![x, y, width, height].every(Number.isFinite) || width <= 0 || height <= 0) {
    throw unreadable('it does not say how large its page is')
  }
  return { x, y, width, height }
}

/** Where on its page the sketch lies: as we wrote it down, unless the page was changed since, or else all over it. */
function sketchOf(root: Element, page: Rectangle): Rectangle {
  const numbers = (root.getAttribute('data-frame') ?? '').split(' ').map(Number)
  const [x = NaN, y = NaN, width = NaN, height = NaN, ...whole] = numbers
  const told = numbers.every(Number.isFinite) && width > 0 && height > 0
  const unchanged = page.x === 0 && page.y === 0 && page.width === whole[0] && page.height === whole[1]
  return told && unchanged ? { x, y, width, height } : page
}

/** The lines of a path on the canvas; `place` takes the page to the canvas. */
function linesOf(path: Element, place: number[]): Line[] {
  if (ancestors(path).some(({ localName }) => UNDRAWN.has(localName ?? ''))) return []
  const paint = inherited(path, 'stroke') ?? 'none'
  if (paint === 'none') return []
  const transforms = ancestors(path).map((element) => element.getAttribute('transform') ?? '')
  const onCanvas = (data: string) =>
    transforms.reduce((shape, transform) => shape.transform(transform), svgpath(data)).matrix(place)

  const shape = onCanvas(path.getAttribute('d') ?? '')
  if ('err' in shape && shape.err) throw unreadable('a path in it is cut short or damaged')
  const width = parseFloat(inherited(path, 'stroke-width') ?? '1') * scaleOf(onCanvas)
  const color = paintOf(paint, inherited(path, 'stroke-opacity') ?? '1')
  return cubics(shape).map((points) => ({ points, width: width > 0 ? width : STROKE_WIDTH, color }))
}

/** How much longer lines become on the canvas, on average over directions. */
function scaleOf(onCanvas: (data: string) => Path): number {
  const [[x0, y0, , , , , x1, y1, , , , , x2, y2]] = cubics(onCanvas('M0 0L1 0L0 1')) as [number[]]
  return Math.sqrt(Math.abs((x1! - x0!) * (y2! - y0!) - (x2! - x0!) * (y1! - y0!)))
}

/** The control points of each part of a path that hangs together, whatever commands it is written in. */
function cubics(path: Path): number[][] {
  const parts: number[][] = []
  let part: number[] = []
  const cubicTo = (...numbers: number[]): void => void part.push(...numbers)
  const lineTo = (x0: number, y0: number, x: number, y: number): void => {
    cubicTo(x0 + (x - x0) / 3, y0 + (y - y0) / 3, x0 + (2 * (x - x0)) / 3, y0 + (2 * (y - y0)) / 3, x, y)
  }
  path.abs().unarc().unshort()
  path.iterate((segment, _index, x0, y0) => {
    const [command, ...numbers] = segment
    const [a = 0, b = 0, c = 0, d = 0] = numbers
    if (command === 'M') parts.push((part = [a, b]))
    else if (command === 'C') cubicTo(...numbers)
    else if (command === 'L') lineTo(x0, y0, a, b)
    else if (command === 'H') lineTo(x0, y0, a, y0)
    else if (command === 'V') lineTo(x0, y0, x0, a)
    else if (command === 'Q')
      cubicTo(x0 + (2 * (a - x0)) / 3, y0 + (2 * (b - y0)) / 3, c + (2 * (a - c)) / 3, d + (2 * (b - d)) / 3, c, d)
    else if (x0 !== part[0] || y0 !== part[1]) lineTo(x0, y0, part[0]!, part[1]!)
  })
  return parts.filter((points) => points.length > 2)
}

function paintOf(paint: string, opacity: string): Rgba {
  const rgb = paint === 'black' ? [0, 0, 0] : (rgbFromHex(paint) ?? rgbFromBytes(paint))
  if (!rgb) throw unreadable(`a line in it has the colour "${paint}", not one like #1a2b3c`)
  const [red = 0, green = 0, blue = 0] = rgb
  return [red, green, blue, Math.min(1, Math.max(0, parseFloat(opacity)))]
}

/** Of `rgb(26, 43, 60)`. */
function rgbFromBytes(paint: string): number[] | undefined {
  return /^rgb\((\d+)[\s,]+(\d+)[\s,]+(\d+)\)$/
    .exec(paint)
    ?.slice(1)
    .map((byte) => Number(byte) / 255)
}

/** An attribute as it holds for an element: its own, in `style` or by itself, or that of the nearest group around it. */
function inherited(element: Element, attribute: string): string | undefined {
  for (const holder of ancestors(element)) {
    const declarations = (holder.getAttribute('style') ?? '').split(';').map((part) => part.split(':'))
    const styled = declarations.find(([name]) => name?.trim() === attribute)?.[1]
    const value = styled ?? holder.getAttribute(attribute)
    if (value && value.trim() !== 'inherit') return value.trim()
  }
  return undefined
}

/** The element itself, then what it lies in, up to the root. */
function ancestors(element: Element): Element[] {
  const chain: Element[] = []
  for (let node: Element | null = element; node; node = node.parentElement) chain.push(node)
  return chain
}

function gather(lines: readonly Line[]): Strokes {
  const segments = Uint8Array.from(lines, ({ points }) => (points.length - 2) / 6)
  const colored = lines.some(({ color }) => color.join() !== '0,0,0,1')
  if (lines.some(({ points }) => (points.length - 2) / 6 > 255))
    throw unreadable('a line in it has more than 255 curves')
  return {
    points: Float32Array.from(lines.flatMap(({ points }) => points)),
    widths: Float32Array.from(lines, ({ width }) => width),
    ...(segments.some((count) => count > 1) ? { segments } : {}),
    ...(colored ? { colors: Float32Array.from(lines.flatMap(({ color }) => color)) } : {}),
    width: CANVAS,
    height: CANVAS,
  }
}

function unreadable(came: string, cause?: unknown): FewlineError {
  const problem = {
    kind: 'call',
    expected: 'an SVG of lines, as Fewline writes it',
    came,
    todo: 'choose such a file',
  } as const
  return new FewlineError(problem, { cause })
}
