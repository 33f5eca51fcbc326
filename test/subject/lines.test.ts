import { expect, test } from 'vitest'
import type { Photo } from '../../src/photo/photo.ts'
import { lineField } from '../../src/subject/lines.ts'
import { tensor } from '../../src/tensor.ts'
import { CANVAS } from '../../src/units.ts'

const [OUTER, INNER] = [60, 112]
const photo: Photo = {
  // Two steps of the same height from left to right.
  image: wherever([3, CANVAS, CANVAS], (x) => 0.3 + 0.25 * (Number(x >= OUTER) + Number(x >= INNER))),
  frame: { x: 0, y: 0, width: CANVAS, height: CANVAS },
  sourceWidth: CANVAS,
  sourceHeight: CANVAS,
  warnings: [],
}

function wherever(shape: number[], value: (x: number, y: number) => number) {
  const out = tensor(shape)
  out.data.forEach((_, i) => (out.data[i] = value(i % CANVAS, Math.floor(i / CANVAS) % CANVAS)))
  return out
}

/** The field along a row through the middle, where the eye sees lines, and the figure begins at OUTER. */
function across(lines: (x: number) => number): Float32Array {
  return field(lines).slice(CANVAS * INNER, CANVAS * (INNER + 1))
}

/** The whole of it. */
function field(lines: (x: number, y: number) => number): Float32Array {
  const mask = wherever([CANVAS, CANVAS], (x) => Number(x >= OUTER))
  const sight = { lines: wherever([CANVAS, CANVAS], lines).data, figure: mask.data }
  return lineField(photo, { mask, plain: false }, sight).strength
}

const highest = (row: Float32Array, around: number): number => Math.max(...row.slice(around - 6, around + 6))

test('of two lines that the eye sees alike the outline of the figure counts for much more', () => {
  const row = across((x) => (Math.abs(x - OUTER) < 2 || Math.abs(x - INNER) < 2 ? 0.7 : 0))
  // Near the border there is less around them.
  expect(highest(row, OUTER)).toBe(row.reduce((a, b) => Math.max(a, b)))
  expect(highest(row, INNER)).toBeGreaterThan(0.3)
  expect(highest(row, INNER)).toBeLessThan(0.65)
})

test('a faint line counts for more than its share', () => {
  const row = across((x) => (Math.abs(x - OUTER) < 2 ? 0.8 : Math.abs(x - INNER) < 2 ? 0.2 : 0))
  expect(highest(row, INNER)).toBeGreaterThan(0.5 * 0.25)
})

test('a line among many others counts for less than by itself', () => {
  const rows = [[0], [-24, -16, -8, 0, 8, 16, 24]].map((places) =>
    across((x) => (Math.abs(x - OUTER) < 2 ? 1 : places.some((at) => Math.abs(x - INNER - at) < 2) ? 0.5 : 0)),
  )
  const [alone, amongMany] = rows.map((row) => highest(row, INNER))
  expect(amongMany).toBeLessThan(0.91 * alone!)
})

test('a line that the eye sees wide runs where the edge is', () => {
  for (const shift of [-3, 3]) {
    const row = across((x) => (Math.abs(x - INNER - shift) < 6 ? 0.7 : 0))
    const crest = row.findIndex((here, x) => x > OUTER + 10 && here === highest(row, INNER))
    expect(Math.abs(crest + 0.5 - INNER)).toBeLessThanOrEqual(1.5)
  }
})

test('a line beyond the figure counts for little', () => {
  const behind = OUTER / 2
  const row = across((x) => (Math.abs(x - OUTER) < 2 || Math.abs(x - behind) < 2 ? 0.7 : 0))
  expect(highest(row, behind)).toBeGreaterThan(0.015)
  expect(highest(row, behind)).toBeLessThan(0.08)
})

test('a gap in the outline is closed, though no more than what is seen of it', () => {
  const gap = (seen: number): number => {
    const rows = field((x, y) => (Math.abs(x - OUTER) < 2 && Math.abs(y - INNER) > 8 ? seen : 0))
    return highest(rows.slice(CANVAS * INNER, CANVAS * (INNER + 1)), OUTER)
  }
  expect(gap(0.9)).toBeGreaterThan(0.6)
  expect(gap(0.9)).toBeLessThan(0.95)
})

test('next to a certain line a gap counts for more where more of the outline is seen', () => {
  const gap = (seen: number): number => {
    const all = field((x, y) => {
      if (Math.abs(x - INNER) < 2) return 1
      return Math.abs(x - OUTER) < 2 && Math.abs(y - INNER) > 8 ? seen : 0
    })
    const row = all.slice(CANVAS * INNER, CANVAS * (INNER + 1))
    return highest(row, OUTER) / highest(row, INNER)
  }
  expect(gap(0.9)).toBeGreaterThan(1.2 * gap(0.3))
  expect(gap(0.3)).toBeGreaterThan(0.3)
})
