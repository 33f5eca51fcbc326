import svgpath from 'svgpath'
import { drawable, lengthOf, numbersOf } from './numbers.ts'
import { unreadable } from './refusal.ts'
import type { Size } from './transform.ts'

/** The longest `d` that is read: hundreds of strokes as one path have a tenth. */
const MOST_DATA = 1_000_000

/** What an element says of itself under this name, as an attribute or in CSS. */
export type Property = (name: string) => string | undefined

/** The control points of each part of a shape that hangs together, x y after x y, 3·s + 1 points. */
export type Parts = number[][]

/** Each shape as path data; lengths in percent are of `viewport`. */
const SHAPES: Readonly<Record<string, (property: Property, viewport: Size) => string>> = {
  path: (property) => {
    const data = property('d') ?? ''
    return /^\s*path\(\s*(["'])(.*)\1\s*\)\s*$/s.exec(data)?.[2] ?? (data.trim() === 'none' ? '' : data)
  },
  polyline: (property) => polyline(property),
  polygon: (property) => {
    const data = polyline(property)
    return data && `${data}Z`
  },
  line: (property, { width, height }) => {
    const at = (name: string, whole: number): number => lengthOf(property(name) ?? '0', whole)
    return `M${at('x1', width)} ${at('y1', height)}L${at('x2', width)} ${at('y2', height)}`
  },
  rect,
  circle: (property, viewport) => {
    const radius = lengthOf(property('r') ?? '0', diagonalOf(viewport))
    return ellipse(property, viewport, radius, radius)
  },
  ellipse: (property, viewport) => {
    const { width, height } = viewport
    const [rx, ry] = radii(property('rx'), property('ry'), { width, height })
    return ellipse(property, viewport, rx, ry)
  },
}

export function isShape(name: string): boolean {
  return Object.hasOwn(SHAPES, name)
}

/** Throws a FewlineError of kind `call` when a number or a command in it is none. */
export function partsOf(name: string, property: Property, viewport: Size): Parts {
  return cubics(shortEnough(SHAPES[name]!(property, viewport)))
}

function shortEnough(data: string): string {
  if (data.length > MOST_DATA) throw unreadable(`a path in it has more than ${MOST_DATA} characters`)
  return data
}

/** What percentages are of that belong to no direction. */
export function diagonalOf({ width, height }: Size): number {
  return Math.hypot(width, height) / Math.SQRT2
}

function polyline(property: Property): string {
  const numbers = numbersOf(shortEnough(property('points') ?? ''))
  const pairs = Array.from(
    { length: Math.floor(numbers.length / 2) },
    (_, i) => `${numbers[2 * i]} ${numbers[2 * i + 1]}`,
  )
  return pairs.length > 1 ? `M${pairs.join('L')}` : ''
}

function rect(property: Property, viewport: Size): string {
  const length = (name: string, whole: number): number => lengthOf(autoless(property(name)) ?? '0', whole)
  const [x, y] = [length('x', viewport.width), length('y', viewport.height)]
  const [width, height] = [length('width', viewport.width), length('height', viewport.height)]
  if (width <= 0 || height <= 0) return ''
  const asked = radii(property('rx'), property('ry'), viewport)
  const [rx, ry] = [Math.min(asked[0], width / 2), Math.min(asked[1], height / 2)]
  if (rx <= 0 || ry <= 0) return `M${x} ${y}h${width}v${height}h${-width}Z`
  const corner = (right: number, down: number): string => `a${rx} ${ry} 0 0 1 ${right} ${down}`
  const [wide, high] = [width - 2 * rx, height - 2 * ry]
  return (
    `M${x + rx} ${y}h${wide}${corner(rx, ry)}v${high}${corner(-rx, ry)}` +
    `h${-wide}${corner(-rx, -ry)}v${-high}${corner(rx, -ry)}Z`
  )
}

/** Each radius is the other where it is not given. */
function radii(rx: string | undefined, ry: string | undefined, { width, height }: Size): [number, number] {
  const [x, y] = [autoless(rx), autoless(ry)]
  const across = x === undefined ? undefined : lengthOf(x, width)
  const down = y === undefined ? undefined : lengthOf(y, height)
  return [across ?? down ?? 0, down ?? across ?? 0]
}

function autoless(value: string | undefined): string | undefined {
  return value?.trim() === 'auto' ? undefined : value
}

function ellipse(property: Property, { width, height }: Size, rx: number, ry: number): string {
  if (rx <= 0 || ry <= 0) return ''
  const [x, y] = [lengthOf(property('cx') ?? '0', width), lengthOf(property('cy') ?? '0', height)]
  const half = (right: number): string => `a${rx} ${ry} 0 0 1 ${right} 0`
  return `M${x - rx} ${y}${half(2 * rx)}${half(-2 * rx)}Z`
}

/** As they are written: what becomes of them may be harmless, and they would be nonsense all the same. */
function checkNumbers(path: ReturnType<typeof svgpath>): void {
  path.iterate(([, ...numbers]) => {
    for (const number of numbers) drawable(number, String(number))
  })
}

/** Path data in whatever commands, as cubics. */
function cubics(data: string): Parts {
  const path = svgpath(data)
  if ('err' in path && path.err) throw unreadable('a path in it is cut short or damaged')
  const parts: Parts = []
  let part: number[] = []
  const cubicTo = (...numbers: number[]): void => void part.push(...numbers)
  const lineTo = (x0: number, y0: number, x: number, y: number): void => {
    cubicTo(x0 + (x - x0) / 3, y0 + (y - y0) / 3, x0 + (2 * (x - x0)) / 3, y0 + (2 * (y - y0)) / 3, x, y)
  }
  checkNumbers(path)
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
