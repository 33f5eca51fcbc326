import { CANVAS } from '../units.ts'

/**
 * How a square of side·side pixels is enlarged to the canvas, bilinearly, told from the square's side: its row (or column)
 * k shows in the `count[k]` rows of the canvas from `first[k]` on, with the shares that begin at `shares[REACH * k]`.
 */
export interface Enlargement {
  readonly side: number
  readonly first: Uint8Array
  readonly count: Uint8Array
  readonly shares: Float32Array
}

/** No row of a square reaches more rows of the canvas than this; a square has at least half as many. */
export const REACH = 4

export function enlargement(side: number): Enlargement {
  const made = {
    side,
    first: new Uint8Array(side),
    count: new Uint8Array(side),
    shares: new Float32Array(REACH * side),
  }
  const add = (k: number, row: number, share: number): void => {
    if (share === 0) return
    if (made.count[k] === 0) made.first[k] = row
    made.shares[REACH * k + made.count[k]!++] = share
  }
  for (let row = 0; row < CANVAS; row++) {
    const place = Math.min(side - 1, Math.max(0, ((row + 0.5) * side) / CANVAS - 0.5))
    const from = Math.min(side - 2, Math.floor(place))
    add(from, row, 1 - (place - from))
    add(from + 1, row, place - from)
  }
  return made
}
