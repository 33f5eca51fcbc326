import { type LookName, marksOf } from '../../src/looks/looks.ts'
import type { Mark } from '../../src/looks/mark.ts'
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
  readonly stroke: Stroke
  readonly look: LookName
  readonly touches: readonly Touch[]
}

/** Paints onto an element; strokes that stay as they were are not thought out again. */
export function openInk(element: HTMLCanvasElement) {
  let known: readonly Painted[] = []
  const touchesOf = ({ strokes, look }: Ink): readonly Painted[] =>
    strokes.map((stroke, i) => {
      const before = known[i]
      if (before?.look === look && isSame(before.stroke, stroke)) return before
      return { stroke, look, touches: marksOf(look, stroke, i).map(touchOf) }
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
      context.setTransform(ratio * scale, 0, 0, ratio * scale, ratio * x, ratio * y)
      context.lineCap = 'round'
      context.lineJoin = 'round'
      known = touchesOf(ink)
      known.forEach(({ touches }, i) => {
        const { colour = ink.colour, opacity = 1 } = ink.strokes[i]!
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

function isSame(a: Stroke, b: Stroke): boolean {
  return a.width === b.width && areSame(a.points, b.points) && areSame(a.pressure, b.pressure)
}

function areSame(a: Float32Array | undefined, b: Float32Array | undefined): boolean {
  return a === b || (a !== undefined && a.length === b?.length && a.every((value, i) => value === b[i]))
}
