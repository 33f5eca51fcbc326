import type { Rgba } from '../color.ts'
import { cascade, type Declared } from './cascade.ts'
import { drawable, lengthOf, numbersOf } from './numbers.ts'
import { hrefOf, opacityOf, paintOf } from './paint.ts'
import { quoted, unreadable } from './refusal.ts'
import { diagonalOf, isShape, partsOf, type Parts } from './shapes.ts'
import { about, fitted, type Matrix, scaling, type Size, times, transformOf, translation } from './transform.ts'
import { DEEPEST, MOST_ELEMENTS, type SvgElement } from './tree.ts'

/** One line without a break: x y of its 3·s + 1 control points, and its width, where `place` puts them. */
export interface Line {
  points: number[]
  width: number
  color: Rgba
  /** At each control point, where the pen's pressure was kept. */
  pressure?: number[]
}

/** What holds for an element and all that lies in it. */
interface Context {
  matrix: Matrix
  /** Inherited properties, and those that the drawing defines itself (`--name`). */
  style: Style
  /** Of the groups around it, all together. */
  opacity: number
  /** What percentages are of. */
  viewport: Size
  /** Elements shown by a `<use>`, within which they are not shown again. */
  used: readonly SvgElement[]
  depth: number
}

const INHERITED = ['stroke', 'stroke-width', 'stroke-opacity', 'color', 'visibility'] as const
const MOST_CURVES = 100_000
/** Characters of path data, of all lines together. */
const MOST_DATA = 4_000_000

/**
 * The lines of a drawing in the order in which they are drawn, as a browser would show them: style sheets, transforms and
 * references resolved, shapes as cubics, and nothing that is hidden. `place` takes the root's coordinates to where they are
 * wanted. Throws a FewlineError of kind `call`.
 */
export function linesOf(root: SvgElement, page: Size, place: Matrix): Line[] {
  return new Walk(root, page, place).lines
}

class Walk {
  readonly lines: Line[] = []
  readonly #place: Matrix
  readonly #declared: (element: SvgElement) => Declared
  readonly #ids = new Map<string, SvgElement>()
  #visited = 0
  #curves = 0
  #written = 0

  constructor(root: SvgElement, page: Size, place: Matrix) {
    this.#place = place
    this.#declared = cascade(root)
    this.#note(root)
    const context = { matrix: place, style: new Style(new Map()), opacity: 1, viewport: page, used: [], depth: 0 }
    const inner = this.#enter(root, context)
    if (inner) this.#children(root, inner)
  }

  #note(element: SvgElement): void {
    const { id } = element.attributes
    if (id !== undefined && !this.#ids.has(id)) this.#ids.set(id, element)
    for (const child of element.children) this.#note(child)
  }

  #children({ children }: SvgElement, context: Context): void {
    for (const child of children) this.#visit(child, context)
  }

  #visit(element: SvgElement, context: Context): void {
    if (!isDrawn(element)) return
    if (++this.#visited > MOST_ELEMENTS) throw unreadable(`it draws more than ${MOST_ELEMENTS} elements`)
    if (context.depth > DEEPEST) throw unreadable(`its groups lie more than ${DEEPEST} deep in each other`)
    const inner = this.#enter(element, context)
    if (!inner) return
    const line = element.attributes['data-line']
    if (line !== undefined) this.#shape(keptLine(element, line), inner)
    else if (isShape(element.name)) this.#shape(element, inner)
    else if (element.name === 'use') this.#use(element, inner)
    else if (element.name === 'svg') this.#viewport(element, element, inner)
    else if (element.name === 'switch') {
      const shown = element.children.find(isDrawn)
      if (shown) this.#visit(shown, inner)
    } else this.#children(element, inner)
  }

  /** What holds within an element; undefined if nothing of it is seen. */
  #enter(element: SvgElement, context: Context): Context | undefined {
    const declared = this.#declared(element)
    const style = inherit(declared, context.style)
    const property = (name: string): string | undefined => resolved(declared.get(name), style)
    if (property('display')?.trim() === 'none') return undefined
    const opacity = context.opacity * opacityOf(property('opacity'))
    if (opacity === 0) return undefined
    const { viewport, used, depth } = context
    const matrix = times(context.matrix, this.#transform(element, property, viewport))
    return { matrix, style, opacity, viewport, used, depth: depth + 1 }
  }

  /** `translate`, `rotate` and `scale`, then `transform`, about the origin that the element names. */
  #transform(element: SvgElement, property: (name: string) => string | undefined, viewport: Size): Matrix {
    const alone = ['translate', 'rotate', 'scale'].map((name) => {
      const value = property(name)?.trim()
      return value === undefined || value === 'none' ? '' : `${name}(${value})`
    })
    const text = [...alone, property('transform') ?? ''].join(' ').trim()
    if (text === '') return IDENTITY
    const matrix = transformOf(text.replace(/\bnone\b/g, ''), viewport)
    const origin = property('transform-origin')
    const fillBox = /^(fill|content)-box$/.test(property('transform-box')?.trim() ?? '')
    if (origin === undefined && !fillBox) return matrix
    const box =
      fillBox && isShape(element.name) ? boxOf(partsOf(element.name, property, viewport)) : { x: 0, y: 0, ...viewport }
    const [x, y] = originOf(origin ?? '50% 50%', box)
    return about(matrix, box.x + x, box.y + y)
  }

  #shape(element: SvgElement, { matrix, style, opacity, viewport }: Context): void {
    if (/^(hidden|collapse)$/.test(style.get('visibility')?.trim() ?? '')) return
    const declared = this.#declared(element)
    const property = (name: string): string | undefined => resolved(declared.get(name), style)
    const palette = {
      color: style.get('color') ?? 'black',
      byId: (id: string) => this.#ids.get(id),
      declared: this.#declared,
    }
    const paint = paintOf(style.get('stroke') ?? 'none', palette)
    const strokeOpacity = opacityOf(style.get('stroke-opacity'))
    const width = this.#width(property, style, matrix, viewport)
    if (!paint) return
    this.#written += (property('d') ?? '').length
    if (this.#written > MOST_DATA) throw unreadable(`its paths have more than ${MOST_DATA} characters`)
    const [red, green, blue, alpha] = paint
    const color: Rgba = [red, green, blue, alpha * strokeOpacity * opacity]
    if (width === 0) return
    for (const part of partsOf(element.name, property, viewport)) {
      if ((this.#curves += (part.length - 2) / 6) > MOST_CURVES)
        throw unreadable(`it has more than ${MOST_CURVES} curves`)
      const pressure = pressureOf(element, part.length / 2)
      this.lines.push({ points: moved(part, matrix), width, color, ...(pressure && { pressure }) })
    }
  }

  #width(property: (name: string) => string | undefined, style: Style, matrix: Matrix, viewport: Size): number {
    const width = lengthOf(style.get('stroke-width') ?? '1', diagonalOf(viewport))
    if (width < 0) throw unreadable('a line in it is thinner than nothing')
    const fixed = property('vector-effect')?.trim() === 'non-scaling-stroke'
    // So that it is still there when it is kept in single precision.
    return Math.fround(drawable(width * stretchOf(fixed ? this.#place : matrix), `stroke-width ${width}`))
  }

  #use(element: SvgElement, context: Context): void {
    const target = this.#ids.get(hrefOf(element) ?? '')
    if (!target || context.used.includes(target) || isAncestor(target, element)) return
    const declared = this.#declared(element)
    const { width, height } = context.viewport
    const x = lengthOf(resolved(declared.get('x'), context.style) ?? '0', width)
    const y = lengthOf(resolved(declared.get('y'), context.style) ?? '0', height)
    const matrix = times(context.matrix, translation(x, y))
    const inner = { ...context, matrix, used: [...context.used, target] }
    if (target.name === 'symbol' || target.name === 'svg') {
      const entered = this.#enter(target, inner)
      if (entered) this.#viewport(target, element, entered)
    } else this.#visit(target, inner)
  }

  /** A part of the page with coordinates of its own; `sized` is what says how large it is. */
  #viewport(element: SvgElement, sized: SvgElement, context: Context): void {
    const declared = this.#declared(element)
    const length = (from: Declared, name: string): string | undefined => {
      const value = resolved(from.get(name), context.style)?.trim()
      return value === 'auto' ? undefined : value
    }
    const outer = context.viewport
    const side = (name: 'width' | 'height'): number =>
      lengthOf((length(this.#declared(sized), name) ?? length(declared, name)) || '100%', outer[name])
    const viewport = { width: side('width'), height: side('height') }
    if (viewport.width <= 0 || viewport.height <= 0) return
    // A symbol lies where it is used, which has been said already.
    const here = element === sized || element.name === 'svg'
    const x = here ? lengthOf(length(declared, 'x') ?? '0', outer.width) : 0
    const y = here ? lengthOf(length(declared, 'y') ?? '0', outer.height) : 0
    const matrix = times(context.matrix, translation(x, y))
    const view = viewBoxOf(element)
    const inner = view
      ? { matrix: times(matrix, fitted(view, viewport, element.attributes.preserveAspectRatio)), viewport: view }
      : { matrix, viewport }
    this.#children(element, { ...context, ...inner })
  }
}

const IDENTITY: Matrix = scaling(1)

/** What is drawn where it stands, or holds what is. Other elements, like those that define something, are not. */
const CONTAINERS = new Set(['svg', 'g', 'a', 'switch', 'use'])

function isDrawn({ name, attributes }: SvgElement): boolean {
  // What is seen in our paper is no drawing.
  if (attributes['data-paper'] !== undefined) return false
  // What only one program understands, the others pass over.
  return (CONTAINERS.has(name) || isShape(name)) && !attributes.requiredExtensions?.trim()
}

/** The line that a group of ours is painted of. */
function keptLine(parent: SvgElement, d: string): SvgElement {
  const { 'data-pressure': pressure = '' } = parent.attributes
  return { name: 'path', attributes: { d, 'data-pressure': pressure }, parent, children: [], text: '' }
}

/** What a path of ours says of the pen's pressure; nothing when it has another number of points by now. */
function pressureOf({ attributes }: SvgElement, points: number): number[] | undefined {
  const shares = (attributes['data-pressure'] ?? '').split(' ').map(Number)
  const isSound = shares.length === points && shares.every((share) => share >= 0 && share <= 1)
  return isSound ? shares : undefined
}

function isAncestor(element: SvgElement, of: SvgElement): boolean {
  for (let node: SvgElement | undefined = of; node; node = node.parent) if (node === element) return true
  return false
}

/** x y width height that an element's inner coordinates reach over; undefined where it has none of its own. */
export function viewBoxOf({ attributes }: SvgElement): (Size & { x: number; y: number }) | undefined {
  const written = attributes.viewBox
  if (written === undefined || written.trim() === '') return undefined
  const [x, y, width, height, ...more] = numbersOf(written)
  if (height === undefined || more.length > 0) throw unreadable(`its viewBox is ${quoted(written)}`)
  return { x: x!, y: y!, width: width!, height }
}

/** Inherited properties: those that an element declares itself, before those around it. */
class Style {
  readonly #own: Declared
  readonly #around?: Style

  constructor(own: Declared, around?: Style) {
    this.#own = own
    this.#around = around
  }

  get(name: string): string | undefined {
    const value = this.#own.get(name)
    if (value === undefined) return this.#around?.get(name)
    return value === INITIAL ? undefined : value
  }
}

const INITIAL = 'initial'

function inherit(declared: Declared, around: Style): Style {
  const own = new Map([...declared].filter(([name]) => name.startsWith('--')))
  const variables = new Style(own, around)
  for (const name of INHERITED) {
    const value = resolved(declared.get(name), variables)?.trim()
    if (value === undefined || value === '' || /^(inherit|unset|revert|revert-layer)$/i.test(value)) continue
    // The colour that is current here, and not where it will be asked for.
    if (name === 'color' && /^currentcolor$/i.test(value)) continue
    own.set(name, value.toLowerCase() === INITIAL ? INITIAL : value)
  }
  return own.size === 0 ? around : variables
}

/** A value in which `var(--name, otherwise)` stands for another. */
function resolved(value: string | undefined, style: Style): string | undefined {
  for (let links = 0; value !== undefined && links < 16; links++) {
    const [, name, otherwise] = /^\s*var\(\s*(--[^\s,)]+)\s*(?:,(.*))?\)\s*$/s.exec(value) ?? []
    if (name === undefined) return value
    value = style.get(name) ?? otherwise?.trim()
  }
  return undefined
}

function originOf(written: string, box: Size): [number, number] {
  const words: Readonly<Record<string, string>> = {
    left: '0%',
    top: '0%',
    center: '50%',
    right: '100%',
    bottom: '100%',
  }
  let parts = written.trim().toLowerCase().split(/\s+/)
  if (/^(top|bottom)$/.test(parts[0]!) || /^(left|right)$/.test(parts[1] ?? ''))
    parts = [parts[1] ?? 'center', parts[0]!]
  const [x = '50%', y = '50%'] = parts.map((part) => words[part] ?? part)
  return [lengthOf(x, box.width), lengthOf(y, box.height)]
}

/** Around all control points. */
function boxOf(parts: Parts): Size & { x: number; y: number } {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const points of parts) {
    points.forEach((value, i) => {
      if (i % 2 === 0) [left, right] = [Math.min(left, value), Math.max(right, value)]
      else [top, bottom] = [Math.min(top, value), Math.max(bottom, value)]
    })
  }
  return parts.length === 0
    ? { x: 0, y: 0, width: 0, height: 0 }
    : { x: left, y: top, width: right - left, height: bottom - top }
}

/** How much longer lines become, on average over directions. */
function stretchOf([a, b, c, d]: Matrix): number {
  return Math.sqrt(Math.abs(a * d - b * c))
}

function moved(points: readonly number[], [a, b, c, d, e, f]: Matrix): number[] {
  const output = new Array<number>(points.length)
  for (let i = 0; i < points.length; i += 2) {
    const [x, y] = [points[i]!, points[i + 1]!]
    output[i] = drawable(a * x + c * y + e, 'a coordinate')
    output[i + 1] = drawable(b * x + d * y + f, 'a coordinate')
  }
  return output
}
