import { CANVAS } from '../units.ts'
import { placesOn, polygonLength } from './bezier.ts'
import type { Cubic } from './fit.ts'
import { piecesNear, type Pieces } from './pieces.ts'

/** A stroke draws the lines that lie within so many units of it … */
const REACH = 3
/** … and run in its direction: the cosine between them is at least this. */
const ALONG = 0.8
/** A stroke is followed in steps of about this length, in units. */
const STEP = 3.5
/** Where a cubic runs fastest, its steps are longer than most, up to this. */
const LONGEST_STEP = 1.5 * STEP
/** Within a stroke, a piece belongs to a step that ends so many units before it, so that none is lost in a bend. */
const SLACK = 0.5
/** What drawing a unit of nothing costs, next to the gain of a unit of the strongest line. */
const EMPTY_COST = 0.55
/** What drawing a unit of anything costs: weak lines are not worth it. */
const INK_COST = 0.02
/** What an uneven bend costs, for each unit² that the third difference of the control points has over length². */
const UNEVEN_COST = 0.02
/** No stroke gets shorter than this, in units, … */
const SHORTEST = 8
/** … and none draws nothing along more than this share of its length: one with little to do would drift away. */
const EMPTIEST = 0.5

/** The first `count` are the pieces of lines, by number, that a stroke draws, and how closely each, 0..1. */
export interface Track {
  count: number
  pieces: Int32Array
  closeness: Float64Array
  /** What the stroke costs anyhow. */
  cost: number
}

/** A track that stays as it is. */
export function kept({ count, pieces, closeness, cost }: Track): Track {
  return { count, pieces: pieces.slice(0, count), closeness: closeness.slice(0, count), cost }
}

/**
 * Finds the track of a cubic; undefined where that is no stroke: too short, or mostly beside all lines. It is found in the
 * same memory each time: what is wanted longer than until the next one has to be `kept`.
 */
export function tracker(pieces: Pieces): (cubic: Cubic) => Track | undefined {
  const { x, y, dx, dy } = pieces
  const { start, found } = piecesNear(pieces, Math.hypot(LONGEST_STEP / 2 + SLACK, REACH) + Math.SQRT1_2)
  // how far aside of the cubic each piece lies that was met so far
  const aside = new Float64Array(x.length).fill(Infinity)
  let places = new Float64Array()
  const track: Track = { count: 0, pieces: new Int32Array(x.length), closeness: new Float64Array(x.length), cost: 0 }

  /** Meets the pieces abreast of a step to (ux, uy) from (ax, ay), `from` to `to` units on; whether there are any. */
  const meet = (ax: number, ay: number, ux: number, uy: number, length: number, from: number, to: number): boolean => {
    const pixel = pixelAt(ax + (length / 2) * ux, ay + (length / 2) * uy)
    let any = false
    for (let i = start[pixel]!; i < start[pixel + 1]!; i++) {
      const p = found[i]!
      const px = x[p]! - ax
      const py = y[p]! - ay
      const on = px * ux + py * uy
      if (on < from || on > to) continue
      const away = Math.abs(py * ux - px * uy)
      if (away >= REACH || Math.abs(dx[p]! * ux + dy[p]! * uy) < ALONG) continue
      any = true
      if (aside[p] === Infinity) track.pieces[track.count++] = p
      if (away < aside[p]!) aside[p] = away
    }
    return any
  }

  /** Tells how closely the pieces are run along that were met, and forgets how far aside they lie. */
  const leave = (): void => {
    for (let k = 0; k < track.count; k++) {
      const p = track.pieces[k]!
      track.closeness[k] = closenessAt(aside[p]!)
      aside[p] = Infinity
    }
  }

  return (cubic) => {
    const steps = Math.max(4, Math.ceil(polygonLength(cubic, 0) / STEP))
    if (places.length < 2 * (steps + 1)) places = new Float64Array(4 * (steps + 1))
    placesOn(cubic, 0, steps, places)
    const last = 2 * steps
    let whole = 0
    let empty = 0
    track.count = 0
    for (let k = 2; k <= last; k += 2) {
      const vx = places[k]! - places[k - 2]!
      const vy = places[k + 1]! - places[k - 1]!
      const length = Math.sqrt(vx * vx + vy * vy) || 1e-9
      const from = k === 2 ? 0 : -SLACK
      const to = k === last ? length : length + SLACK
      whole += length
      if (!meet(places[k - 2]!, places[k - 1]!, vx / length, vy / length, length, from, to)) empty += length
    }
    leave()
    if (whole < SHORTEST || empty > EMPTIEST * whole) return undefined
    track.cost = INK_COST * whole + EMPTY_COST * empty + UNEVEN_COST * unevenness(cubic)
    return track
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
