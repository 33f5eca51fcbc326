import fc from 'fast-check'
import { expect, test } from 'vitest'
import { enclosure } from '../../src/subject/enclosure.ts'

const GRID = { width: 96, height: 64 }
const plane = (value: (x: number, y: number) => number, { width, height } = GRID): Float32Array =>
  Float32Array.from({ length: width * height }, (_, i) => value(i % width, Math.floor(i / width)))
const at = (values: Float32Array, x: number, y: number): number => values[y * GRID.width + x]!
const nothing = plane(() => 0)

/** A ring of lines around the middle of the left half, with a gap of so many pixels. */
const ring = (gap: number): Float32Array =>
  plane((x, y) => {
    const away = Math.hypot(x - 30, y - 32)
    return away > 14 && away < 17 && !(x > 30 && Math.abs(y - 32) < gap / 2) ? 0.8 : 0
  })

test('what a ring of lines encloses is far from the border, as far as it is closed', () => {
  const [closed, ajar, open] = [0, 6, 16].map((gap) => enclosure(ring(gap), nothing, GRID))
  expect(at(closed!, 30, 32)).toBeGreaterThan(2 * at(ajar!, 30, 32))
  expect(at(ajar!, 30, 32)).toBeGreaterThan(1.2 * at(open!, 30, 32))
  expect(at(closed!, 75, 32)).toBeLessThan(0.5 * at(closed!, 30, 32))
})

test('a figure that the border cuts is as enclosed as it is there', () => {
  const figure = plane((x) => Number(x < 40))
  const lines = plane((x) => (Math.abs(x - 40) < 2 ? 0.8 : 0))
  const [cut, background] = [figure, nothing].map((seen) => enclosure(lines, seen, GRID))
  expect(at(cut!, 10, 32)).toBeGreaterThan(2 * at(cut!, 80, 32))
  expect(at(background!, 10, 32)).toBeLessThan(1.5 * at(background!, 80, 32))
})

test('it is a number of at least 0 whatever is seen, in photos of any shape', () => {
  const value = fc.double({ min: 0, max: 1, noNaN: true })
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 40 }),
      value,
      value,
      (width, height, a, b) => {
        const grid = { width, height }
        const lines = plane((x, y) => ((x * 7 + y * 3) % 5 < 2 ? a : 0), grid)
        const figure = plane((x) => (x % 9 < 6 ? b : 1), grid)
        const enclosed = enclosure(lines, figure, grid)
        expect(enclosed).toHaveLength(width * height)
        expect([...enclosed].every((far) => far >= 0 && Number.isFinite(far))).toBe(true)
      },
    ),
    { numRuns: 60 },
  )
})
