import type { Strokes } from '../strokes/strokes.ts'
import { CANVAS } from '../units.ts'
import type { Rectangle } from './page.ts'
import { lengthOf } from './svg-in/numbers.ts'
import { unreadable } from './svg-in/refusal.ts'
import { textOf } from './svg-in/text.ts'
import { scaling, times, translation } from './svg-in/transform.ts'
import { parseSvg, type SvgElement } from './svg-in/tree.ts'
import { linesOf, viewBoxOf, type Line } from './svg-in/walk.ts'

export { MOST_SVG_BYTES } from './svg-in/text.ts'

/** The most curves that a stroke can have. */
const MOST_SEGMENTS = 255
/** A page with a shorter side is none that anything could be drawn on. */
const LEAST_PAGE = 1e-6

/**
 * Reads the strokes of an SVG, as text or as the bytes of a file (also `.svgz`, UTF-16): our own, also after a drawing
 * program has saved it again, or any other drawing of lines. The sketch fills the canvas and is centred on it, as a photo
 * is: the page, or what lies within its margins. Longer lines than a stroke can be become several.
 * What is hidden, filled shapes without a line, text and pictures are passed over. Throws a FewlineError of kind `call`
 * when no line can be read, when a number in it is none or beyond ±1e6, and when it is larger than any drawing.
 */
export function fromSvg(file: string | Uint8Array): Strokes {
  const root = parseSvg(typeof file === 'string' ? file : textOf(file))
  const page = pageOf(root)
  const { x, y, width, height } = sketchOf(root, page)
  const scale = CANVAS / Math.max(width, height)
  const centred = translation((CANVAS - width * scale) / 2, (CANVAS - height * scale) / 2)
  const place = times(times(centred, scaling(scale)), translation(-x, -y))
  const lines = linesOf(root, page, place).flatMap(inPieces)
  if (lines.length === 0) throw unreadable('no line is drawn in it')
  return gather(lines)
}

/** x y width height of the page: the viewBox, or else the size. */
function pageOf(root: SvgElement): Rectangle {
  const { width = '', height = '' } = root.attributes
  const page = viewBoxOf(root) ?? { x: 0, y: 0, width: sideOf(width), height: sideOf(height) }
  if (page.width >= LEAST_PAGE && page.height >= LEAST_PAGE) return page
  const told = page.width > 0 && page.height > 0
  throw unreadable(told ? 'its page is too small to draw on' : 'it does not say how large its page is')
}

/** In pixels; a share of a window that there is not is 0. */
function sideOf(written: string): number {
  return written.trim() === '' || written.trim() === 'auto' ? 0 : lengthOf(written, 0)
}

/** Where on its page the sketch lies: as we wrote it down, unless the page was changed since, or else all over it. */
function sketchOf(root: SvgElement, page: Rectangle): Rectangle {
  const numbers = (root.attributes['data-frame'] ?? '').split(' ').map(Number)
  const [x = NaN, y = NaN, width = NaN, height = NaN, ...whole] = numbers
  const told = numbers.every(Number.isFinite) && width >= LEAST_PAGE && height >= LEAST_PAGE
  const unchanged = page.x === 0 && page.y === 0 && page.width === whole[0] && page.height === whole[1]
  return told && unchanged ? { x, y, width, height } : page
}

/** A line as lines that are no longer than a stroke can be, each about as long as the others. */
function inPieces(line: Line): Line[] {
  const segments = (line.points.length - 2) / 6
  const pieces = Math.ceil(segments / MOST_SEGMENTS)
  const cuts = Array.from({ length: pieces + 1 }, (_, i) => 6 * Math.round((segments * i) / pieces))
  return cuts.slice(1).map((end, i) => ({
    ...line,
    points: line.points.slice(cuts[i], end + 2),
    ...(line.pressure && { pressure: line.pressure.slice(cuts[i]! / 2, end / 2 + 1) }),
  }))
}

function gather(lines: readonly Line[]): Strokes {
  const segments = Uint8Array.from(lines, ({ points }) => (points.length - 2) / 6)
  const pressed = lines.some(({ pressure }) => pressure)
  const colored = lines.some(({ color }) => color.join() !== '0,0,0,1')
  return {
    points: Float32Array.from(lines.flatMap(({ points }) => points)),
    widths: Float32Array.from(lines, ({ width }) => width),
    ...(segments.some((count) => count > 1) ? { segments } : {}),
    ...(pressed ? { pressures: Float32Array.from(lines.flatMap(pressureOf)) } : {}),
    ...(colored ? { colors: Float32Array.from(lines.flatMap(({ color }) => color)) } : {}),
    width: CANVAS,
    height: CANVAS,
  }
}

/** 1 everywhere on a line of one width. */
function pressureOf({ points, pressure }: Line): number[] {
  return pressure ?? new Array<number>(points.length / 2).fill(1)
}
