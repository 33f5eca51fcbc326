import paper from 'paper/dist/paper-core'
import type { Drawing } from '../../../main/api.ts'
import { boxAround, padded, PADDING, partsOf } from '../../state/box.ts'
import { type Stroke, strokesOf } from '../../state/strokes.ts'
import { paint, pathIn, trim } from './paths.ts'

/** How what is selected is marked. */
export interface Marking {
  readonly selected: ReadonlySet<number>
  /** By the points that bend it, or by a box with handles. */
  readonly by: 'points' | 'box'
  /** A pixel of the window, in canvas units: marks look the same at every scale. */
  readonly pixel: number
  readonly accent: string
}

/** Radius of a handle, in pixels of the window. */
const HANDLE = 3.5
/** Three paths for every line: a glow, a light line, and its spine, seen on any ink. */
const PATHS = 3

/** Marks on a drawing, in two layers: `lines` along what is selected, `handles` to take hold of. */
export function markOn(lines: paper.Layer, handles: paper.Layer, drawing: Drawing, marking: Marking): void {
  const locked = new Set(drawing.locked)
  const chosen = strokesOf(drawing.strokes).flatMap((stroke, i) =>
    marking.selected.has(i) ? [{ stroke, locked: locked.has(i) }] : [],
  )
  chosen.forEach((each, i) => markLine(lines, PATHS * i, each.stroke, each.locked, marking))
  trim(lines, PATHS * chosen.length)
  handles.removeChildren()
  const free = chosen.flatMap((each) => (each.locked ? [] : [each.stroke]))
  if (marking.by === 'points') for (const { points } of free) handles.addChildren(handlesOf(points, marking))
  if (marking.by === 'box') handles.addChildren(boxOf(free, marking))
}

/** A line that the pointer is on, so that one knows what a click would take. */
export function glow(layer: paper.Layer, stroke: Stroke | undefined, pixel: number, accent: string): void {
  trim(layer, stroke ? 1 : 0)
  if (!stroke) return
  const path = pathIn(layer, 0, stroke)
  path.strokeColor = faint(accent, 0.4)
  path.strokeWidth = stroke.width + 5 * pixel
}

function markLine(layer: paper.Layer, at: number, stroke: Stroke, isLocked: boolean, { pixel, accent }: Marking): void {
  const [halo, casing, spine] = [0, 1, 2].map((i) => pathIn(layer, at + i, stroke)) as [
    paper.Path,
    paper.Path,
    paper.Path,
  ]
  const glowing = stroke.width + 6 * pixel
  if (halo.data !== accent) halo.set({ strokeColor: faint(accent, 0.22), data: accent })
  if (halo.strokeWidth !== glowing) halo.strokeWidth = glowing
  paint(casing, '#ffffff')
  casing.strokeWidth = 3.5 * pixel
  paint(spine, accent)
  spine.strokeWidth = 1.5 * pixel
  spine.dashArray = isLocked ? [4 * pixel, 4 * pixel] : []
}

function handlesOf(points: Float32Array, { pixel, accent }: Marking): paper.Item[] {
  const at = (i: number): paper.Point => new paper.Point(points[2 * i]!, points[2 * i + 1]!)
  const looks = looksOf({ pixel, accent })
  return Array.from({ length: points.length / 2 }, (_, i) => {
    if (i % 3 === 0) return [square(at(i), looks, pixel)]
    const arm = new paper.Path.Line({ ...looks, from: at(i), to: at(i % 3 === 1 ? i - 1 : i + 1) })
    return [arm, new paper.Path.Circle({ ...looks, center: at(i), radius: HANDLE * pixel, fillColor: accent })]
  }).flat()
}

function boxOf(strokes: readonly Stroke[], { pixel, accent }: Marking): paper.Item[] {
  const box = boxAround(strokes)
  if (!box) return []
  const looks = looksOf({ pixel, accent })
  const outer = padded(box, PADDING * pixel)
  const frame = new paper.Path.Rectangle({ ...looks, rectangle: rectangle(outer), strokeWidth: pixel })
  const handles = partsOf(box, pixel).flatMap(({ part, at }) => {
    const centre = new paper.Point(at.x, at.y)
    if (part.kind === 'scale') return [square(centre, looks, pixel)]
    const arm = new paper.Path.Line({ ...looks, from: centre, to: new paper.Point(at.x, outer.y) })
    return [arm, new paper.Path.Circle({ ...looks, center: centre, radius: (HANDLE + 1) * pixel, fillColor: 'white' })]
  })
  return [frame, ...handles]
}

const looksOf = ({ pixel, accent }: Pick<Marking, 'pixel' | 'accent'>) => ({
  insert: false,
  strokeColor: new paper.Color(accent),
  strokeWidth: 1.25 * pixel,
})

function square(centre: paper.Point, looks: ReturnType<typeof looksOf>, pixel: number): paper.Path {
  const size = 2 * HANDLE * pixel
  return new paper.Path.Rectangle({ ...looks, point: centre.subtract(size / 2), size, fillColor: 'white' })
}

export const rectangle = ({ x, y, width, height }: { x: number; y: number; width: number; height: number }) =>
  new paper.Rectangle(x, y, width, height)

function faint(colour: string, alpha: number): paper.Color {
  const seen = new paper.Color(colour)
  seen.alpha = alpha
  return seen
}
