import { randomAt } from '../../src/random.ts'

/** Random values of a lattice that repeats every 256 places; shared by all, each user shifts its own coordinates. */
const VALUES = new Float32Array(256)
const PLACES = new Uint8Array(512)
{
  const random = randomAt(1, 2, 3)
  for (let i = 0; i < 256; i++) {
    VALUES[i] = 2 * random() - 1
    PLACES[i] = i
  }
  for (let i = 255; i > 0; i--) {
    const j = Math.floor(random() * (i + 1))
    const kept = PLACES[i]!
    PLACES[i] = PLACES[j]!
    PLACES[j] = kept
  }
  PLACES.copyWithin(256, 0, 256)
}

/** A number of -1 to 1 that belongs to a whole place. */
export function hash(x: number, y: number, z: number): number {
  return VALUES[PLACES[PLACES[PLACES[x & 255]! + (y & 255)]! + (z & 255)]!]!
}

/** Smooth noise of -1 to 1 with features about 1 wide. */
export function noise(x: number, y: number, z: number): number {
  const i = Math.floor(x)
  const j = Math.floor(y)
  const k = Math.floor(z)
  const a = x - i
  const b = y - j
  const c = z - k
  const u = a * a * (3 - 2 * a)
  const v = b * b * (3 - 2 * b)
  const w = c * c * (3 - 2 * c)
  const i0 = PLACES[i & 255]!
  const i1 = PLACES[(i + 1) & 255]!
  const j0 = j & 255
  const j1 = (j + 1) & 255
  const k0 = k & 255
  const k1 = (k + 1) & 255
  const p = PLACES[i0 + j0]!
  const q = PLACES[i1 + j0]!
  const r = PLACES[i0 + j1]!
  const s = PLACES[i1 + j1]!
  const near = lerp(lerp(at(p, k0), at(q, k0), u), lerp(at(r, k0), at(s, k0), u), v)
  if (c === 0) return near
  const far = lerp(lerp(at(p, k1), at(q, k1), u), lerp(at(r, k1), at(s, k1), u), v)
  return lerp(near, far, w)
}

/**
 * Noise of many sizes, about -1 to 1, whose largest features are 1 wide. Each octave is half as wide and `gain` times
 * as strong; those finer than `fine` are left out, as no camera would show them.
 */
export function fractal(x: number, y: number, z: number, octaves: number, gain: number, fine: number): number {
  let sum = 0
  let weight = 1
  let total = 0
  let size = 1
  for (let o = 0; o < octaves; o++) {
    const shown = Math.min(Math.max(size / (2 * fine) - 1, 0), 1)
    total += weight
    if (shown > 0) sum += shown * weight * noise(x / size + 17.3 * o, y / size + 5.1 * o, z / size - 9.7 * o)
    weight *= gain
    size /= 2
  }
  return (1.6 * sum) / total
}

export interface Cell {
  /** Distance to the nearest seed, and how much further the second is: 0 on the border. */
  near: number
  border: number
  /** A number of 0 to 1 that belongs to the cell. */
  id: number
}

/** Cells about 1 wide around scattered seeds (Worley). Writes into `cell`. */
export function cells(x: number, y: number, z: number, cell: Cell): void {
  const i = Math.floor(x)
  const j = Math.floor(y)
  const k = Math.floor(z)
  let first = 9
  let second = 9
  let id = 0
  for (let c = k - 1; c <= k + 1; c++) {
    for (let b = j - 1; b <= j + 1; b++) {
      for (let a = i - 1; a <= i + 1; a++) {
        const h = hash(a, b, c)
        const dx = a + 0.5 + 0.42 * h - x
        const dy = b + 0.5 + 0.42 * hash(b, c, a + 7) - y
        const dz = c + 0.5 + 0.42 * hash(c + 3, a, b) - z
        const d = dx * dx + dy * dy + dz * dz
        if (d < first) {
          second = first
          first = d
          id = h
        } else if (d < second) second = d
      }
    }
  }
  cell.near = Math.sqrt(first)
  cell.border = Math.sqrt(second) - cell.near
  cell.id = 0.5 + 0.5 * id
}

function lerp(a: number, b: number, t: number): number {
  return a + (b - a) * t
}

function at(place: number, layer: number): number {
  return VALUES[PLACES[place + layer]!]!
}
