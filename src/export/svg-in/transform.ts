import { lengthOf, numberOf } from './numbers.ts'
import { quoted, unreadable } from './refusal.ts'

/** a b c d e f: x' = a·x + c·y + e, y' = b·x + d·y + f. */
export type Matrix = readonly [number, number, number, number, number, number]

export const IDENTITY: Matrix = [1, 0, 0, 1, 0, 0]

export interface Size {
  width: number
  height: number
}

/** What is done first stands last: `times(outer, inner)`. */
export function times([a, b, c, d, e, f]: Matrix, [g, h, i, j, k, l]: Matrix): Matrix {
  return [a * g + c * h, b * g + d * h, a * i + c * j, b * i + d * j, a * k + c * l + e, b * k + d * l + f]
}

export const translation = (x: number, y: number): Matrix => [1, 0, 0, 1, x, y]
export const scaling = (x: number, y = x): Matrix => [x, 0, 0, y, 0, 0]

function rotation(radians: number): Matrix {
  const [cos, sin] = [Math.cos(radians), Math.sin(radians)]
  return [cos, sin, -sin, cos, 0, 0]
}

/** The functions of SVG and of CSS that stay in the plane. Percentages are of `box`. */
const FUNCTIONS: Readonly<Record<string, (values: readonly string[], box: Size) => Matrix>> = {
  matrix: (values) => Array.from({ length: 6 }, (_, i) => numberOf(values[i] ?? '')) as unknown as Matrix,
  translate: ([x = '0', y = '0'], { width, height }) => translation(lengthOf(x, width), lengthOf(y, height)),
  translatex: ([x = '0'], { width }) => translation(lengthOf(x, width), 0),
  translatey: ([y = '0'], { height }) => translation(0, lengthOf(y, height)),
  translate3d: ([x = '0', y = '0'], { width, height }) => translation(lengthOf(x, width), lengthOf(y, height)),
  scale: ([x = '1', y = x]) => scaling(numberOf(x), numberOf(y)),
  scalex: ([x = '1']) => scaling(numberOf(x), 1),
  scaley: ([y = '1']) => scaling(1, numberOf(y)),
  rotate: ([angle = '0', x = '0', y = '0'], { width, height }) =>
    about(rotation(radiansOf(angle)), lengthOf(x, width), lengthOf(y, height)),
  rotatez: ([angle = '0']) => rotation(radiansOf(angle)),
  skew: ([x = '0', y = '0']) => [1, Math.tan(radiansOf(y)), Math.tan(radiansOf(x)), 1, 0, 0],
  skewx: ([x = '0']) => [1, 0, Math.tan(radiansOf(x)), 1, 0, 0],
  skewy: ([y = '0']) => [1, Math.tan(radiansOf(y)), 0, 1, 0, 0],
}

/** Degrees where there is no unit. */
const ANGLES: Readonly<Record<string, number>> = {
  ...{ '': Math.PI / 180, deg: Math.PI / 180 },
  ...{ grad: Math.PI / 200, rad: 1, turn: 2 * Math.PI },
}

function radiansOf(text: string): number {
  const [, number = '', unit = ''] = /^(.*?)([a-z]*)$/is.exec(text) ?? []
  return numberOf(number) * (ANGLES[unit.toLowerCase()] ?? NaN)
}

/** A list of functions as `transform` holds it. Throws a FewlineError of kind `call` when there is another one in it. */
export function transformOf(text: string, box: Size): Matrix {
  let matrix = IDENTITY
  if (text.trim() === 'none') return matrix
  const rest = text.replaceAll(/([a-z\d]+)\s*\(([^()]*)\)\s*,?/gi, (written, name: string, values: string) => {
    const make = FUNCTIONS[name.toLowerCase()]
    if (!make) throw unreadable(`${quoted(written)} in it is no transform in the plane`)
    matrix = times(matrix, make(values.split(/[\s,]+/).filter(Boolean), box))
    return ''
  })
  if (rest.trim() !== '') throw unreadable(`${quoted(text)} in it is no transform`)
  return matrix
}

/** A transform about another origin. */
export function about(matrix: Matrix, x: number, y: number): Matrix {
  return times(times(translation(x, y), matrix), translation(-x, -y))
}

/** How a box of one size is shown in another: `preserveAspectRatio`. */
export function fitted(from: Size & { x: number; y: number }, into: Size, ratio = 'xMidYMid meet'): Matrix {
  const [alignment = '', way] = ratio.trim().split(/\s+/)
  let [x, y] = [into.width / from.width, into.height / from.height]
  if (alignment !== 'none') x = y = way === 'slice' ? Math.max(x, y) : Math.min(x, y)
  const place = (end: string | undefined): number => (end === 'Min' ? 0 : end === 'Max' ? 1 : 0.5)
  const [, horizontal, vertical] = /^x(Min|Mid|Max)Y(Min|Mid|Max)$/.exec(alignment) ?? []
  const left = alignment === 'none' ? 0 : place(horizontal) * (into.width - x * from.width)
  const top = alignment === 'none' ? 0 : place(vertical) * (into.height - y * from.height)
  return times(times(translation(left, top), scaling(x, y)), translation(-from.x, -from.y))
}
