import { meanOf, type Face, type Place } from './faces.ts'
import { ramp } from './ramp.ts'

/** A line: a point about every unit, and how strong it is there, next to the photo's strongest line. */
export interface Line {
  x: number[]
  y: number[]
  strength: number[]
}

/** Lines that make one thing, such as two eyes: they are drawn together or not at all. */
export type Feature = readonly Line[]

/** What an illustrator draws of a face, as lines through its places, and from what size of it on, in units. */
interface Manner {
  lines: readonly ((places: readonly Place[]) => Place[])[]
  from: number
  /** Each line counts for as many units of the photo's strongest line as this, times the size of the face. */
  worth: number
}

/** The smaller a face, the less of it is drawn. */
const MANNERS: readonly Manner[] = [
  { lines: [places(36, 39), places(42, 45)], from: 0, worth: 0.65 },
  { lines: [mouth], from: 0, worth: 0.55 },
  { lines: [places(2, 14)], from: 0, worth: 0.5 },
  { lines: [places(17, 21), places(22, 26)], from: 42, worth: 0.2 },
  { lines: [places(31, 35)], from: 42, worth: 0.24 },
  { lines: [places(48, 54)], from: 120, worth: 0.1 },
  { lines: [(all) => [...places(54, 59)(all), all[48]!]], from: 84, worth: 0.1 },
  { lines: [lowerLid(36), lowerLid(42)], from: 84, worth: 0.1 },
]

/** Within a face of at most SMALL units edges are noise and count for this; they count fully in one of LARGE units. */
const QUIET = 0.3
const SMALL = 50
const LARGE = 150
/** Half axes of the oval within which that holds, as shares of the face's size: between its eyes and along them, across them. */
const OVAL = [0.3, 0.36] as const

/** Of a body: how far below the chin the neck ends and the shoulders do, and half widths of both; … */
const NECK = 0.5
const SHOULDERS = 1.3
const NECK_WIDE = 0.6
const SHOULDERS_WIDE = 1.7
/** … it is ever less likely between these depths, and at its sides within this share of its width. */
const CHEST = 2.5
const WAIST = 5
const SIDE = 0.3

/** What is drawn of a face: where its edges are too fine or too faint to be told from shade, one draws what one knows. */
export function featuresOf({ size, places }: Face): Feature[] {
  return MANNERS.filter(({ from }) => size >= from).map(({ lines, worth }) =>
    lines.map((through) => {
      const curve = smoothThrough(through(places))
      const strength = curve.map(() => (worth * size) / curve.length)
      return { x: curve.map(([x]) => x), y: curve.map(([, y]) => y), strength }
    }),
  )
}

/** What the edges found in a face count for, at any place (x, y). */
export function clarityIn(face: Face): (x: number, y: number) => number {
  const within = ovalOf(face)
  const clear = QUIET + (1 - QUIET) * ramp(face.size, SMALL, LARGE)
  return (x, y) => (within(x, y) ? clear : 1)
}

/** Whether a place (x, y) lies within a face. */
export function ovalOf({ size, places }: Face): (x: number, y: number) => boolean {
  const [left, right] = [meanOf(places.slice(36, 42)), meanOf(places.slice(42, 48))]
  const middle = meanOf([left, right, places[8]!])
  const apart = Math.hypot(right[0] - left[0], right[1] - left[1]) || 1
  const [ux, uy] = [(right[0] - left[0]) / apart, (right[1] - left[1]) / apart]
  return (x, y) => {
    const [dx, dy] = [x - middle[0], y - middle[1]]
    const along = (dx * ux + dy * uy) / (OVAL[0] * size)
    const across = (dy * ux - dx * uy) / (OVAL[1] * size)
    return along * along + across * across <= 1
  }
}

/**
 * How much a place (x, y) is, 0..1, where one who has this face is likely to have neck, shoulders and chest, seen from the front. In
 * lengths from the eyes to the chin, which is half of a head.
 */
export function bodyOf({ places }: Face): (x: number, y: number) => number {
  const eyes = meanOf(places.slice(36, 48))
  const chin = places[8]!
  const length = Math.hypot(chin[0] - eyes[0], chin[1] - eyes[1]) || 1
  const [dx, dy] = [(chin[0] - eyes[0]) / length, (chin[1] - eyes[1]) / length]
  return (x, y) => {
    const down = ((x - chin[0]) * dx + (y - chin[1]) * dy) / length
    if (down < 0) return 0
    const aside = Math.abs((x - chin[0]) * dy - (y - chin[1]) * dx) / length
    const width = NECK_WIDE + ramp(down, NECK, SHOULDERS) * (SHOULDERS_WIDE - NECK_WIDE)
    return ramp(down, WAIST, CHEST) * ramp(aside, width, (1 - SIDE) * width)
  }
}

function places(first: number, last: number): (all: readonly Place[]) => Place[] {
  return (all) => all.slice(first, last + 1)
}

/** Where the lips meet. */
function mouth(all: readonly Place[]): Place[] {
  const between = [61, 62, 63].map((upper) => meanOf([all[upper]!, all[128 - upper]!]))
  return [all[48]!, ...between, all[54]!]
}

function lowerLid(corner: number): (all: readonly Place[]) => Place[] {
  return (all) => [all[corner]!, all[corner + 5]!, all[corner + 4]!, all[corner + 3]!]
}

/** A curve through places with a point about every unit: Catmull-Rom splines (Catmull & Rom 1974), the ends continued. */
function smoothThrough(knots: readonly Place[]): Place[] {
  const at = (i: number): Place => knots[Math.min(knots.length - 1, Math.max(0, i))]!
  const curve = knots.slice(1).flatMap((to, i): Place[] => {
    const [before, from, after] = [at(i - 1), at(i), at(i + 2)]
    const steps = Math.max(1, Math.round(Math.hypot(to[0] - from[0], to[1] - from[1])))
    return Array.from({ length: steps }, (_, k) => {
      const t = k / steps
      const along = (a: 0 | 1): number =>
        from[a] +
        (t / 2) *
          (to[a] -
            before[a] +
            t *
              (2 * before[a] - 5 * from[a] + 4 * to[a] - after[a] + t * (3 * (from[a] - to[a]) + after[a] - before[a])))
      return [along(0), along(1)]
    })
  })
  return [...curve, knots.at(-1)!]
}
