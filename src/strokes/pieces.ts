import { hypotenuse } from '../hypotenuse.ts'
import { CANVAS } from '../units.ts'
import type { Chain } from './chains.ts'
import { pixelsAround } from './pixels.ts'

/** The lines in pieces of equal length: where each lies, which way it runs (of length 1), and how much it is worth. */
export interface Pieces {
  x: Float64Array
  y: Float64Array
  dx: Float64Array
  dy: Float64Array
  /** Strength times length. */
  worth: Float64Array
}

/** Length of a piece, in units. */
const PIECE = 2

/** The chains in pieces; a bridged gap is none. */
export function piecesOf(chains: readonly Chain[]): Pieces {
  const pieces = chains.flatMap(({ x, y, strength }) =>
    strength.flatMap((here, k) => {
      if (k % PIECE > 0 || here === 0) return []
      const [before, after] = [Math.max(0, k - 2), Math.min(x.length - 1, k + 2)]
      const [dx, dy] = [x[after]! - x[before]!, y[after]! - y[before]!]
      const length = hypotenuse(dx, dy) || 1
      return [[x[k]!, y[k]!, dx / length, dy / length, PIECE * here] as const]
    }),
  )
  const column = (i: 0 | 1 | 2 | 3 | 4): Float64Array => Float64Array.from(pieces, (piece) => piece[i])
  return { x: column(0), y: column(1), dx: column(2), dy: column(3), worth: column(4) }
}

/** The chains with their strengths times `left`, which has a number for each piece as `piecesOf` counts them. */
export function weakened(chains: readonly Chain[], left: ArrayLike<number>): Chain[] {
  let p = 0
  return chains.map((chain) => {
    let factor = 1
    const strength = chain.strength.map((here, k) => {
      if (k % PIECE === 0) factor = here === 0 ? 1 : left[p++]!
      return factor * here
    })
    return { ...chain, strength }
  })
}

/** For each pixel of the canvas, the numbers of the pieces around it: `found[start[pixel]]` to before `found[start[pixel + 1]]`. */
export interface Nearby {
  start: Int32Array
  found: Int32Array
}

/** The pieces within `reach` units of the middle of each pixel. */
export function piecesNear({ x, y }: Pieces, reach: number): Nearby {
  const visit = (each: (pixel: number, piece: number) => void): void =>
    x.forEach((px, p) => pixelsAround(px, y[p]!, reach, (pixel) => each(pixel, p)))
  // Counted first, then put where their counts say: an array a pixel would take longer than all that is done with them.
  const start = new Int32Array(CANVAS * CANVAS + 1)
  visit((pixel) => start[pixel + 1]!++)
  for (let pixel = 0; pixel < CANVAS * CANVAS; pixel++) start[pixel + 1]! += start[pixel]!
  const next = start.slice()
  const found = new Int32Array(start[CANVAS * CANVAS]!)
  visit((pixel, p) => (found[next[pixel]!++] = p))
  return { start, found }
}
