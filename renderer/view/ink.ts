import { type LookName, LOOKS, marksOf } from '../../src/looks/looks.ts'
import type { Mark } from '../../src/looks/mark.ts'
import type { Rectangle } from '../../main/api.ts'
import { hullOf, padded } from '../state/box.ts'
import type { Point } from '../state/mask.ts'
import { pathData, type Stroke } from '../state/strokes.ts'
import type { Viewport } from '../state/viewport.ts'
import { type Brush, type Carried, lift, type PaintSome, type Piece } from './carried.ts'

/*
 * The drawing as it looks: marks of the looks that the exporters share, on a canvas element.
 */

/** What is shown, in canvas units. */
export interface Ink {
  readonly strokes: readonly Stroke[]
  readonly look: LookName
  /** Of strokes without a colour of their own. */
  readonly colour: string
}

/** A mark as the browser paints it. */
type Touch = Omit<Mark, 'paths'> & { readonly path: Path2D }

interface Painted {
  /** As it was thought out. */
  readonly stroke: Stroke
  readonly look: LookName
  readonly touches: readonly Touch[]
  /** How far it has moved since, in canvas units. */
  readonly by: Point
}

/** So far, in canvas units, numbers of single precision are off when a line has moved. */
const SAME_SHAPE = 1e-3

/** Paints onto an element; strokes that keep their shape are not thought out again, for a look is the same wherever a line lies. */
export function openInk(element: HTMLCanvasElement) {
  let known: readonly Painted[] = []
  let carried: { readonly by: Carried; readonly on: Viewport; readonly known: readonly Painted[] } | undefined
  const touchesOf = ({ strokes, look }: Ink): readonly Painted[] =>
    strokes.map((stroke, i) => {
      const before = known[i]
      const by = before?.look === look && wayFrom(before.stroke, stroke)
      return by ? { ...before, by } : { stroke, look, touches: marksOf(look, stroke, i).map(touchOf), by: HERE }
    })
  return {
    /** `moving`: a hand carries some of them. */
    paint(ink: Ink, size: { width: number; height: number }, on: Viewport, moving: boolean): void {
      const context = element.getContext('2d')
      if (!context) return
      const ratio = devicePixelRatio
      const unit = ratio * on.scale
      const [width, height] = [Math.round(size.width * ratio), Math.round(size.height * ratio)]
      // Another size clears it, as nothing does that is cheaper.
      if (element.width !== width || element.height !== height) Object.assign(element, { width, height })
      context.setTransform(1, 0, 0, 1, 0, 0)
      context.clearRect(0, 0, width, height)
      const before = known
      known = touchesOf(ink)

      const some: PaintSome = (onto, pieces, corner) => {
        onto.lineCap = 'round'
        onto.lineJoin = 'round'
        for (const i of pieces) {
          const { touches, by } = known[i]!
          const { colour = ink.colour, opacity = 1 } = ink.strokes[i]!
          onto.setTransform(
            unit,
            0,
            0,
            unit,
            ratio * on.x + unit * by.x - corner.x,
            ratio * on.y + unit * by.y - corner.y,
          )
          onto.fillStyle = onto.strokeStyle = colour
          for (const touch of touches) put(onto, touch, opacity)
        }
      }
      const boxOf = (stroke: Stroke): Rectangle => {
        const { x, y, width, height } = padded(hullOf(stroke), LOOKS[ink.look].reach * stroke.width + 1 / unit)
        return { x: ratio * on.x + unit * x, y: ratio * on.y + unit * y, width: unit * width, height: unit * height }
      }
      const pieces = (): Piece[] =>
        known.map(({ by }, i) => {
          const stroke = ink.strokes[i]!
          return { by, colour: stroke.colour ?? ink.colour, box: () => boxOf(stroke) }
        })
      /** As the strokes are that were lifted, on the same place. */
      const isSame = (): boolean =>
        carried !== undefined &&
        isOn(carried.on, on) &&
        carried.known.every(({ touches }, i) => touches === known[i]?.touches)

      if (moving) {
        if (carried && isSame() && carried.by.lay(context, pieces())) return
        const places = known.map(({ touches }, i) => (before[i]?.touches === touches ? before[i].by : undefined))
        const by = lift(places, pieces(), element, unit, some)
        carried = by && { by, on, known }
        if (by?.lay(context, pieces())) return
      }
      carried = undefined
      some(context, [...known.keys()], HERE)
    },
  }
}

function put(context: Brush, { path, width, dash = [], opacity }: Touch, of: number): void {
  context.globalAlpha = of * opacity
  context.setLineDash([...dash])
  if (width === undefined) context.fill(path)
  else {
    context.lineWidth = width
    context.stroke(path)
  }
}

const touchOf = ({ paths, ...mark }: Mark): Touch => ({
  ...mark,
  path: new Path2D(paths.map((path) => pathData({ points: path }) + (mark.width === undefined ? 'Z' : '')).join('')),
})

const isOn = (a: Viewport, b: Viewport): boolean => a.scale === b.scale && a.x === b.x && a.y === b.y

const HERE: Point = { x: 0, y: 0 }

/** How far a stroke has moved since it was `a`; undefined of another one, or one that was bent. */
function wayFrom(a: Stroke, b: Stroke): Point | undefined {
  if (a === b) return HERE
  if (a.width !== b.width || a.points.length !== b.points.length || !areSame(a.pressure, b.pressure)) return undefined
  const [x, y] = [b.points[0]! - a.points[0]!, b.points[1]! - a.points[1]!]
  const isMoved = b.points.every((value, i) => Math.abs(value - a.points[i]! - (i % 2 ? y : x)) < SAME_SHAPE)
  return isMoved ? { x, y } : undefined
}

function areSame(a: Float32Array | undefined, b: Float32Array | undefined): boolean {
  return a === b || (a !== undefined && a.length === b?.length && a.every((value, i) => value === b[i]))
}
