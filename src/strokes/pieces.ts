import { CANVAS } from '../units.ts'
import type { Chain } from './chains.ts'

/** A stroke draws the lines that lie within so many units of it … */
const REACH = 3
/** … and run in its direction: the cosine between them is at least this. */
const ALONG = 0.8

/** A unit or so of a chain: where it lies, which way it runs (of length 1), and how strong it is. */
export interface Piece {
  x: number
  y: number
  dx: number
  dy: number
  strength: number
}

/** The chains in pieces; a bridged gap is none. */
export function piecesOf(chains: readonly Chain[]): Piece[] {
  return chains.flatMap(({ x, y, strength }) =>
    strength.flatMap((here, k) => {
      if (here === 0) return []
      const [before, after] = [Math.max(0, k - 2), Math.min(x.length - 1, k + 2)]
      const [dx, dy] = [x[after]! - x[before]!, y[after]! - y[before]!]
      const length = Math.hypot(dx, dy) || 1
      return [{ x: x[k]!, y: y[k]!, dx: dx / length, dy: dy / length, strength: here }]
    }),
  )
}

/**
 * Tells of each piece that the step from a to b runs along, and how many units aside of the step it lies.
 * Returns whether there is any.
 */
export type Alongside = (
  ...args: [ax: number, ay: number, bx: number, by: number, tell: (piece: number, aside: number) => void]
) => boolean

/** A piece still belongs to a step that ends so many units before it, so that none falls between two steps. */
const SLACK = 0.5
/** About how long a step should be, in units. */
export const STEP = 1.5

export function alongside(pieces: readonly Piece[]): Alongside {
  const near = piecesNear(pieces)
  return (ax, ay, bx, by, tell) => {
    const dx = bx - ax
    const dy = by - ay
    const length = Math.sqrt(dx * dx + dy * dy) || 1
    let any = false
    for (const p of near((ax + bx) / 2, (ay + by) / 2)) {
      const piece = pieces[p]!
      const on = ((piece.x - ax) * dx + (piece.y - ay) * dy) / length
      const aside = Math.abs((piece.y - ay) * dx - (piece.x - ax) * dy) / length
      if (aside >= REACH || on < -SLACK || on > length + SLACK) continue
      if (Math.abs(piece.dx * dx + piece.dy * dy) < ALONG * length) continue
      any = true
      tell(p, aside)
    }
    return any
  }
}

/** How closely a stroke runs along a piece that lies so many units aside: 1 on it, 0 at REACH. */
export function closenessAt(aside: number): number {
  return 1 - (aside / REACH) ** 3
}

/** The pieces, and some more, that lie within reach of a place. */
function piecesNear(pieces: readonly Piece[]): (x: number, y: number) => readonly number[] {
  const none: number[] = []
  const near = new Array<number[]>(CANVAS * CANVAS).fill(none)
  const reach = REACH + STEP + SLACK
  pieces.forEach((piece, p) => {
    for (let y = Math.floor(piece.y - reach); y <= piece.y + reach; y++) {
      for (let x = Math.floor(piece.x - reach); x <= piece.x + reach; x++) {
        if (x < 0 || y < 0 || x >= CANVAS || y >= CANVAS) continue
        if ((x + 0.5 - piece.x) ** 2 + (y + 0.5 - piece.y) ** 2 > reach ** 2) continue
        const pixel = y * CANVAS + x
        if (near[pixel] === none) near[pixel] = [p]
        else near[pixel]!.push(p)
      }
    }
  })
  return (x, y) => (x >= 0 && x < CANVAS && y >= 0 && y < CANVAS ? near[Math.floor(y) * CANVAS + Math.floor(x)]! : none)
}
