import fc from 'fast-check'
import type { Strokes } from '../../src/strokes/strokes.ts'
import { CANVAS } from '../../src/units.ts'

const real = (min: number, max: number) => fc.float({ min, max, noNaN: true }).map((value) => value + 0)

const stroke = fc.integer({ min: 1, max: 3 }).chain((segments) =>
  fc.record({
    segments: fc.constant(segments),
    points: fc.array(real(-300, 500), { minLength: 6 * segments + 2, maxLength: 6 * segments + 2 }),
    width: real(0.5, 20),
    color: fc.array(real(0, 1), { minLength: 4, maxLength: 4 }),
  }),
)

/** Any strokes: of one cubic or more, of every width and colour, also beyond the canvas. */
export const anyStrokes = (most = 6): fc.Arbitrary<Strokes> =>
  fc.array(stroke, { minLength: 1, maxLength: most }).map((drawn) => ({
    points: Float32Array.from(drawn.flatMap(({ points }) => points)),
    widths: Float32Array.from(drawn, ({ width }) => width),
    segments: Uint8Array.from(drawn, ({ segments }) => segments),
    colors: Float32Array.from(drawn.flatMap(({ color }) => color)),
    width: CANVAS,
    height: CANVAS,
  }))

/** The rectangle of any photo on the canvas, wide or high. */
export const anyFrame = fc.tuple(real(20, CANVAS), fc.boolean()).map(([shorter, wide]) => {
  const margin = (CANVAS - shorter) / 2
  return wide
    ? { x: 0, y: margin, width: CANVAS, height: shorter }
    : { x: margin, y: 0, width: shorter, height: CANVAS }
})

/** The furthest that two arrays of equal length are from each other. */
export function furthest(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Infinity
  return Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0)
}

/** A few black strokes that anyone can check by eye. */
export const two: Strokes = {
  points: Float32Array.of(10, 20, 30, 40, 50.126, 60, 70, 80, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6.5, -6),
  widths: Float32Array.of(3, 3),
  segments: Uint8Array.of(1, 2),
  width: CANVAS,
  height: CANVAS,
}

/** Three lines that bend, apart from each other and of different widths: the second has two cubics. */
export const curls: Strokes = {
  points: Float32Array.of(
    ...[20, 60, 60, 0, 110, 120, 200, 40],
    ...[30, 120, 60, 80, 90, 160, 120, 120, 150, 80, 170, 150, 200, 110],
    ...[40, 200, 80, 150, 150, 220, 190, 180],
  ),
  widths: Float32Array.of(3, 6, 10),
  segments: Uint8Array.of(1, 2, 1),
  width: CANVAS,
  height: CANVAS,
}
