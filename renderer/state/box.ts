import type { Rectangle } from '../../main/api.ts'
import { sampled } from './cubics.ts'
import type { Point } from './mask.ts'
import type { Stroke } from './strokes.ts'

/*
 * The box around what is selected: what it can be taken hold of by, and what that does to a stroke.
 */

/** A part to take hold of: a corner or a side (−1, 0 or 1 across and down from the middle), or the knob that turns. */
export type Part =
  { readonly kind: 'scale'; readonly x: -1 | 0 | 1; readonly y: -1 | 0 | 1 } | { readonly kind: 'turn' }

/** Around the lines, and from there to the knob, in pixels of the window. */
export const PADDING = 8
export const KNOB = 24
/** A side shorter than this many pixels has no handle in its middle. */
const ROOMY = 48
/** Boxes flatter than this, in canvas units, are not stretched that way. */
const FLAT = 0.5

/** Around strokes, in canvas units; undefined without any. */
export function boxAround(strokes: readonly Stroke[]): Rectangle | undefined {
  if (strokes.length === 0) return undefined
  const places = strokes.flatMap(({ points }) => sampled(points, 4))
  return boxOf(
    places.map(({ x }) => x),
    places.map(({ y }) => y),
  )
}

/** Around the control points of a stroke, and so around its line: larger than that, and quickly told. */
export function hullOf({ points }: Stroke): Rectangle {
  return boxOf(
    points.filter((_, i) => i % 2 === 0),
    points.filter((_, i) => i % 2 === 1),
  )
}

function boxOf(xs: Iterable<number>, ys: Iterable<number>): Rectangle {
  const [x, y] = [Math.min(...xs), Math.min(...ys)]
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y }
}

export const middle = ({ x, y, width, height }: Rectangle): Point => ({ x: x + width / 2, y: y + height / 2 })

/** Larger by `by` on every side. */
export const padded = ({ x, y, width, height }: Rectangle, by: number): Rectangle => ({
  ...{ x: x - by, y: y - by },
  ...{ width: width + 2 * by, height: height + 2 * by },
})

/** Where each part is; `pixel` is one of the window, in canvas units. */
export function partsOf(box: Rectangle, pixel: number): { part: Part; at: Point }[] {
  const outer = padded(box, PADDING * pixel)
  const sides = [-1, 0, 1] as const
  const parts: { part: Part; at: Point }[] = [
    { part: { kind: 'turn' }, at: { x: middle(outer).x, y: outer.y - KNOB * pixel } },
  ]
  for (const x of sides) {
    for (const y of sides) {
      const hasRoom = x !== 0 ? outer.height > ROOMY * pixel : outer.width > ROOMY * pixel
      const isCorner = x !== 0 && y !== 0
      const isSide = (x !== 0) !== (y !== 0)
      if (isCorner || (isSide && hasRoom)) parts.push({ part: { kind: 'scale', x, y }, at: placeOf(outer, x, y) })
    }
  }
  return parts
}

/** How a stroke is changed when `part` of the box is dragged from one point to another. */
export function pulled(
  part: Part,
  box: Rectangle,
  from: Point,
  to: Point,
  { shift, alt }: { shift: boolean; alt: boolean },
): (stroke: Stroke) => Stroke {
  return part.kind === 'turn' ? turn(middle(box), from, to, shift) : scale(part, box, from, to, shift, alt)
}

/** With `even`, in proportion; with `central`, about the middle instead of the opposite side. */
function scale(
  { x, y }: Extract<Part, { kind: 'scale' }>,
  box: Rectangle,
  from: Point,
  to: Point,
  even: boolean,
  central: boolean,
): (stroke: Stroke) => Stroke {
  const held = placeOf(box, x, y)
  const about = central ? middle(box) : placeOf(box, -x, -y)
  const factor = (side: number, moved: number, length: number): number =>
    side === 0 || Math.abs(length) < FLAT ? 1 : (length + moved) / length
  let sx = factor(x, to.x - from.x, held.x - about.x)
  let sy = factor(y, to.y - from.y, held.y - about.y)
  if (even) sx = sy = x === 0 ? sy : y === 0 ? sx : Math.abs(sx - 1) > Math.abs(sy - 1) ? sx : sy
  return placed((p) => ({ x: about.x + sx * (p.x - about.x), y: about.y + sy * (p.y - about.y) }))
}

/** In steps of 15 degrees when `stepped`. */
function turn(about: Point, from: Point, to: Point, stepped: boolean): (stroke: Stroke) => Stroke {
  const direction = (p: Point): number => Math.atan2(p.y - about.y, p.x - about.x)
  const free = direction(to) - direction(from)
  const angle = stepped ? (Math.round((free * 12) / Math.PI) * Math.PI) / 12 : free
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
  return placed(({ x, y }) => ({
    x: about.x + cos * (x - about.x) - sin * (y - about.y),
    y: about.y + sin * (x - about.x) + cos * (y - about.y),
  }))
}

/** Every control point moved. */
function placed(move: (point: Point) => Point): (stroke: Stroke) => Stroke {
  return (stroke) => {
    const points = stroke.points.slice()
    for (let i = 0; i < points.length; i += 2) {
      const { x, y } = move({ x: points[i]!, y: points[i + 1]! })
      points.set([x, y], i)
    }
    return { ...stroke, points }
  }
}

const placeOf = ({ x, y, width, height }: Rectangle, across: number, down: number): Point => ({
  x: x + (width * (1 + across)) / 2,
  y: y + (height * (1 + down)) / 2,
})
