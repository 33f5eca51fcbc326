import type { LineField } from '../subject/lines.ts'
import { CANVAS } from '../units.ts'
import type { Chain } from './chains.ts'
import { gainsOfBest } from './choose.ts'
import { pixelsAround } from './pixels.ts'
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
const MISSED = 0.4
const ABOUT = 12
/** … more of it the more strokes there are, by this power of how many times more: one gets tired; … */
const TIRED = 0.15
/** … less of it where it has limbs, by this power of how much of its convex hull it fills, but never of less than this. */
const LIMBS = 0.8
const LEAST_FILLED = 0.4
/** That is where no more or less detail is asked for than this; the most that can be asked for squares it, the least is its root. */
const PLAIN = 0.5
const POWER = 2

/**
 * How many strokes a person would draw: they stop where one more adds little to what is drawn. `gains` are a gainCurve;
 * `solidity`, 0..1, is how much of its convex hull the subject fills; `detail`, 0..1, asks for more or for less of it. As each
 * stroke is held against what others add to this very drawing, it depends neither on how strong lines are nor on how many
 * there are. At least 1.
 */
export function countFor(gains: ArrayLike<number>, solidity = 1, detail = PLAIN): number {
  const missed = MISSED * Math.max(LEAST_FILLED, solidity) ** LIMBS
  const power = POWER ** ((detail - PLAIN) / PLAIN)
  for (let n = gains.length - 1; n > 1; n--) {
    const added = gains[n]! - gains[n - 1]!
    const least = (missed * (n / ABOUT) ** TIRED) ** power
    if (added > 0 && added >= (least * gains[n]!) / n) return n
  }
  return 1
}

/** The lines without those parts of them that another, more important one runs beside: who draws that draws both. */
function onceEach(chains: readonly Chain[]): Chain[] {
  const [dx, dy] = [new Float32Array(CANVAS * CANVAS), new Float32Array(CANVAS * CANVAS)]
  const worth = ({ strength }: Chain): number => strength.reduce((sum, s) => sum + s, 0)
  return [...chains]
    .sort((a, b) => worth(b) - worth(a))
    .map((chain) => {
      const along = directionsOf(chain)
      const pixel = (k: number): number => Math.floor(chain.y[k]!) * CANVAS + Math.floor(chain.x[k]!)
      const isDrawn = (k: number): boolean =>
        Math.abs(dx[pixel(k)]! * along[k]![0] + dy[pixel(k)]! * along[k]![1]) > PARALLEL
      const strength = chain.strength.map((s, k) => (chain.known === undefined && isDrawn(k) ? 0 : s))
      along.forEach(([ux, uy], k) =>
        pixelsAround(chain.x[k]!, chain.y[k]!, BESIDE, (i) => {
          dx[i] = ux
          dy[i] = uy
        }),
      )
      return { ...chain, strength }
    })
}

/** Which way a chain runs at each of its points, of length 1. */
function directionsOf({ x, y }: Chain): (readonly [number, number])[] {
  return x.map((_, k) => {
    const [before, after] = [Math.max(0, k - 3), Math.min(x.length - 1, k + 3)]
    const [dx, dy] = [x[after]! - x[before]!, y[after]! - y[before]!]
    const length = Math.hypot(dx, dy) || 1
    return [dx / length, dy / length] as const
  })
}
