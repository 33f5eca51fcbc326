import type { Stroke } from '../state/strokes.ts'
import { distance, sampled, straight } from '../state/cubics.ts'
import type { Point } from '../state/mask.ts'

/*
 * Where a pen goes, and how hard it is pressed there, until it is a line of the drawing.
 */

/** A line without looks of its own. */
export type Bare = Pick<Stroke, 'points' | 'pressure'>

/** Places nearer to the last one than this, in canvas units, add nothing. */
const APART = 0.7
/** Shorter than this, in canvas units, it is but a dot. */
const SHORTEST = 5
/** The lightest touch leaves so much of the width. */
const LIGHTEST = 0.12
/** What a pen says all the time that does not know how hard it is pressed. */
const UNKNOWN = 0.5

export function createTrail(from: Point, pressure: number | undefined) {
  const places: Point[] = [from]
  const pressed: number[] = [shareOf(pressure)]
  let tells = pressure !== undefined && pressure !== UNKNOWN
  let isStraight = false
  const lengthSoFar = (): number => places.slice(1).reduce((sum, place, i) => sum + distance(place, places[i]!), 0)

  return {
    to(at: Point, pressure: number | undefined): void {
      if (isStraight) places.splice(1, Infinity, at)
      else if (distance(at, places.at(-1)!) >= APART) places.push(at)
      isStraight = false
      pressed.splice(places.length - 1, Infinity, shareOf(pressure))
      tells ||= pressure !== undefined && pressure !== UNKNOWN
    },
    /** Straight from where it began. */
    straightTo(at: Point): void {
      places.splice(1, Infinity, at)
      pressed.splice(1, Infinity, pressed[0]!)
      isStraight = true
    },
    /** As it is now, one straight cubic after another. */
    line(): Bare {
      const [first, ...rest] = places
      const cubics = rest.flatMap((place, i) => [...straight(places[i]!, place).subarray(2)])
      const points = Float32Array.from([first!.x, first!.y, ...cubics])
      if (!tells) return { points }
      const shares = pressed.slice(1).flatMap((share, i) => {
        const before = pressed[i]!
        return [before + (share - before) / 3, before + (2 * (share - before)) / 3, share]
      })
      return { points, pressure: Float32Array.from([pressed[0]!, ...shares]) }
    },
    /** What becomes of it; nothing of a dot. `simplified` draws a smooth line of few cubics through places. */
    end(simplified: (places: readonly Point[]) => Float32Array | undefined): Bare | undefined {
      if (lengthSoFar() < SHORTEST) return undefined
      const points = isStraight ? straight(places[0]!, places.at(-1)!) : simplified(places)
      return points && { points, ...(tells && { pressure: pressureAlong(points, places, pressed) }) }
    },
  }
}

const shareOf = (pressure = 1): number => LIGHTEST + (1 - LIGHTEST) * Math.min(1, Math.max(0, pressure))

/** The pressure at each control point of a line that was drawn through places: that at the same share of the way. */
function pressureAlong(points: Float32Array, places: readonly Point[], pressed: readonly number[]): Float32Array {
  const line = sampled(points)
  const [onLine, onPlaces] = [sharesOf(line), sharesOf(places)]
  return Float32Array.from({ length: points.length / 2 }, (_, i) => {
    const k = line.findIndex(({ at }) => at >= i / 3 - 1e-9)
    const share = onLine[k < 0 ? line.length - 1 : k]!
    const next = Math.max(
      1,
      onPlaces.findIndex((other) => other >= share - 1e-9),
    )
    const [a, b] = [onPlaces[next - 1]!, onPlaces[next]!]
    const between = b > a ? Math.min(1, Math.max(0, (share - a) / (b - a))) : 0
    return pressed[next - 1]! + between * (pressed[next]! - pressed[next - 1]!)
  })
}

/** How far each place is along the way through all of them, 0..1. */
function sharesOf(places: readonly Point[]): number[] {
  let length = 0
  const along = places.map((place, i) => (i === 0 ? 0 : (length += distance(place, places[i - 1]!))))
  return along.map((at) => at / (length || 1))
}
