/* eslint @typescript-eslint/no-unsafe-class-instance-assignment: off -- paper.js takes plain objects where it names its classes */
import paper from 'paper/dist/paper-core'
import type { Drawing, Rectangle, Strokes } from '../../main/api.ts'
import type { Point } from '../state/mask.ts'
import { type Stroke, strokesOf } from '../state/strokes.ts'
import type { Viewport } from '../state/viewport.ts'

/** The drawing on a canvas element, in canvas units. The only place that knows paper.js. */
export interface Paper {
  /** Pixels of the element, and where the canvas lies in them. */
  place(size: { width: number; height: number }, viewport: Viewport): void
  draw(strokes: Strokes, ink: string): void
  /** Where the strokes began, dashed; nothing when undefined. `pixel` is one of the window, in canvas units. */
  drawBeginning(strokes: Strokes | undefined, pixel: number): void
  /** Marks what is selected, with the points that can be dragged; what is locked has none. */
  mark(drawing: Drawing, selected: ReadonlySet<number>, pixel: number): void
  drawBand(band: Rectangle | undefined): void
  /** The topmost stroke within `reach` of a point. */
  strokeAt(point: Point, reach: number): number | undefined
  /** The strokes that a rectangle holds or cuts. */
  strokesIn(band: Rectangle): number[]
  /** A line drawn by hand. */
  pen: {
    begin(at: Point, width: number, ink: string): void
    to(at: Point): void
    /** The line as cubics, x y of their control points; undefined when it is but a dot. */
    end(): Float32Array | undefined
  }
  close(): void
}

/** How far a simplified pen line may stray, in canvas units. */
const PEN_TOLERANCE = 2.5
/** Radius of a handle, in pixels of the window. */
const HANDLE = 3.5

export function openPaper(element: HTMLCanvasElement): Paper {
  const scope = new paper.PaperScope()
  scope.setup(element)
  const { view } = scope
  const [strokes, beginning, marks] = Array.from({ length: 3 }, () => new scope.Layer()) as [
    paper.Layer,
    paper.Layer,
    paper.Layer,
  ]
  let line: paper.Path | undefined
  let band: paper.Path | undefined

  const accent = (): paper.Color => new scope.Color(getComputedStyle(element).color)
  /** `layer` with one path for every stroke, those that are there used again. */
  function show(layer: paper.Layer, { points }: Stroke, index: number): paper.Path {
    const path = (layer.children[index] as paper.Path | undefined) ?? addPath(layer)
    shape(path, points)
    return path
  }
  function addPath(layer: paper.Layer): paper.Path {
    layer.activate()
    return new scope.Path({ strokeCap: 'round', strokeJoin: 'round' })
  }
  /** Colours are parsed, so a frame that has those of the last one is spared it. */
  function paint(path: paper.Path, colour: string): void {
    if (path.data === colour) return
    path.data = colour
    path.strokeColor = new scope.Color(colour)
  }
  function trim(layer: paper.Layer, count: number): void {
    layer.removeChildren(Math.min(count, layer.children.length))
  }

  function mark(path: paper.Path, { points, width }: Stroke, locked: boolean, pixel: number): void {
    const colour = accent()
    const halo = path.clone({ insert: false })
    halo.set({ strokeColor: colour, strokeWidth: width + 6 * pixel, opacity: 0.22 })
    // A light line under the one of the accent: seen on any ink, on the accent too.
    const casing = path.clone({ insert: false })
    casing.set({ strokeColor: new scope.Color('white'), strokeWidth: 3.5 * pixel })
    const spine = path.clone({ insert: false })
    spine.set({ strokeColor: colour, strokeWidth: 1.5 * pixel })
    if (locked) spine.dashArray = [4 * pixel, 4 * pixel]
    marks.addChildren([halo, casing, spine])
    if (!locked) marks.addChildren(handlesOf(points, colour, pixel))
  }

  function handlesOf(points: Float32Array, colour: paper.Color, pixel: number): paper.Item[] {
    const at = (i: number): paper.Point => new scope.Point(points[2 * i]!, points[2 * i + 1]!)
    const radius = HANDLE * pixel
    const looks = { insert: false, strokeColor: colour, strokeWidth: 1.25 * pixel }
    return Array.from({ length: points.length / 2 }, (_, i) => {
      const onCurve = i % 3 === 0
      if (onCurve) {
        const corner = at(i).subtract(radius)
        return [new scope.Path.Rectangle({ ...looks, point: corner, size: 2 * radius, fillColor: 'white' })]
      }
      const arm = new scope.Path.Line({ ...looks, from: at(i), to: at(i % 3 === 1 ? i - 1 : i + 1) })
      return [arm, new scope.Path.Circle({ ...looks, center: at(i), radius, fillColor: colour })]
    }).flat()
  }

  return {
    place(size, { scale, x, y }) {
      view.viewSize = new scope.Size(size.width, size.height)
      view.matrix = new scope.Matrix(scale, 0, 0, scale, x, y)
    },
    draw(next, ink) {
      strokesOf(next).forEach((stroke, i) => {
        const path = show(strokes, stroke, i)
        if (path.strokeWidth !== stroke.width) path.strokeWidth = stroke.width
        paint(path, stroke.colour ?? ink)
      })
      trim(strokes, next.widths.length)
      view.update()
    },
    drawBeginning(next, pixel) {
      const list = next ? strokesOf(next) : []
      list.forEach((stroke, i) => {
        const path = show(beginning, stroke, i)
        path.set({ strokeColor: accent(), strokeWidth: 1.5 * pixel, dashArray: [3 * pixel, 4 * pixel] })
      })
      trim(beginning, list.length)
    },
    mark(drawing, selected, pixel) {
      marks.removeChildren()
      const locked = new Set(drawing.locked)
      strokesOf(drawing.strokes).forEach((stroke, i) => {
        const path = strokes.children[i] as paper.Path | undefined
        if (path && selected.has(i)) mark(path, stroke, locked.has(i), pixel)
      })
    },
    drawBand(next) {
      band?.remove()
      band = undefined
      if (!next) return
      marks.activate()
      band = new scope.Path.Rectangle(new scope.Rectangle(next.x, next.y, next.width, next.height))
      band.set({
        strokeColor: accent(),
        strokeWidth: 1 / view.scaling.x,
        dashArray: [4 / view.scaling.x, 3 / view.scaling.x],
      })
    },
    strokeAt(point, reach) {
      const from = new scope.Point(point.x, point.y)
      const near = (path: paper.Path): boolean =>
        path.getNearestPoint(from).getDistance(from) <= reach + path.strokeWidth / 2
      const found = (strokes.children as paper.Path[]).findLastIndex(near)
      return found < 0 ? undefined : found
    },
    strokesIn({ x, y, width, height }) {
      const rectangle = new scope.Rectangle(x, y, width, height)
      const border = new scope.Path.Rectangle({ rectangle, insert: false })
      return (strokes.children as paper.Path[]).flatMap((path, i) =>
        path.isInside(rectangle) || path.intersects(border) ? [i] : [],
      )
    },
    pen: {
      begin(at, width, ink) {
        line?.remove()
        line = addPath(marks)
        line.set({ strokeColor: new scope.Color(ink), strokeWidth: width })
        line.add(new scope.Point(at.x, at.y))
      },
      to: (at) => void line?.add(new scope.Point(at.x, at.y)),
      end() {
        const drawn = line
        line = undefined
        drawn?.remove()
        if (!drawn || drawn.length < 2 * PEN_TOLERANCE) return undefined
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

/** Bends a path to control points, keeping the segments it has where their number fits. */
function shape(path: paper.Path, points: Float32Array): void {
  const count = (points.length / 2 - 1) / 3 + 1
  if (path.segments.length !== count) path.segments = Array.from({ length: count }, () => new paper.Segment())
  path.segments.forEach((segment, s) => {
    const at = 6 * s
    const x = points[at]!
    const y = points[at + 1]!
    segment.point.set(x, y)
    if (s > 0) segment.handleIn.set(points[at - 2]! - x, points[at - 1]! - y)
    if (s < count - 1) segment.handleOut.set(points[at + 2]! - x, points[at + 3]! - y)
  })
}

/** The way back of `shape`; undefined for a path without a curve. */
function controlPoints({ curves }: paper.Path): Float32Array | undefined {
  const [first] = curves
  if (!first) return undefined
  const rest = curves.flatMap(({ point1, handle1, point2, handle2 }) => [
    ...[point1.x + handle1.x, point1.y + handle1.y],
    ...[point2.x + handle2.x, point2.y + handle2.y],
    ...[point2.x, point2.y],
  ])
  return Float32Array.from([first.point1.x, first.point1.y, ...rest])
}
