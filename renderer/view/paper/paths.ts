import paper from 'paper/dist/paper-core'
import type { Stroke } from '../../state/strokes.ts'

/** The path at `index` of a layer, in the shape of a stroke; those that are there are used again. */
export function pathIn(
  layer: paper.Layer | paper.Group,
  index: number,
  { points }: Pick<Stroke, 'points'>,
): paper.Path {
  const path = (layer.children[index] as paper.Path | undefined) ?? added(layer)
  shape(path, points)
  return path
}

function added(layer: paper.Layer | paper.Group): paper.Path {
  const path = new paper.Path({ strokeCap: 'round', strokeJoin: 'round', insert: false })
  layer.addChild(path)
  return path
}

/** No more than `count` children. */
export function trim(layer: paper.Layer | paper.Group, count: number): void {
  layer.removeChildren(Math.min(count, layer.children.length))
}

/** Colours are parsed, so a path that has the one it had is spared it. */
export function paint(path: paper.Path, colour: string, opacity = 1): void {
  const looks = opacity < 1 ? `${colour} ${opacity}` : colour
  if (path.data === looks) return
  path.data = looks
  const seen = new paper.Color(colour)
  seen.alpha = opacity
  path.strokeColor = seen
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
export function controlPoints({ curves }: paper.Path): Float32Array | undefined {
  const [first] = curves
  if (!first) return undefined
  const rest = curves.flatMap(({ point1, handle1, point2, handle2 }) => [
    ...[point1.x + handle1.x, point1.y + handle1.y],
    ...[point2.x + handle2.x, point2.y + handle2.y],
    ...[point2.x, point2.y],
  ])
  return Float32Array.from([first.point1.x, first.point1.y, ...rest])
}
