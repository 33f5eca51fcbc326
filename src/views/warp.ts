import { CANVAS } from '../units.ts'
import { REACH, enlargement, type Enlargement } from './enlarge.ts'
import { paddedSide, perspectiveTaps, type Taps } from './perspective.ts'
import type { View } from './view.ts'

/**
 * A view ready to be looked through. What its perspective and its crop mean for each pixel is computed once (about
 * 0.9 MB); after that a look costs what the ink costs, because a drawing is mostly paper.
 */
export interface Warp {
  readonly taps: Taps
  readonly larger: Enlargement
  /** [CANVAS·CANVAS] What blank paper looks like. */
  readonly paper: Float32Array
}

/** The ink of one square plane: where it is not white, and by how much. */
export interface Ink {
  /** [padded·padded] The plane less white, within a border of nothing. */
  readonly dark: Float32Array
  /** [padded·padded] Not 0 where that pixel, or its neighbour to the right, below or both, has ink. */
  readonly near: Uint8Array
}

export function warpOf(view: View): Warp {
  const blank = {
    taps: perspectiveTaps(view),
    larger: enlargement(view.side),
    paper: new Float32Array(CANVAS * CANVAS),
  }
  const paper = new Float32Array(CANVAS * CANVAS)
  if (view.around === 'white') return { ...blank, paper: paper.fill(1) }
  // Seen on black, white is the ink.
  const black = inkOf(new Float32Array((view.canvas ?? CANVAS) ** 2))
  warp(blank, { ...black, dark: black.dark.map(Math.abs) }, paper)
  return { ...blank, paper }
}

export function inkOf(plane: Float32Array): Ink {
  const canvas = Math.sqrt(plane.length)
  const padded = paddedSide(canvas)
  const dark = new Float32Array(padded * padded)
  const near = new Uint8Array(padded * padded)
  for (let y = 0, i = 0; y < canvas; y++) {
    for (let x = 0, at = (y + 1) * padded + 1; x < canvas; x++, i++, at++) {
      if (plane[i] === 1) continue
      dark[at] = plane[i]! - 1
      near[at] = near[at - 1] = near[at - padded] = near[at - padded - 1] = 1
    }
  }
  return { dark, near }
}

/** One row of a square, enlarged to a row of the canvas: working memory of one call at a time. */
const wide = new Float64Array(CANVAS)

/** Draws what a plane with this ink looks like through a view into `to`, [CANVAS·CANVAS]. */
export function warp({ taps, larger, paper }: Warp, { dark, near }: Ink, to: Float32Array): void {
  const { padded, first, shares } = taps
  const { side, first: places, count, shares: enlarged } = larger
  to.set(paper)
  for (let row = 0, i = 0; row < side; row++) {
    let blank = true
    for (let column = 0; column < side; column++, i++) {
      const at = first[i]!
      if (near[at] === 0) continue
      if (blank) wide.fill(0)
      blank = false
      const s = 4 * i
      const upper = shares[s]! * dark[at]! + shares[s + 1]! * dark[at + 1]!
      const lower = shares[s + 2]! * dark[at + padded]! + shares[s + 3]! * dark[at + padded + 1]!
      const value = upper + lower
      const place = places[column]!
      for (let j = 0; j < count[column]!; j++) wide[place + j]! += value * enlarged[REACH * column + j]!
    }
    if (blank) continue
    for (let k = 0; k < count[row]!; k++) {
      const share = enlarged[REACH * row + k]!
      const line = (places[row]! + k) * CANVAS
      for (let x = 0; x < CANVAS; x++) to[line + x]! += share * wide[x]!
    }
  }
}

/**
 * The way back of `warp`: adds the gradient of what was seen, [CANVAS·CANVAS], up in `sums`, [padded·padded]. It is whole
 * where there is ink; where there is none it is not, because nothing that a stroke does shows there.
 */
export function warpBack({ taps, larger }: Warp, { near }: Ink, gradient: Float32Array, sums: Float32Array): void {
  const { padded, first, shares } = taps
  const { side, first: places, count, shares: enlarged } = larger
  for (let row = 0, i = 0; row < side; row++) {
    let blank = true
    for (let column = 0; column < side; column++, i++) {
      const at = first[i]!
      if (near[at] === 0) continue
      if (blank) gather(larger, row, gradient)
      blank = false
      let g = 0
      const place = places[column]!
      for (let j = 0; j < count[column]!; j++) g += wide[place + j]! * enlarged[REACH * column + j]!
      const s = 4 * i
      sums[at]! += shares[s]! * g
      sums[at + 1]! += shares[s + 1]! * g
      sums[at + padded]! += shares[s + 2]! * g
      sums[at + padded + 1]! += shares[s + 3]! * g
    }
  }
}

/** Brings the rows of the canvas that a row of the square shows in together in `wide`. */
function gather({ first, count, shares }: Enlargement, row: number, from: Float32Array): void {
  wide.fill(0)
  for (let k = 0; k < count[row]!; k++) {
    const share = shares[REACH * row + k]!
    const line = (first[row]! + k) * CANVAS
    for (let x = 0; x < CANVAS; x++) wide[x]! += share * from[line + x]!
  }
}
