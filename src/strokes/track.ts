import { CANVAS } from '../units.ts'
import { placesOn, polygonLength } from './bezier.ts'
import type { Cubic } from './fit.ts'
import { piecesNear, type Pieces } from './pieces.ts'

/** A stroke draws the lines that lie within so many units of it … */
const REACH = 3
/** … and run in its direction: the cosine between them is at least this. */
const ALONG = 0.8
/** A stroke is followed in steps of about this length, in units. */
const STEP = 2
/** Within a stroke, a piece belongs to a step that ends so many units before it, so that none is lost in a bend. */
const SLACK = 0.5
/** What drawing a unit of nothing costs, next to the gain of a unit of the strongest line. */
const EMPTY_COST = 0.3
/** What drawing a unit of anything costs: weak lines are not worth it. */
const INK_COST = 0.02
/** What an uneven bend costs, for each unit² that the third difference of the control points has over length². */
const UNEVEN_COST = 0.02
/** No stroke gets shorter than this, in units, … */
const SHORTEST = 8
/** … and none draws nothing along more than this share of its length: one with little to do would drift away. */
const EMPTIEST = 0.5

/** The pieces of lines, by number, that a stroke draws, how closely each, 0..1, and what the stroke costs anyhow. */
export interface Track {
  pieces: Int32Array
  closeness: Float64Array
  cost: number
}

/** Finds the track of a cubic; undefined where that is no stroke: too short, or mostly beside all lines. */
export function tracker(pieces: Pieces): (cubic: Cubic) => Track | undefined {
  const { x, y, dx, dy } = pieces
  const { start, found } = piecesNear(pieces, REACH + STEP / 2 + 2 * SLACK)
  // how far aside of the cubic each piece lies that was met so far, and which those are
  const aside = new Float64Array(x.length).fill(Infinity)
  const met = new Int32Array(x.length)
  let count = 0

  /** Meets the pieces abreast of a step (vx, vy) from (ax, ay), `from` to `to` units on; whether there are any. */
  const meet = (ax: number, ay: number, vx: number, vy: number, length: number, from: number, to: number): boolean => {
    const pixel = pixelAt(ax + vx / 2, ay + vy / 2)
    let any = false
    for (let i = start[pixel]!; i < start[pixel + 1]!; i++) {
      const p = found[i]!
      const px = x[p]! - ax
      const py = y[p]! - ay
      const on = (px * vx + py * vy) / length
      if (on < from || on > to) continue
      const away = Math.abs(py * vx - px * vy) / length
      if (away >= REACH || Math.abs(dx[p]! * vx + dy[p]! * vy) < ALONG * length) continue
      any = true
      if (aside[p] === Infinity) met[count++] = p
      if (away < aside[p]!) aside[p] = away
    }
    return any
  }

  /** The pieces met, and how closely; they are forgotten. */
  const leave = (): Pick<Track, 'pieces' | 'closeness'> => {
    const drawn = met.slice(0, count)
    const closeness = new Float64Array(count)
    for (let k = 0; k < count; k++) {
      closeness[k] = closenessAt(aside[drawn[k]!]!)
      aside[drawn[k]!] = Infinity
    }
    count = 0
    return { pieces: drawn, closeness }
  }

  return (cubic) => {
    const places = placesOn(cubic, 0, Math.max(4, Math.ceil(polygonLength(cubic, 0) / STEP)))
    const last = places.length - 2
    let whole = 0
    let empty = 0
    for (let k = 2; k <= last; k += 2) {
      const vx = places[k]! - places[k - 2]!
      const vy = places[k + 1]! - places[k - 1]!
      const length = Math.sqrt(vx * vx + vy * vy) || 1e-9
      const from = k === 2 ? 0 : -SLACK
      const to = k === last ? length : length + SLACK
      whole += length
      if (!meet(places[k - 2]!, places[k - 1]!, vx, vy, length, from, to)) empty += length
    }
    const track = leave()
    if (whole < SHORTEST || empty > EMPTIEST * whole) return undefined
    return { ...track, cost: INK_COST * whole + EMPTY_COST * empty + UNEVEN_COST * unevenness(cubic) }
  }
}

/** The pixel at a place; off the canvas it is the one past the last, which has no pieces. */
function pixelAt(x: number, y: number): number {
  return x >= 0 && y >= 0 && x < CANVAS && y < CANVAS ? Math.floor(y) * CANVAS + Math.floor(x) : CANVAS * CANVAS
}

/** How closely a stroke runs along a piece that lies so many units aside: 1 on it, 0 at REACH. */
function closenessAt(aside: number): number {
  const squared = (aside * aside) / (REACH * REACH)
  return 1 - squared * squared
}

/** How far a cubic is from an even arc: its third difference, squared, over its squared length; see loss/smoothness.ts. */
function unevenness(c: Cubic): number {
  const [ex, ey] = [c[6] - c[0], c[7] - c[1]]
  const [jx, jy] = [ex - 3 * (c[4] - c[2]), ey - 3 * (c[5] - c[3])]
  return (jx * jx + jy * jy) / (ex * ex + ey * ey + SHORTEST ** 2)
}
