/* eslint @typescript-eslint/no-unsafe-class-instance-assignment: off -- paper.js makes its classes anew for each scope */
import paper from 'paper/dist/paper-core'
import type { Drawing, Rectangle, Strokes } from '../../../main/api.ts'
import { straight } from '../../state/cubics.ts'
import type { Point } from '../../state/mask.ts'
import { type Stroke, strokesOf } from '../../state/strokes.ts'
import type { Viewport } from '../../state/viewport.ts'
import { glow, type Marking, markOn, rectangle } from './marks.ts'
import { controlPoints, paint, pathIn, trim } from './paths.ts'

/** The drawing on a canvas element, in canvas units. The only folder that knows paper.js. */
export interface Paper {
  /** Pixels of the element, and where the canvas lies in them. */
  place(size: { width: number; height: number }, viewport: Viewport): void
  draw(strokes: Strokes, ink: string): void
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
  /** A line drawn by hand. */
  pen: {
    begin(at: Point, width: number, ink: string): void
    to(at: Point): void
    /** Straight from where it began. */
    straightTo(at: Point): void
    /** The line as cubics, x y of their control points; undefined when it is but a dot. */
    end(): Float32Array | undefined
  }
  close(): void
}

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
  let line: paper.Path | undefined
  let isStraight = false
  let band: paper.Path | undefined

  const accent = (): string => getComputedStyle(element).color

  return {
    place(size, { scale, x, y }) {
      view.viewSize = new scope.Size(size.width, size.height)
      view.matrix = new scope.Matrix(scale, 0, 0, scale, x, y)
    },
    draw(next, ink) {
      strokesOf(next).forEach((stroke, i) => {
        const path = pathIn(strokes, i, stroke)
        if (path.strokeWidth !== stroke.width) path.strokeWidth = stroke.width
        paint(path, stroke.colour ?? ink, stroke.opacity)
      })
      trim(strokes, next.widths.length)
      view.update()
    },
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
        path.strokeBounds.expand(2 * reach).contains(from) &&
        path.getNearestPoint(from).getDistance(from) <= reach + path.strokeWidth / 2
      const found = (strokes.children as paper.Path[]).findLastIndex(near)
      return found < 0 ? undefined : found
    },
    strokesIn(next) {
      const area = rectangle(next)
      const border = new scope.Path.Rectangle({ rectangle: area, insert: false })
      return (strokes.children as paper.Path[]).flatMap((path, i) =>
        path.isInside(area) || path.intersects(border) ? [i] : [],
      )
    },
    pen: {
      begin(at, width, ink) {
        line?.remove()
        handles.activate()
        isStraight = false
        line = new scope.Path({ strokeCap: 'round', strokeJoin: 'round', strokeWidth: width })
        line.strokeColor = new scope.Color(ink)
        line.add(new scope.Point(at.x, at.y))
      },
      to(at) {
        isStraight = false
        line?.add(new scope.Point(at.x, at.y))
      },
      straightTo(at) {
        isStraight = true
        line?.removeSegments(1)
        line?.add(new scope.Point(at.x, at.y))
      },
      end() {
        const drawn = line
        line = undefined
        drawn?.remove()
        if (!drawn || drawn.length < 2 * PEN_TOLERANCE) return undefined
        if (isStraight) return straight(drawn.firstSegment.point, drawn.lastSegment.point)
        drawn.simplify(PEN_TOLERANCE)
        return controlPoints(drawn)
      },
    },
    close() {
      scope.project.remove()
      view.remove()
    },
  }
}
