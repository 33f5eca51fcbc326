/* eslint @typescript-eslint/no-unsafe-class-instance-assignment: off -- paper.js makes its classes anew for each scope */
import paper from 'paper/dist/paper-core'
import type { Drawing, Rectangle, Strokes } from '../../../main/api.ts'
import type { Point } from '../../state/mask.ts'
import { type Stroke, strokesOf } from '../../state/strokes.ts'
import type { Viewport } from '../../state/viewport.ts'
import { glow, type Marking, markOn, rectangle } from './marks.ts'
import { controlPoints, paint, pathIn, trim } from './paths.ts'

/** What is done to the drawing, on a canvas element over it, in canvas units. The only folder that knows paper.js. */
export interface Paper {
  /** Pixels of the element, and where the canvas lies in them. */
  place(size: { width: number; height: number }, viewport: Viewport): void
  /** The lines of the drawing, out of sight: what a pointer finds. What they look like is another canvas's (`ink.ts`). */
  lay(strokes: Strokes): void
  /** Where the strokes began, dashed; nothing when undefined. `pixel` is one of the window, in canvas units. */
  drawBeginning(strokes: Strokes | undefined, pixel: number): void
  /** Marks what is selected; what is locked has nothing to take hold of. */
  mark(drawing: Drawing, marking: Omit<Marking, 'accent'>): void
  /** A glow around the line that the pointer is on. */
  point(stroke: Stroke | undefined, pixel: number): void
  drawBand(band: Rectangle | undefined): void
  /** The topmost stroke within `reach` of a point. */
  strokeAt(point: Point, reach: number): number | undefined
  /** The strokes that a rectangle holds or cuts. */
  strokesIn(band: Rectangle): number[]
  /** A smooth line of few cubics near places; undefined where there are too few for one. */
  simplified(places: readonly Point[]): Float32Array | undefined
  close(): void
}

/** Of a line that is out of sight. */
const widthOf = ({ data }: paper.Path): number => data as number

/** How far a simplified pen line may stray, in canvas units. */
const PEN_TOLERANCE = 2.5

export function openPaper(element: HTMLCanvasElement): Paper {
  const scope = new paper.PaperScope()
  scope.setup(element)
  const { view } = scope
  const [pointed, strokes, beginning, lines, handles] = Array.from({ length: 5 }, () => new scope.Layer()) as [
    paper.Layer,
    paper.Layer,
    paper.Layer,
    paper.Layer,
    paper.Layer,
  ]
  let band: paper.Path | undefined
  let unlaid: Strokes | undefined

  const accent = (): string => getComputedStyle(element).color
  /** The lines of the drawing, laid out when they are first looked for: while it is drawn nobody does. */
  function laid(): readonly paper.Path[] {
    if (unlaid) {
      strokesOf(unlaid).forEach((stroke, i) => (pathIn(strokes, i, stroke).data = stroke.width))
      trim(strokes, unlaid.widths.length)
      unlaid = undefined
    }
    return strokes.children as paper.Path[]
  }

  return {
    place(size, { scale, x, y }) {
      view.viewSize = new scope.Size(size.width, size.height)
      view.matrix = new scope.Matrix(scale, 0, 0, scale, x, y)
    },
    lay: (next) => (unlaid = next),
    drawBeginning(next, pixel) {
      const list = next ? strokesOf(next) : []
      list.forEach((stroke, i) => {
        const path = pathIn(beginning, i, stroke)
        paint(path, accent())
        path.set({ strokeWidth: 1.5 * pixel, dashArray: [3 * pixel, 4 * pixel] })
      })
      trim(beginning, list.length)
    },
    mark: (drawing, marking) => markOn(lines, handles, drawing, { ...marking, accent: accent() }),
    point: (stroke, pixel) => glow(pointed, stroke, pixel, accent()),
    drawBand(next) {
      band?.remove()
      band = undefined
      if (!next) return
      handles.activate()
      band = new scope.Path.Rectangle(rectangle(next))
      band.set({
        strokeColor: new scope.Color(accent()),
        strokeWidth: 1 / view.scaling.x,
        dashArray: [4 / view.scaling.x, 3 / view.scaling.x],
      })
    },
    strokeAt(point, reach) {
      const from = new scope.Point(point.x, point.y)
      const near = (path: paper.Path): boolean =>
        path.bounds.expand(2 * reach + widthOf(path)).contains(from) &&
        path.getNearestPoint(from).getDistance(from) <= reach + widthOf(path) / 2
      const found = laid().findLastIndex(near)
      return found < 0 ? undefined : found
    },
    strokesIn(next) {
      const area = rectangle(next)
      const border = new scope.Path.Rectangle({ rectangle: area, insert: false })
      return laid().flatMap((path, i) => (path.isInside(area) || path.intersects(border) ? [i] : []))
    },
    simplified(places) {
      const line = new scope.Path({ insert: false, segments: places.map(({ x, y }) => new scope.Point(x, y)) })
      line.simplify(PEN_TOLERANCE)
      return controlPoints(line)
    },
    close() {
      scope.project.remove()
      view.remove()
    },
  }
}
