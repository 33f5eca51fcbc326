import type { LineField } from '../subject/lines.ts'
import { CANVAS } from '../units.ts'
import type { Chain } from './chains.ts'
import { gainsOfBest } from './choose.ts'
import { linesFor } from './trace.ts'

/** As many strokes as a curve of gains tells of. */
export const MOST_TOLD = 128
/** How far, in units, the strokes of such a curve may stray from their lines. */
const TOLERANCE = 2
/** One stroke draws two lines that run beside each other no further apart than this, in units: both edges of a pen's line. */
const BESIDE = 5.5
/** They run beside each other where the cosine between them is at least this. */
const PARALLEL = 0.7

/** The lines among which a number is looked for are those that so many strokes would draw. */
const USUAL = 16

/** The curve of gains of the lines in a field. */
export function gainsIn(field: LineField): Float64Array {
  return gainCurve(linesFor(field, USUAL))
}

/** What the best n strokes gain of the lines' worth, for n from 0 to MOST_TOLD. */
export function gainCurve(chains: readonly Chain[]): Float64Array {
  return gainsOfBest(onceEach(chains), MOST_TOLD, TOLERANCE)
}

/**
 * A person stops at the last stroke that adds at least this share of what those up to it add in the mean, where a subject is
 * as compact as can be and that is about the stroke of this number; …
 */
const MISSED = 0.47
const ABOUT = 12
/** … more of it the more strokes there are, by this power of how many times more: one gets tired; … */
const TIRED = 0.3
/** … less of it where it has limbs, as it fills less of its convex hull, but never than if it filled so much. */
const LEAST_FILLED = 0.3
/**
 * That is where no more or less detail is asked for than this; the most that can be asked for squares it, the least is its
 * root.
 */
const PLAIN = 0.5
const POWER = 2

/**
 * How many strokes a person would draw: they stop where one more adds little to what is drawn. `gains` are a gainCurve;
 * `solidity`, 0..1, is how much of its convex hull the subject fills; `detail`, 0..1, asks for more or for less of it. As each
 * stroke is held against what others add to this very drawing, it depends neither on how strong lines are nor on how many
 * there are. At least 1.
 */
export function countFor(gains: ArrayLike<number>, solidity = 1, detail = PLAIN): number {
  const missed = MISSED * Math.max(LEAST_FILLED, solidity)
  const power = POWER ** ((detail - PLAIN) / PLAIN)
  for (let n = gains.length - 1; n > 1; n--) {
    const added = gains[n]! - gains[n - 1]!
    const least = (missed * (n / ABOUT) ** TIRED) ** power
    if (added > 0 && added >= (least * gains[n]!) / n) return n
  }
  return 1
}

/** Which lines run where is kept for squares of so many units a side, and for some around the canvas. */
const CELL = 2
const MARGIN = Math.ceil(BESIDE / CELL)
const CELLS = CANVAS / CELL + 2 * MARGIN
/** The squares whose middles lie beside one's own, as steps between their places row by row. */
const AROUND = squaresAround()

function squaresAround(): number[] {
  const steps = Array.from({ length: 2 * MARGIN + 1 }, (_, k) => k - MARGIN)
  return steps.flatMap((v) => steps.filter((u) => CELL * Math.hypot(u, v) <= BESIDE).map((u) => v * CELLS + u))
}

function squareOf(x: number, y: number): number {
  return (Math.floor(y / CELL) + MARGIN) * CELLS + Math.floor(x / CELL) + MARGIN
}

/** The lines without those parts of them that another, more important one runs beside: who draws that draws both. */
function onceEach(chains: readonly Chain[]): Chain[] {
  const [dx, dy] = [new Float32Array(CELLS * CELLS), new Float32Array(CELLS * CELLS)]
  const worth = ({ strength }: Chain): number => strength.reduce((sum, s) => sum + s, 0)
  const byWorth = chains.map((chain) => ({ chain, worth: worth(chain) })).sort((a, b) => b.worth - a.worth)
  return byWorth.map(({ chain }) => {
    const { x, y, known } = chain
    const [ux, uy] = directionsOf(chain)
    const strength = [...chain.strength]
    for (let k = 0; k < strength.length && known === undefined; k++) {
      const square = squareOf(x[k]!, y[k]!)
      if (Math.abs(dx[square]! * ux[k]! + dy[square]! * uy[k]!) > PARALLEL) strength[k] = 0
    }
    // points lie about a unit apart
    for (let k = 0; k < x.length; k += CELL) {
      const square = squareOf(x[k]!, y[k]!)
      for (const step of AROUND) {
        dx[square + step] = ux[k]!
        dy[square + step] = uy[k]!
      }
    }
    return { ...chain, strength }
  })
}

/** Which way a chain runs at each of its points, in x and in y, of length 1. */
function directionsOf({ x, y }: Chain): [dx: Float64Array, dy: Float64Array] {
  const n = x.length
  const [ux, uy] = [new Float64Array(n), new Float64Array(n)]
  for (let k = 0; k < n; k++) {
    const before = Math.max(0, k - 3)
    const after = Math.min(n - 1, k + 3)
    const length = Math.hypot(x[after]! - x[before]!, y[after]! - y[before]!) || 1
    ux[k] = (x[after]! - x[before]!) / length
    uy[k] = (y[after]! - y[before]!) / length
  }
  return [ux, uy]
}
