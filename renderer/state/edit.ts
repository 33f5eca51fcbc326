import type { Drawing } from '../../main/api.ts'
import { joined, marksOf, strokesOf, type Stroke } from './strokes.ts'

/*
 * Edits: a drawing and what is done to it → the drawing after. Nothing is changed in place, so every step can be undone.
 * Strokes are known by their index.
 */

/** The same strokes with those of `indices` changed by `change`; locked ones stay as they are. */
export function changed(
  drawing: Drawing,
  indices: Iterable<number>,
  ink: string,
  change: (stroke: Stroke) => Stroke,
): Drawing {
  const chosen = new Set(indices)
  const { locked } = drawing
  const strokes = strokesOf(drawing.strokes).map((stroke, i) =>
    chosen.has(i) && !locked.includes(i) ? change(stroke) : stroke,
  )
  return { ...drawing, strokes: joined(strokes, ink) }
}

/** Only the strokes of `indices`, in that order: removes, simplifies and reorders. */
export function arranged(drawing: Drawing, indices: readonly number[]): Drawing {
  const all = strokesOf(drawing.strokes)
  const { importance } = drawing
  const ascending = indices.every((index, i) => i === 0 || index > indices[i - 1]!)
  return {
    strokes: joined(indices.map((i) => all[i]!)),
    ...marksOf(drawing, indices),
    // In another order the figures would say nothing: each counts what a stroke adds to those before it.
    ...(importance && ascending && { importance: indices.map((i) => importance[i]!) }),
  }
}

/** All strokes but those of `indices`; locked ones stay. */
export function without(drawing: Drawing, indices: ReadonlySet<number>): Drawing {
  const gone = (i: number): boolean => indices.has(i) && !drawing.locked.includes(i)
  return arranged(
    drawing,
    everyIndex(drawing).filter((i) => !gone(i)),
  )
}

/**
 * The `count` strokes that are kept longest, in their order: the user's own and those that are locked, then the first,
 * which are the most important ones where a run has put them in order.
 */
export function keptLongest(drawing: Drawing, count: number): number[] {
  const mine = new Set([...(drawing.own ?? []), ...drawing.locked])
  const all = everyIndex(drawing)
  const others = all.filter((i) => !mine.has(i))
  const kept = new Set([...all.filter((i) => mine.has(i)), ...others].slice(0, count))
  return all.filter((i) => kept.has(i))
}

/** More strokes on top of the others: the user's own. */
export function withStrokes(drawing: Drawing, added: readonly Stroke[], ink: string): Drawing {
  const { strokes, locked, own = [], painted } = drawing
  const before = strokesOf(strokes)
  return {
    ...(painted && { painted }),
    strokes: joined([...before, ...added], ink),
    locked,
    own: [...own, ...added.map((_, i) => before.length + i)],
  }
}

/** The order in which the stroke at `index` stands `by` places later (earlier when negative). */
export function movedTo(count: number, index: number, by: number): number[] {
  const order = Array.from({ length: count }, (_, i) => i)
  const [moved] = order.splice(index, 1)
  order.splice(Math.min(count - 1, Math.max(0, index + by)), 0, moved!)
  return order
}

export function withLocks(drawing: Drawing, indices: ReadonlySet<number>, locked: boolean): Drawing {
  const others = drawing.locked.filter((i) => !indices.has(i))
  return { ...drawing, locked: locked ? [...others, ...indices].sort((a, b) => a - b) : others }
}

export const shifted =
  (dx: number, dy: number) =>
  (stroke: Stroke): Stroke => ({ ...stroke, points: stroke.points.map((p, i) => p + (i % 2 ? dy : dx)) })

/** Control point `point` at x y. A point on the curve takes its handles along; a handle moves alone. */
export const bent =
  (point: number, x: number, y: number) =>
  (stroke: Stroke): Stroke => {
    const dx = x - stroke.points[2 * point]!
    const dy = y - stroke.points[2 * point + 1]!
    const reach = point % 3 === 0 ? 1 : 0
    return {
      ...stroke,
      points: stroke.points.map((p, i) => (Math.abs((i >> 1) - point) <= reach ? p + (i % 2 ? dy : dx) : p)),
    }
  }

/** The strokes painted in `before` are painted in `after`: what a change of ink does to a drawing with colours. */
export function reinked(drawing: Drawing, before: string, after: string): Drawing {
  if (!drawing.strokes.colors) return drawing
  const strokes = strokesOf(drawing.strokes).map((stroke) =>
    stroke.colour === before.toLowerCase() ? { ...stroke, colour: after } : stroke,
  )
  return { ...drawing, strokes: joined(strokes, after) }
}

export function everyIndex({ strokes }: Drawing): number[] {
  return Array.from(strokes.widths, (_, i) => i)
}
