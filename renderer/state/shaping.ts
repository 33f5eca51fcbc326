import type { Drawing } from '../../main/api.ts'
import { distance, endOf, pieceOf, reversed, sampled, segmentsOf, startOf, straight } from './cubics.ts'
import { distanceTo, type Point } from './mask.ts'
import { joined, marksOf, pressureOf, strokesOf, type Stroke } from './strokes.ts'

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
      if (last > first && lengthOf(places.slice(first, last + 1)) > CRUMB)
        left.push(partOf(stroke, places[first]!.at, places[last]!.at))
      first = undefined
    })
    return left
  })
}

/** One stroke in two at a place; undefined where that is too near to an end, or the stroke is locked. */
export function split(drawing: Drawing, index: number, at: number, ink: string): Drawing | undefined {
  const whole = strokesOf(drawing.strokes)[index]!
  const halves = [partOf(whole, 0, at), partOf(whole, at, segmentsOf(whole.points))]
  if (drawing.locked.includes(index)) return undefined
  if (halves.some(({ points }) => points.length < 8 || lengthOf(sampled(points)) < TIP)) return undefined
  return remade(drawing, ink, (stroke, i) => (i === index ? halves : [stroke]))
}

/** Several strokes as one, from end to nearest end, in the place and looks of the first; undefined when fewer than two may be. */
export function united(drawing: Drawing, indices: Iterable<number>, ink: string): Drawing | undefined {
  const chosen = [...indices].filter((i) => !drawing.locked.includes(i)).sort((a, b) => a - b)
  const strokes = strokesOf(drawing.strokes)
  const [first, ...others] = chosen
  if (first === undefined || others.length === 0) return undefined
  const rest = new Set(others)
  let line = strokes[first]!
  while (rest.size > 0) {
    const ways = [...rest].flatMap((i) => waysTo(line, strokes[i]!).map((way) => ({ ...way, i })))
    const { i, linked } = ways.reduce((best, way) => (way.gap < best.gap ? way : best))
    line = linked()
    rest.delete(i)
  }
  if (segmentsOf(line.points) > MOST_SEGMENTS) return undefined
  const gone = new Set(others)
  return remade(drawing, ink, (stroke, i) => (gone.has(i) ? [] : [i === first ? line : stroke]))
}

/** The four ways to go on from one line with another, and how far they are apart each time; what comes of it looks as `a`. */
function waysTo(a: Stroke, b: Stroke): { gap: number; linked: () => Stroke }[] {
  return [a, backwards(a)].flatMap((one) =>
    [b, backwards(b)].map((other) => ({
      gap: distance(endOf(one.points), startOf(other.points)),
      linked: () => linked(one, other),
    })),
  )
}

function linked(one: Stroke, other: Stroke): Stroke {
  const [end, start] = [endOf(one.points), startOf(other.points)]
  const between = distance(end, start) < TOUCH ? [] : straight(end, start).subarray(2)
  const points = Float32Array.from([...one.points, ...between, ...other.points.subarray(2)])
  if (!one.pressure && !other.pressure) return { ...one, points }
  const [before, after] = [pressureOf(one), pressureOf(other)]
  const [from, to] = [before.at(-1)!, after[0]!]
  const across = between.length > 0 ? [from + (to - from) / 3, from + (2 * (to - from)) / 3, to] : []
  return { ...one, points, pressure: Float32Array.from([...before, ...across, ...after.subarray(1)]) }
}

const backwards = (stroke: Stroke): Stroke => ({
  ...stroke,
  points: reversed(stroke.points),
  ...(stroke.pressure && { pressure: stroke.pressure.toReversed() }),
})

/** From one place of a stroke to a later one. Pressure is cut as a coordinate is. */
function partOf(stroke: Stroke, from: number, to: number): Stroke {
  const { points, pressure } = stroke
  const paired = pressure && Float32Array.from(points, (_, i) => pressure[i >> 1]!)
  const part = { ...stroke, points: pieceOf(points, from, to) }
  return paired ? { ...part, pressure: pieceOf(paired, from, to).filter((_, i) => i % 2 === 0) } : part
}

function lengthOf(places: readonly Point[]): number {
  return places.slice(1).reduce((sum, place, i) => sum + distance(place, places[i]!), 0)
}
