import type { Drawing } from '../../main/api.ts'
import { distance, endOf, pieceOf, reversed, sampled, segmentsOf, startOf, straight } from './cubics.ts'
import { distanceTo, type Point } from './mask.ts'
import { joined, marksOf, strokesOf, type Stroke } from './strokes.ts'

/*
 * Edits that take lines apart and put them together. As in `edit.ts`, nothing is changed in place, and locked lines stay.
 */

/** Pieces shorter than this, in canvas units, are crumbs that an eraser takes along. */
const CRUMB = 2
/** Ends nearer to each other than this, in canvas units, are one point. */
const TOUCH = 0.5
/** So near to an end, in canvas units, a line is not split. */
const TIP = 0.5
/** The most cubics of one stroke (`Strokes.segments` are bytes). */
const MOST_SEGMENTS = 255

/** Each stroke replaced by those that `change` makes of it: none, itself, or several. Locks follow; locked strokes stay. */
export function remade(drawing: Drawing, ink: string, change: (stroke: Stroke, index: number) => Stroke[]): Drawing {
  const isLocked = (i: number): boolean => drawing.locked.includes(i)
  const before = strokesOf(drawing.strokes)
  const parts = before.map((stroke, i) => (isLocked(i) ? [stroke] : change(stroke, i)))
  if (parts.every((part, i) => part.length === 1 && part[0] === before[i])) return drawing
  const was = parts.flatMap((part, i) => part.map(() => i))
  return { strokes: joined(parts.flat(), ink), ...marksOf(drawing, was) }
}

/** Without what lies within `radius` of the line from `from` to `to`; the same drawing where nothing does. */
export function erased(drawing: Drawing, from: Point, to: Point, radius: number, ink: string): Drawing {
  return remade(drawing, ink, (stroke) => {
    const places = sampled(stroke.points)
    const isGone = places.map((place) => distanceTo(place, from, to) <= radius)
    if (!isGone.includes(true)) return [stroke]
    const left: Stroke[] = []
    let first: number | undefined
    places.forEach((_, i) => {
      if (isGone[i] === false) first ??= i
      const last = isGone[i] ? i - 1 : i
      if (first === undefined || (!isGone[i] && i < places.length - 1)) return
      const points = pieceOf(stroke.points, places[first]!.at, places[last]!.at)
      if (last > first && lengthOf(places.slice(first, last + 1)) > CRUMB) left.push({ ...stroke, points })
      first = undefined
    })
    return left
  })
}

/** One stroke in two at a place; undefined where that is too near to an end, or the stroke is locked. */
export function split(drawing: Drawing, index: number, at: number, ink: string): Drawing | undefined {
  const { points } = strokesOf(drawing.strokes)[index]!
  const halves = [pieceOf(points, 0, at), pieceOf(points, at, segmentsOf(points))]
  if (drawing.locked.includes(index)) return undefined
  if (halves.some((half) => half.length < 8 || lengthOf(sampled(half)) < TIP)) return undefined
  return remade(drawing, ink, (stroke, i) =>
    i === index ? halves.map((half) => ({ ...stroke, points: half })) : [stroke],
  )
}

/** Several strokes as one, from end to nearest end, in the place and looks of the first; undefined when fewer than two may be. */
export function united(drawing: Drawing, indices: Iterable<number>, ink: string): Drawing | undefined {
  const chosen = [...indices].filter((i) => !drawing.locked.includes(i)).sort((a, b) => a - b)
  const strokes = strokesOf(drawing.strokes)
  const [first, ...others] = chosen
  if (first === undefined || others.length === 0) return undefined
  const rest = new Set(others)
  let { points } = strokes[first]!
  while (rest.size > 0) {
    const ways = [...rest].flatMap((i) => waysTo(points, strokes[i]!.points).map((way) => ({ ...way, i })))
    const { i, linked } = ways.reduce((best, way) => (way.gap < best.gap ? way : best))
    points = linked()
    rest.delete(i)
  }
  if (segmentsOf(points) > MOST_SEGMENTS) return undefined
  const gone = new Set(others)
  return remade(drawing, ink, (stroke, i) => (gone.has(i) ? [] : [i === first ? { ...stroke, points } : stroke]))
}

/** The four ways to go on from one line with another, and how far they are apart each time. */
function waysTo(a: Float32Array, b: Float32Array): { gap: number; linked: () => Float32Array }[] {
  return [a, reversed(a)].flatMap((one) =>
    [b, reversed(b)].map((other) => ({
      gap: distance(endOf(one), startOf(other)),
      linked: () => linked(one, other),
    })),
  )
}

function linked(one: Float32Array, other: Float32Array): Float32Array {
  const [end, start] = [endOf(one), startOf(other)]
  const between = distance(end, start) < TOUCH ? [] : straight(end, start).subarray(2)
  return Float32Array.from([...one, ...between, ...other.subarray(2)])
}

function lengthOf(places: readonly Point[]): number {
  return places.slice(1).reduce((sum, place, i) => sum + distance(place, places[i]!), 0)
}
