import { describe, expect, test } from 'vitest'
import { randomFrom, type Random } from '../../src/random.ts'
import { findChains, type Chain } from '../../src/strokes/chains.ts'
import { fitCubic, partOf, pointAt, type Cubic } from '../../src/strokes/fit.ts'
import { linesFor, traceStrokes } from '../../src/strokes/trace.ts'
import type { Photo } from '../../src/photo/photo.ts'
import type { Sight } from '../../src/subject/eye.ts'
import { lineField, type LineField } from '../../src/subject/lines.ts'
import { CANVAS } from '../../src/units.ts'
import { blind, disc, everything, greyPhoto } from '../support/pictures.ts'

/** The field of a photo on a plain background, by its edges alone. */
const fieldOf = (photo: Photo, mask = everything()): LineField => lineField(photo, { mask, plain: true }, blind)
const circle = fieldOf(greyPhoto(disc(112, 112, 60)))
const trace = (field: LineField, count: number, random?: Random): readonly Cubic[] =>
  traceStrokes(linesFor(field, count), count, random).annealed
const length = (c: Cubic): number => {
  const points = Array.from({ length: 33 }, (_, k) => pointAt(c, k / 32))
  return points.slice(1).reduce((sum, [x, y], k) => sum + Math.hypot(x - points[k]![0], y - points[k]![1]), 0)
}

describe('the line field', () => {
  test('is strongest on an edge and runs along it', () => {
    const at = (x: number, y: number): number => y * 224 + x
    expect(circle.strength[at(172, 112)]).toBeGreaterThan(0.9)
    expect(circle.strength[at(112, 112)]).toBe(0)
    expect(Math.abs(circle.tangentY[at(172, 112)]!)).toBeGreaterThan(0.99)
    expect(Math.abs(circle.tangentX[at(112, 172)]!)).toBeGreaterThan(0.99)
  })

  test('is nothing in an even photo, nor where a photo meets its padding', () => {
    const wide = {
      ...greyPhoto((_, y) => (y < 50 || y > 174 ? 1 : 0.3)),
      frame: { x: 0, y: 50, width: 224, height: 124 },
    }
    for (const photo of [greyPhoto(() => 0.7), wide]) {
      expect(Math.max(...fieldOf(photo).strength)).toBe(0)
    }
  })

  test('fades outside the subject', () => {
    const two = greyPhoto((x, y) => Math.min(disc(60, 112, 30)(x, y), disc(164, 112, 30)(x, y)))
    const mask = everything()
    mask.data.forEach((_, i) => (mask.data[i] = i % 224 < 112 ? 1 : 0))
    const field = fieldOf(two, mask)
    expect(field.strength[112 * 224 + 90]!).toBeGreaterThan(0.9)
    expect(field.strength[112 * 224 + 194]!).toBeLessThan(0.1)
  })
})

describe('what matters in the line field', () => {
  const at = (x: number, y: number): number => y * 224 + x

  test('the outline of the subject is a line even where the photo is flat', () => {
    const mask = everything()
    mask.data.forEach((_, i) => (mask.data[i] = 1 - disc(112, 112, 60)((i % 224) + 0.5, Math.floor(i / 224) + 0.5)))
    const flat = greyPhoto(() => 0.7)
    const { strength } = fieldOf(flat, mask)
    expect(strength[at(171, 112)]).toBeGreaterThan(0.8)
    expect(strength[at(112, 112)]).toBe(0)
  })

  const two = greyPhoto((x, y) => Math.min(disc(60, 112, 30)(x, y), disc(164, 112, 30)(x, y)))
  /** An eye that sees a line around the left disc only. */
  const left: Sight = {
    ...blind,
    lines: blind.lines.map((_, i) => {
      const [x, y] = [(i % CANVAS) + 0.5, Math.floor(i / CANVAS) + 0.5]
      return Math.exp(-((Math.hypot(x - 60, y - 112) - 30) ** 2) / 2)
    }),
  }

  test('what the eye sees is a line, and on a plain background edges are too', () => {
    const mask = everything()
    const [seen, plain] = [false, true].map((plain) => lineField(two, { mask, plain }, left).strength)
    expect(seen![at(90, 112)]).toBeGreaterThan(0.9)
    expect(seen![at(194, 112)]).toBe(0)
    expect(plain![at(90, 112)]).toBeGreaterThan(0.9)
    expect(plain![at(194, 112)]).toBeGreaterThan(0.6)
    expect(plain![at(194, 112)]).toBeLessThan(0.8)
  })

  test('the outline of the subject is closed where the eye loses it', () => {
    const lost = { ...left, lines: left.lines.map((line, i) => (i % CANVAS < 70 ? line : 0)) }
    const inside = (i: number): number => 1 - disc(60, 112, 30)((i % CANVAS) + 0.5, Math.floor(i / CANVAS) + 0.5)
    const mask = { ...everything(), data: everything().data.map((_, i) => inside(i)) }
    const [whole] = findChains(lineField(two, { mask, plain: false }, lost))
    expect(whole!.closed).toBe(true)
    expect(whole!.x.length).toBeGreaterThan(170)
  })

  test('no line runs along the photo’s border, but one may leave the photo', () => {
    const corner = greyPhoto((x, y) => (x < 5 || (y > 100 && y < 120) ? 0 : 1))
    const { strength } = fieldOf(corner)
    expect(strength[at(5, 50)]).toBeLessThan(0.02)
    expect(strength[at(8, 100)]).toBeGreaterThan(0.3)
  })
})

describe('chains', () => {
  test('a disc is one closed chain on its edge, to a fraction of a unit', () => {
    const chains = findChains(circle)
    expect(chains).toHaveLength(1)
    expect(chains[0]!.closed).toBe(true)
    expect(chains[0]!.x.length).toBeGreaterThan(360)
    const off = chains[0]!.x.map((x, k) => Math.abs(Math.hypot(x - 112, chains[0]!.y[k]! - 112) - 60))
    expect(Math.max(...off)).toBeLessThan(0.6)
  })

  test('a place where a line fades away for a few units is bridged', () => {
    const contrast = (x: number): number => Math.min(1, Math.max(0, (Math.abs(x - 112) - 1) / 40))
    const fading = greyPhoto((x, y) => 0.6 + 0.4 * contrast(x) * Math.max(-1, Math.min(1, 112 - y)))
    const chains = findChains(fieldOf(fading))
    const longest = chains.reduce((a, b) => (b.x.length > a.x.length ? b : a))
    expect(Math.max(...longest.x) - Math.min(...longest.x)).toBeGreaterThan(200)
    expect(Math.max(...longest.y.map((y) => Math.abs(y - 112)))).toBeLessThan(2)
    expect(longest.strength).toContain(0)
  })
})

describe('fitting a cubic', () => {
  test('finds the cubic that points were taken from', () => {
    const cubic: Cubic = [10, 10, 40, -20, 60, 80, 100, 30]
    const points = Array.from({ length: 40 }, (_, k) => pointAt(cubic, k / 39))
    const fit = fitCubic(
      points.map(([x]) => x),
      points.map(([, y]) => y),
      100,
    )
    expect(Math.sqrt(Math.max(...fit.squared))).toBeLessThan(0.05)
    expect([...fit.cubic.slice(0, 2), ...fit.cubic.slice(6)]).toEqual([10, 10, 100, 30])
  })

  test('a part of a cubic is the same curve, from here to there', () => {
    const cubic: Cubic = [10, 10, 40, -20, 60, 80, 100, 30]
    const part = partOf(cubic, 0.2, 0.7)
    for (const t of [0, 0.25, 0.5, 1]) {
      const [[x, y], [u, v]] = [pointAt(part, t), pointAt(cubic, 0.2 + 0.5 * t)]
      expect(Math.hypot(x - u, y - v)).toBeLessThan(1e-9)
    }
  })

  test.each([2, 3, 4])('copes with %i points', (n) => {
    const x = Array.from({ length: n }, (_, k) => 5 * k)
    expect(fitCubic(x, x).cubic.every(Number.isFinite)).toBe(true)
  })
})

describe('traced strokes', () => {
  test.each([1, 2, 3, 4, 8, 16, 33, 64, 200, 512])('are exactly %i, none shorter than 4 units', (count) => {
    const cubics = trace(circle, count)
    expect(cubics).toHaveLength(count)
    expect(Math.min(...cubics.map(length))).toBeGreaterThanOrEqual(4)
  })

  test('are the same strokes, in the same order, after they were annealed together', () => {
    for (const count of [3, 16, 200]) {
      const { traced, annealed } = traceStrokes(linesFor(circle, count), count)
      for (const cubics of [traced, annealed]) {
        expect(cubics).toHaveLength(count)
        expect(Math.min(...cubics.map(length))).toBeGreaterThanOrEqual(4)
      }
      const apart = annealed.map((cubic, i) => Math.hypot(cubic[0] - traced[i]![0], cubic[1] - traced[i]![1]))
      expect(Math.max(...apart)).toBeLessThan(40)
    }
  })

  test('many on a short line lie end to end: none on another, and none on lines that hardly are', () => {
    const strokes = trace(circle, 32)
    const total = strokes.reduce((sum, cubic) => sum + length(cubic), 0)
    expect(total).toBeGreaterThan(280)
    expect(total).toBeLessThan(2 * Math.PI * 60 - 32)
    for (const [x, y] of strokes.flatMap((cubic) => [0, 0.5, 1].map((t) => pointAt(cubic, t)))) {
      expect(Math.abs(Math.hypot(x - 112, y - 112) - 60)).toBeLessThan(1)
    }
  })

  test('four of them draw a circle whole', () => {
    const drawn = new Set<number>()
    for (const cubic of trace(circle, 4)) {
      for (let k = 0; k <= 200; k++) {
        const [x, y] = pointAt(cubic, k / 200)
        expect(Math.abs(Math.hypot(x - 112, y - 112) - 60)).toBeLessThan(3)
        drawn.add(Math.floor((180 / Math.PI) * (Math.atan2(y - 112, x - 112) + Math.PI)))
      }
    }
    expect(drawn.size).toBeGreaterThan(350)
  })

  test('draw a line too short for one stroke as often as asked for', () => {
    const x = [100, 101, 102, 103, 104, 105]
    const speck: Chain = { x, y: x.map(() => 100), strength: x.map(() => 1), closed: false }
    for (const cubics of Object.values(traceStrokes([speck], 3))) {
      expect(cubics).toHaveLength(3)
      expect(Math.min(...cubics.map(length))).toBeGreaterThanOrEqual(4)
    }
  })

  test('are the same for the same seed', () => {
    expect(trace(circle, 5, randomFrom(3))).toEqual(trace(circle, 5, randomFrom(3)))
  })

  test('are none where there is nothing to draw', () => {
    const white = greyPhoto(() => 1)
    expect(trace(fieldOf(white), 4)).toEqual([])
  })
})
