import { placesOn, pointOffsets, startsOf } from './bezier.ts'
import { partOf, type Cubic } from './fit.ts'
import type { Strokes } from './strokes.ts'

/** Places on each cubic at which the pen is looked at. */
const STEPS = 24
/** In a bend a pen goes as fast as the cube root of its radius, … */
const LAW = 1 / 3
/** … which stops growing about here, in units: on a straight line it does not go infinitely fast. */
const STRAIGHT = 40
/** Over so many units, at most a third of a stroke, a pen comes from rest, and back to it. */
const RUN_UP = 14
/** No slower than this share of its speed, so that it ever leaves its place. */
const SLOWEST = 0.2
/** The pen is lifted and set down in the time in which it draws so many straight units … */
const LIFT = 12
/** … and is so many times as fast in the air. */
const IN_THE_AIR = 2.5
/** Strokes whose ends are this close, in units, are drawn without lifting the pen. */
const MEET = 2

/** When a stroke is drawn, in shares of the time that the whole drawing takes. */
export interface Span {
  from: number
  to: number
  /** At even shares of that time, both ends included: what share of its length is drawn. */
  drawn: Float64Array
}

/** Even shares of time at which a span says how far the pen is. */
const TOLD = 8

/**
 * When each stroke is drawn, one after another, by a pen that goes as a hand does: slower in bends by the two-thirds power law
 * (Lacquaniti, Terzuolo & Viviani 1983: speed goes with the cube root of the radius of curvature; bounded for straight lines as
 * in Viviani & Schneider 1991), from rest to rest as in a movement of minimum jerk (Flash & Hogan 1985), and with time in
 * the air.
 */
export function penTimes(strokes: Strokes): Span[] {
  const offsets = pointOffsets(strokes)
  const { points } = strokes
  const drawings = Array.from(strokes.widths, (_, i) => drawingTime(strokes, i))
  let now = 0
  const spans = drawings.map(({ time, drawn }, i) => {
    if (i > 0) {
      const [end, start] = [2 * offsets[i]! - 2, 2 * offsets[i]!]
      const way = Math.hypot(points[start]! - points[end]!, points[start + 1]! - points[end + 1]!)
      if (way > MEET) now += LIFT + way / IN_THE_AIR
    }
    const from = now
    now += time
    return { from, to: now, drawn }
  })
  return spans.map(({ from, to, drawn }) => ({ from: from / (now || 1), to: to / (now || 1), drawn }))
}

/** How long a stroke takes, in units of straight line, and how far it is at even shares of that. */
function drawingTime(strokes: Strokes, index: number): { time: number; drawn: Float64Array } {
  const places = placesAlong(strokes, index)
  const lengths = Float64Array.from(places, (_, k) => (k === 0 ? 0 : apart(places[k]!, places[k - 1]!)))
  const length = lengths.reduce((sum, step) => sum + step, 0)
  const runUp = Math.min(RUN_UP, length / 3) || 1
  let at = 0
  let time = 0
  const whole = places.map((_, k) => {
    at += lengths[k]!
    const middle = at - lengths[k]! / 2
    const rest = Math.min(1, Math.min(middle, length - middle) / runUp)
    // the place of a movement of minimum jerk grows with the cube of time, so that its speed goes with place ^ 2/3
    const speed = Math.max(SLOWEST, rest ** (2 / 3) * bendSpeed(places, k))
    time += lengths[k]! / speed
    return { time, at }
  })
  const drawn = Float64Array.from({ length: TOLD + 1 }, (_, k) => {
    const when = (k / TOLD) * time
    const next = whole.findIndex((place) => place.time >= when)
    if (k === TOLD || next < 0) return 1
    const [a, b] = [whole[Math.max(0, next - 1)]!, whole[next]!]
    const share = b.time > a.time ? (when - a.time) / (b.time - a.time) : 0
    return length > 0 ? (a.at + share * (b.at - a.at)) / length : k / TOLD
  })
  return { time: time || 1, drawn }
}

type Place = readonly [x: number, y: number]

function placesAlong(strokes: Strokes, index: number): Place[] {
  const first = pointOffsets(strokes)[index]!
  return startsOf(strokes, index, first).flatMap((start, s) => {
    const flat = placesOn(strokes.points, start, STEPS)
    const places = Array.from({ length: STEPS + 1 }, (_, k): Place => [flat[2 * k]!, flat[2 * k + 1]!])
    return s === 0 ? places : places.slice(1)
  })
}

function apart([ax, ay]: Place, [bx, by]: Place): number {
  return Math.hypot(bx - ax, by - ay)
}

/** 1 on a straight line, less in a bend: of the circle through three places. */
function bendSpeed(places: readonly Place[], k: number): number {
  const middle = Math.min(places.length - 2, Math.max(1, k))
  const [a, b, c] = [places[middle - 1]!, places[middle]!, places[middle + 1]!]
  const twice = Math.abs((b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1]))
  const radius = (apart(a, b) * apart(b, c) * apart(c, a)) / (2 * twice || 1e-9)
  return (radius / (radius + STRAIGHT)) ** LAW
}

/** What is drawn of strokes at a time, a share of the whole; undefined before anything is. */
export function drawnBy(strokes: Strokes, spans: readonly Span[], time: number): Strokes | undefined {
  const begun = spans.filter(({ from, to }) => from < time || to <= time).length
  if (begun === 0) return undefined
  const { from, to, drawn } = spans[begun - 1]!
  const offsets = pointOffsets(strokes)
  const whole = begun - (time >= to ? 0 : 1)
  const { tip, pressed } =
    time >= to ? { tip: [], pressed: [] } : firstPart(strokes, begun - 1, between(drawn, (time - from) / (to - from)))
  const { segments, colors, pressures } = strokes
  return {
    ...strokes,
    points: Float32Array.from([...strokes.points.subarray(0, 2 * offsets[whole]!), ...tip]),
    ...(pressures && { pressures: Float32Array.from([...pressures.subarray(0, offsets[whole]), ...pressed]) }),
    widths: strokes.widths.slice(0, begun),
    ...(colors && { colors: colors.slice(0, 4 * begun) }),
    segments: Uint8Array.from({ length: begun }, (_, i) => (i < whole ? (segments?.[i] ?? 1) : (tip.length - 2) / 6)),
  }
}

/** A drawing as a pen draws it, `count` times at even distances, the last one the whole of it. */
export function penMoments(strokes: Strokes, count: number): Strokes[] {
  const spans = penTimes(strokes)
  return Array.from({ length: count }, (_, k) => drawnBy(strokes, spans, (k + 1) / count) ?? strokes)
}

function between(values: Float64Array, share: number): number {
  const at = Math.min(values.length - 1 - 1e-9, share * (values.length - 1))
  const before = Math.floor(at)
  return values[before]! + (at - before) * (values[before + 1]! - values[before]!)
}

/** The control points of the first part of a stroke, by a share of its length, and the pressure at them. */
function firstPart(strokes: Strokes, index: number, share: number): { tip: number[]; pressed: number[] } {
  const places = placesAlong(strokes, index)
  const steps = places.slice(1).map((place, k) => apart(place, places[k]!))
  let left = share * steps.reduce((sum, step) => sum + step, 0)
  let k = 0
  while (k < steps.length - 1 && left > steps[k]!) left -= steps[k++]!
  const place = (k + Math.min(1, left / (steps[k]! || 1))) / STEPS
  const last = Math.max(0, Math.min(Math.ceil(place) - 1, steps.length / STEPS - 1))
  const starts = startsOf(strokes, index, pointOffsets(strokes)[index]!)
  const upTo = Math.max(1e-3, place - last)
  const cutOff = (numbers: Float32Array): number[] => [
    ...numbers.slice(2 * starts[0]!, 2 * starts[last]! + 2),
    ...partOf(Array.from(numbers.subarray(2 * starts[last]!, 2 * starts[last]! + 8)) as Cubic, 0, upTo).slice(2),
  ]
  // Pressure is cut as a coordinate is.
  const { pressures } = strokes
  const paired = pressures && Float32Array.from({ length: 2 * pressures.length }, (_, i) => pressures[i >> 1]!)
  return { tip: cutOff(strokes.points), pressed: paired ? cutOff(paired).filter((_, i) => i % 2 === 0) : [] }
}
