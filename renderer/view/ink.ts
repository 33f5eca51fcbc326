import { type LookName, marksOf } from '../../src/looks/looks.ts'
import type { Mark } from '../../src/looks/mark.ts'
import type { Point } from '../state/mask.ts'
import { pathData, type Stroke } from '../state/strokes.ts'
import type { Viewport } from '../state/viewport.ts'

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
  const touchesOf = ({ strokes, look }: Ink): readonly Painted[] =>
    strokes.map((stroke, i) => {
      const before = known[i]
      const by = before?.look === look && wayFrom(before.stroke, stroke)
      return by ? { ...before, by } : { stroke, look, touches: marksOf(look, stroke, i).map(touchOf), by: HERE }
    })
  return {
    paint(ink: Ink, size: { width: number; height: number }, { scale, x, y }: Viewport): void {
      const context = element.getContext('2d')
      if (!context) return
      const ratio = devicePixelRatio
      const [width, height] = [Math.round(size.width * ratio), Math.round(size.height * ratio)]
      // Another size clears it, as nothing does that is cheaper.
      if (element.width !== width || element.height !== height) Object.assign(element, { width, height })
      context.setTransform(1, 0, 0, 1, 0, 0)
      context.clearRect(0, 0, width, height)
      context.lineCap = 'round'
      context.lineJoin = 'round'
      known = touchesOf(ink)
      known.forEach(({ touches, by }, i) => {
        const { colour = ink.colour, opacity = 1 } = ink.strokes[i]!
        const [left, top] = [ratio * (x + scale * by.x), ratio * (y + scale * by.y)]
        context.setTransform(ratio * scale, 0, 0, ratio * scale, left, top)
        context.fillStyle = context.strokeStyle = colour
        for (const touch of touches) put(context, touch, opacity)
      })
    },
  }
}

function put(context: CanvasRenderingContext2D, { path, width, dash = [], opacity }: Touch, of: number): void {
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
