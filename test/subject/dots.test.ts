import { describe, expect, test } from 'vitest'
import { type Dot, featuresFrom, findDots } from '../../src/subject/dots.ts'
import { CANVAS, STROKE_WIDTH } from '../../src/units.ts'
import { disc, everything } from '../support/pictures.ts'

type Paint = (x: number, y: number) => number

function plane(paint: Paint): Float32Array {
  return Float32Array.from({ length: CANVAS * CANVAS }, (_, i) =>
    paint((i % CANVAS) + 0.5, Math.floor(i / CANVAS) + 0.5),
  )
}

const ALL = everything().data
const dotsIn = (paint: Paint, figure = ALL): Dot[] => findDots(plane(paint), figure)
/** Grey with things on it that are as much darker as `depth`. */
const on =
  (depth: number, ...things: Paint[]): Paint =>
  (x, y) =>
    0.8 - depth * (1 - Math.min(...things.map((thing) => thing(x, y))))

describe('a dot', () => {
  test.each([2, 2.8, 4, 5.6])('of radius %d is found where it is, as large and as dark as it is', (radius) => {
    const dots = dotsIn(on(0.5, disc(90.5, 120.5, radius)))
    expect(dots).toHaveLength(1)
    expect(Math.hypot(dots[0]!.x - 90.5, dots[0]!.y - 120.5)).toBeLessThan(0.8)
    // By one circle more or less.
    expect(dots[0]!.radius / radius).toBeGreaterThan(0.7)
    expect(dots[0]!.radius / radius).toBeLessThan(1.45)
    expect(dots[0]!.contrast).toBeGreaterThan(0.2)
    expect(dots[0]!.contrast).toBeLessThan(0.52)
  })

  test('may have a gleam in it', () => {
    const eye: Paint = (x, y) => Math.max(disc(90.5, 120.5, 5.6)(x, y), 0.8 * (1 - disc(92, 118.5, 1.5)(x, y)))
    const dots = dotsIn(on(0.6, eye))
    expect(dots).toHaveLength(1)
    expect(Math.hypot(dots[0]!.x - 90.5, dots[0]!.y - 120.5)).toBeLessThan(2.5)
  })

  test('of two the clearer comes first', () => {
    const paint: Paint = (x, y) => on(0.3, disc(60, 60, 3))(x, y) - 0.6 * (1 - disc(120, 60, 3)(x, y))
    expect(dotsIn(paint).map(({ x }) => Math.round(x / 10))).toEqual([12, 6])
  })

  const nothing: Record<string, Paint> = {
    'what is not darker by enough': on(0.15, disc(90, 120, 3)),
    'what is lighter': on(-0.2, disc(90, 120, 3)),
    'a line': on(0.5, (x) => Math.min(1, Math.abs(x - 90) / 3)),
    'the end of a line': on(0.5, (x, y) => (Math.abs(x - 90) < 2 && y > 100 ? 0 : 1)),
    'a corner': on(0.5, (x, y) => Number(x < 90 || y < 120)),
    'what is larger': on(0.5, disc(90, 120, 14)),
    'a plain field': () => 0.5,
    'one of black': () => 0,
    shade: (x, y) => (x + y) / (2 * CANVAS),
  }
  test.each(Object.keys(nothing))('is none: %s', (name) => {
    expect(dotsIn(nothing[name]!)).toEqual([])
  })

  test('lies within the figure, and so does all around it', () => {
    const paint = on(0.5, disc(90, 120, 3))
    expect(
      dotsIn(
        paint,
        plane((x) => Number(x < 60)),
      ),
    ).toEqual([])
    expect(
      dotsIn(
        paint,
        plane((x) => Number(x < 92)),
      ),
    ).toEqual([])
    expect(
      dotsIn(
        paint,
        plane((x) => Number(x < 110)),
      ),
    ).toHaveLength(1)
  })
})

describe('what is drawn of dots', () => {
  const dot = (x: number, radius = 4): Dot => ({ x, y: 100, radius, contrast: 0.4 })

  test('is a line around each, the ink of which ends where it does; they are drawn together', () => {
    const [lines, ...more] = featuresFrom([dot(80), dot(120)])
    expect(more).toEqual([])
    expect(lines).toHaveLength(2)
    for (const [i, middle] of [80, 120].entries()) {
      const { x, y } = lines![i]!
      for (const [k, u] of x.entries()) expect(Math.hypot(u - middle, y[k]! - 100)).toBeCloseTo(4 - STROKE_WIDTH / 2, 5)
      expect(Math.hypot(x[0]! - x.at(-1)!, y[0]! - y.at(-1)!)).toBeCloseTo(0, 5)
    }
  })

  test('is worth the same however large they are', () => {
    const worth = (radius: number): number => featuresFrom([dot(80, radius)])[0]![0]!.strength.reduce((a, b) => a + b)
    expect(worth(2)).toBeCloseTo(worth(5.7), 5)
  })

  test('is nothing where there are none, or so many that none is an eye', () => {
    expect(featuresFrom([])).toEqual([])
    expect(featuresFrom([60, 80, 100].map((x) => dot(x)))).toHaveLength(1)
    expect(featuresFrom([60, 80, 100, 120].map((x) => dot(x)))).toEqual([])
  })
})
