/** Which lines a person would draw of what is seen, by exact geometry: outlines, then creases, parts and features. */
import type { Layer, Piece } from './stage.ts'
import { SLOT } from './things/shape.ts'

/** How much of a line is each of the borders that samples can meet at, 0 to 1. */
const WORTH = { outline: 1, jump: 0.9, crease: 0.5, part: 0.5, feature: 0.75, covered: 0.4, far: 0.3, region: 0.22 }

/** What is seen: the figure where it is in front, else what is behind it. */
export interface Seen {
  figure: Layer
  behind: Layer
  figurePieces: readonly Piece[]
  behindPieces: readonly Piece[]
  /** Size of the things in front, in the world. */
  size: number
  /** How sharp what is behind is, 0 to 1. */
  sharp: number
}

/** 1 on the samples where the figure is seen. */
export function figureOf({ figure, behind }: Pick<Seen, 'figure' | 'behind'>): Uint8Array {
  const seen = new Uint8Array(figure.piece.length)
  for (let i = 0; i < seen.length; i++) if (figure.piece[i]! >= 0 && figure.key[i]! > behind.key[i]!) seen[i] = 1
  return seen
}

/** Strength of lines at each sample, 0 to 1. They lie on the nearer of the two that a border parts. */
export function bordersOf(seen: Seen, isFigure: Uint8Array): Float32Array {
  const { figure, behind } = seen
  const { side } = figure
  const strength = new Float32Array(side * side)
  const mark = (i: number, j: number): void => {
    const a = isFigure[i]!
    const b = isFigure[j]!
    if (!a && !b && behind.piece[i] === behind.piece[j]) return
    let worth: number
    let front: number
    if (a && b) {
      worth = within(seen, i, j)
      front = figure.key[i]! >= figure.key[j]! ? i : j
    } else if (a || b) {
      const own = a ? i : j
      const other = a ? j : i
      // Whatever covers the figure ends it as well.
      const covered = behind.key[other]! > figure.key[own]! * 1.01 && behind.piece[other]! >= 0
      worth = covered ? WORTH.covered : WORTH.outline
      front = own
    } else {
      worth = around(seen, i, j)
      front = behind.key[i]! >= behind.key[j]! ? i : j
    }
    if (worth > strength[front]!) strength[front] = worth
  }
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const i = y * side + x
      if (x + 1 < side) mark(i, i + 1)
      if (y + 1 < side) mark(i, i + side)
    }
  }
  return strength
}

/** The worth of a border between two samples of the figure. */
function within({ figure, figurePieces, size }: Seen, i: number, j: number): number {
  const [p, q] = [figurePieces[figure.piece[i]!]!, figurePieces[figure.piece[j]!]!]
  if (p.object !== q.object) return WORTH.outline
  const near = figure.key[i]! >= figure.key[j]! ? i : j
  const far = near === i ? j : i
  const { normal, world } = figure
  const dx = world[3 * near]! - world[3 * far]!
  const dy = world[3 * near + 1]! - world[3 * far + 1]!
  const dz = world[3 * near + 2]! - world[3 * far + 2]!
  // A jump leaves the plane of what is behind; on one surface a step stays in it.
  const off = Math.abs(normal[3 * far]! * dx + normal[3 * far + 1]! * dy + normal[3 * far + 2]! * dz) / size
  const depth = (1 / figure.key[far]! - 1 / figure.key[near]!) / size
  const features = p !== q && (p.slot >= SLOT.dark || q.slot >= SLOT.dark)
  if (off > 0.02 || (depth > 0.1 && p !== q)) {
    const worth = Math.min(WORTH.jump, 0.3 + 7 * Math.max(off - 0.015, depth - 0.1))
    return features ? Math.max(worth, WORTH.feature) : worth
  }
  if (features && contrast(figure.colour, i, j) > 0.08) return WORTH.feature
  const facing =
    normal[3 * i]! * normal[3 * j]! + normal[3 * i + 1]! * normal[3 * j + 1]! + normal[3 * i + 2]! * normal[3 * j + 2]!
  if (p.slot !== q.slot && contrast(figure.colour, i, j) > 0.12) return WORTH.part
  if (facing < 0.75) return WORTH.crease * Math.min(1, 2 * (0.85 - facing))
  return 0
}

/** The worth of a border between two samples that are not the figure. */
function around({ behind, behindPieces, sharp }: Seen, i: number, j: number): number {
  const [a, b] = [behind.piece[i]!, behind.piece[j]!]
  if (a === b) return 0
  if (a < 0 && b < 0) return WORTH.region * sharp
  const front = behind.key[i]! >= behind.key[j]! ? a : b
  const piece = behindPieces[front]
  if (piece?.role !== 'far') return 0
  const other = behindPieces[front === a ? b : a]
  return other?.object === piece.object ? 0 : WORTH.far * sharp
}

function contrast(colour: Float32Array, i: number, j: number): number {
  let sum = 0
  for (let k = 0; k < 3; k++)
    sum += Math.abs(Math.sqrt(Math.max(0, colour[3 * i + k]!)) - Math.sqrt(Math.max(0, colour[3 * j + k]!)))
  return sum
}

/** How far apart two borders may be, in samples, to be one line: the two edges of a thin rod. */
const MERGE = 3

/** Lines one sample thin: borders that run close together become one along their middle. */
export function thinned(strength: Float32Array, side: number): Float32Array {
  const wide = new Float32Array(side * side)
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const s = strength[y * side + x]!
      if (s === 0) continue
      for (let v = Math.max(0, y - MERGE); v <= Math.min(side - 1, y + MERGE); v++) {
        const w = Math.floor(Math.sqrt(MERGE * MERGE + 1 - (v - y) * (v - y)))
        for (let i = v * side + Math.max(0, x - w); i <= v * side + Math.min(side - 1, x + w); i++)
          if (wide[i]! < s) wide[i] = s
      }
    }
  }
  const on = new Uint8Array(wide.length)
  for (let i = 0; i < on.length; i++) if (wide[i]! > 0) on[i] = 1
  skeleton(on, side)
  return wide.map((s, i) => (on[i] ? s : 0))
}

/** Takes away the rims of what is on until it is one sample thin (Zhang and Suen 1984). */
function skeleton(on: Uint8Array, side: number): void {
  const ring = [-side, -side + 1, 1, side + 1, side, side - 1, -1, -side - 1]
  let left: number[] = []
  for (let i = 0; i < on.length; i++) {
    if (!on[i]) continue
    const [x, y] = [i % side, Math.floor(i / side)]
    if (x === 0 || y === 0 || x === side - 1 || y === side - 1) on[i] = 0
    else left.push(i)
  }
  for (let changed = true; changed;) {
    changed = false
    for (const turn of [0, 1]) {
      const gone: number[] = []
      for (const i of left) {
        let sum = 0
        let starts = 0
        let last = on[i + ring[7]!]!
        for (let k = 0; k < 8; k++) {
          const here = on[i + ring[k]!]!
          sum += here
          if (here > last) starts++
          last = here
        }
        if (sum < 2 || sum > 6 || starts !== 1) continue
        const n = on[i - side]!
        const e = on[i + 1]!
        const s = on[i + side]!
        const w = on[i - 1]!
        if (turn === 0 ? n * e * s === 0 && e * s * w === 0 : n * e * w === 0 && n * s * w === 0) gone.push(i)
      }
      for (const i of gone) on[i] = 0
      if (gone.length) {
        changed = true
        left = left.filter((i) => on[i])
      }
    }
  }
}
