import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { randomFrom } from '../../src/random.ts'
import { handOrder } from '../../src/strokes/hand.ts'
import { oneLine } from '../../src/strokes/one-line.ts'
import { drawnBy, penTimes } from '../../src/strokes/pen.ts'
import { strokesFrom, placesOn, pointOffsets } from '../../src/strokes/bezier.ts'
import type { Strokes } from '../../src/strokes/strokes.ts'
import { cheapestTour, costOf, visitsOf, type Costs } from '../../src/strokes/tour.ts'
import { anyStrokes } from '../support/strokes.ts'

/** A straight stroke. */
const line = (x: number, y: number, u: number, v: number): number[] => [
  ...[x, y, x + (u - x) / 3, y + (v - y) / 3],
  ...[x + (2 * (u - x)) / 3, y + (2 * (v - y)) / 3, u, v],
]
const drawing = (...cubics: number[][]): Strokes => strokesFrom(cubics, 3, 224)

/** The control points of each stroke, from whichever of its ends comes first. */
function curves({ points, ...strokes }: Strokes): string[] {
  const offsets = pointOffsets({ points, ...strokes })
  return Array.from(strokes.widths, (width, i) => {
    const own = [...points.subarray(2 * offsets[i]!, 2 * offsets[i + 1]!)]
    const pairs = Array.from({ length: own.length / 2 }, (_, k) => own.slice(2 * k, 2 * k + 2).join())
    return `${width}: ${[pairs.join(' '), pairs.toReversed().join(' ')].sort()[0]!}`
  })
}
const startsOfAll = (strokes: Strokes): string[] =>
  [...pointOffsets(strokes)].slice(0, -1).map((first) => strokes.points.subarray(2 * first, 2 * first + 2).join())

describe('a tour', () => {
  test('only ever gets cheaper, also where strokes mind which way and when they are drawn', () => {
    const costs: Costs = {
      between: (a, b) => (a && b ? Math.hypot(a.to[0] - b.from[0], a.to[1] - b.from[1]) : 0),
      drawing: ({ from, to }) => Math.max(0, from[1] - to[1]),
      before: (a, b) => ((a * 7) % 5 > (b * 7) % 5 ? 20 : 0),
    }
    fc.assert(
      fc.property(anyStrokes(9), (strokes) => {
        const visits = visitsOf(strokes)
        const tour = cheapestTour(visits, costs)
        expect(costOf(tour, costs)).toBeLessThanOrEqual(costOf(visits, costs) + 1e-6)
        expect(tour.map(({ index }) => index).sort((a, b) => a - b)).toEqual(visits.map((_, i) => i))
      }),
    )
  })
})

describe('the order of a hand', () => {
  test('is a permutation of the same strokes, each from one end or the other, and always the same', () => {
    fc.assert(
      fc.property(anyStrokes(8), fc.boolean(), (strokes, leftHanded) => {
        const ordered = handOrder(strokes, { leftHanded })
        expect(curves(ordered).sort()).toEqual(curves(strokes).sort())
        expect(handOrder(strokes, { leftHanded })).toEqual(ordered)
      }),
    )
  })

  test('draws downwards, and to the right by a right hand, to the left by a left one', () => {
    const strokes = drawing(line(20, 190, 30, 20), line(200, 60, 90, 64))
    expect(startsOfAll(handOrder(strokes)).sort()).toEqual(['30,20', '90,64'])
    expect(startsOfAll(handOrder(strokes, { leftHanded: true })).sort()).toEqual(['200,60', '30,20'])
  })

  test('draws the whole before its parts, neighbours one after another, and goes on from ends that meet', () => {
    const whole = [20, 20, 220, 20, 220, 200, 20, 200]
    const strokes = drawing(
      line(60, 80, 70, 80),
      line(90, 120, 100, 120),
      whole,
      line(74, 80, 84, 80),
      line(20, 200, 20, 20),
    )
    const order = startsOfAll(handOrder(strokes))
    const placeOf = (...ends: string[]): number => order.findIndex((start) => ends.includes(start))
    const [big, back] = [placeOf('20,20'), order.lastIndexOf('20,200')]
    expect(Math.max(big, back)).toBeLessThan(2)
    expect(Math.abs(placeOf('60,80', '70,80') - placeOf('74,80', '84,80'))).toBe(1)
  })
})

describe('the pen', () => {
  test('draws one stroke after another, each from nothing to all of it, until the end', () => {
    fc.assert(
      fc.property(anyStrokes(), (strokes) => {
        const spans = penTimes(strokes)
        const times = spans.flatMap(({ from, to }) => [from, to])
        expect(times).toEqual(times.toSorted((a, b) => a - b))
        expect([times[0], times.at(-1)]).toEqual([0, 1])
        for (const { drawn } of spans) {
          expect([drawn[0], drawn.at(-1)]).toEqual([0, 1])
          expect([...drawn]).toEqual([...drawn].sort((a, b) => a - b))
        }
        expect(drawnBy(strokes, spans, 1)!.points).toEqual(strokes.points)
      }),
    )
  })

  test('slows in a bend, begins and ends at rest, and takes its time in the air', () => {
    const round = 55.2
    const circle = (r: number): number[] => [
      112 + r,
      112,
      112 + r,
      112 + 1.33 * r,
      112 - r,
      112 + 1.33 * r,
      112 - r,
      112,
    ]
    const lengthOf = (cubic: number[]): number => {
      const at = placesOn(cubic, 0, 200)
      return Array.from({ length: 200 }, (_, k) =>
        Math.hypot(at[2 * k + 2]! - at[2 * k]!, at[2 * k + 3]! - at[2 * k + 1]!),
      ).reduce((a, b) => a + b)
    }
    const length = lengthOf(circle(round))
    const [straight, bent] = penTimes(drawing(line(10, 10, 10 + length, 10), circle(round))) as [
      { from: number; to: number; drawn: Float64Array },
      { from: number; to: number },
    ]
    expect(bent.to - bent.from).toBeGreaterThan(1.05 * (straight.to - straight.from))
    expect(bent.from).toBeGreaterThan(straight.to)
    const { drawn } = straight
    expect(drawn[1]!).toBeLessThan(drawn[5]! - drawn[4]!)
  })

  test('has drawn at any time what it drew before, and a little more', () => {
    const strokes = drawing(line(10, 10, 100, 10), line(100, 40, 10, 40), [10, 80, 60, 40, 90, 140, 140, 80])
    const spans = penTimes(strokes)
    const ink = (time: number): number => {
      const now = drawnBy(strokes, spans, time)
      if (!now) return 0
      return [...pointOffsets(now)].slice(0, -1).reduce((sum, first) => {
        const at = placesOn(now.points, first, 50)
        return (
          sum +
          Array.from({ length: 50 }, (_, k) =>
            Math.hypot(at[2 * k + 2]! - at[2 * k]!, at[2 * k + 3]! - at[2 * k + 1]!),
          ).reduce((a, b) => a + b)
        )
      }, 0)
    }
    const inks = Array.from({ length: 60 }, (_, k) => ink(k / 59))
    inks.slice(1).forEach((now, k) => expect(now).toBeGreaterThanOrEqual(inks[k]! - 0.05))
    expect(Math.max(...inks.slice(1).map((now, k) => now - inks[k]!))).toBeLessThan(20)
  })
})

describe('one line', () => {
  const cubic = fc.array(fc.integer({ min: 0, max: 224 }), { minLength: 8, maxLength: 8 })

  test('draws every stroke once, from one end or the other, and never lifts', () => {
    fc.assert(
      fc.property(fc.array(cubic, { minLength: 2, maxLength: 7 }), (cubics) => {
        const strokes = drawing(...cubics)
        const one = oneLine(strokes)
        expect(one.widths).toHaveLength(1)
        const count = one.segments![0]!
        expect(one.points).toHaveLength(2 * (3 * count + 1))
        const parts = Array.from({ length: count }, (_, s) => [...one.points.subarray(6 * s, 6 * s + 8)])
        for (const own of cubics) {
          const back = [6, 7, 4, 5, 2, 3, 0, 1].map((k) => own[k]!)
          expect(parts.some((part) => part.join() === own.join() || part.join() === back.join())).toBe(true)
        }
      }),
      { numRuns: 40 },
    )
  })

  test('is one long spline where it is to be smooth: near the strokes, and without corners at their ends', () => {
    const drawn = drawing(line(20, 40, 120, 40), line(130, 50, 130, 150), line(120, 160, 20, 160))
    const sharpest = (one: Strokes): number => {
      const at = Array.from({ length: one.segments![0]! }, (_, s) => [...placesOn(one.points, 3 * s, 30)]).flat()
      const steps = Array.from({ length: at.length / 2 - 1 }, (_, k) => [
        at[2 * k + 2]! - at[2 * k]!,
        at[2 * k + 3]! - at[2 * k + 1]!,
      ]).filter(([dx, dy]) => Math.hypot(dx!, dy!) > 1e-3)
      const turns = steps.slice(1).map(([dx, dy], k) => {
        const [ux, uy] = steps[k]!
        return Math.abs(Math.atan2(ux! * dy! - uy! * dx!, ux! * dx! + uy! * dy!))
      })
      return Math.max(...turns)
    }
    const smooth = oneLine(drawn, { smooth: true })
    expect(smooth.widths).toHaveLength(1)
    expect(sharpest(smooth)).toBeLessThan(0.6)
    const places = Array.from({ length: smooth.segments![0]! }, (_, s) => [
      ...placesOn(smooth.points, 3 * s, 200),
    ]).flat()
    for (const [x, y] of [
      [60, 40],
      [130, 100],
      [60, 160],
    ] as const) {
      const nearest = Math.min(
        ...Array.from({ length: places.length / 2 }, (_, k) => Math.hypot(places[2 * k]! - x, places[2 * k + 1]! - y)),
      )
      expect(nearest).toBeLessThan(1)
    }
  })

  test('has no more curves than a stroke can, however many strokes there are', () => {
    const random = randomFrom(3)
    const many = Array.from({ length: 160 }, () => {
      const [x, y, angle] = [20 + 180 * random(), 20 + 180 * random(), 6.28 * random()]
      return line(x, y, x + 15 * Math.cos(angle), y + 15 * Math.sin(angle))
    })
    const one = oneLine(drawing(...many))
    expect(one.widths).toHaveLength(1)
    const places = Array.from({ length: one.segments![0]! }, (_, s) => [...placesOn(one.points, 3 * s, 30)]).flat()
    for (const own of many) {
      const [x, y] = [(own[0]! + own[6]!) / 2, (own[1]! + own[7]!) / 2]
      const nearest = Math.min(
        ...Array.from({ length: places.length / 2 }, (_, k) => Math.hypot(places[2 * k]! - x, places[2 * k + 1]! - y)),
      )
      expect(nearest).toBeLessThan(1.5)
    }
  })

  test('goes back along ink rather than across white paper', () => {
    // a comb: three teeth on a spine, of which each has to be left the way it was entered
    const spine = line(20, 40, 200, 40)
    const one = oneLine(drawing(spine, line(60, 40, 60, 140), line(110, 40, 110, 140), line(160, 40, 160, 140)))
    const at = Array.from({ length: one.segments![0]! }, (_, s) => [...placesOn(one.points, 3 * s, 40)]).flat()
    const places = Array.from({ length: at.length / 2 }, (_, k) => [at[2 * k]!, at[2 * k + 1]!] as const)
    const isInk = ([x, y]: readonly [number, number]): boolean =>
      (Math.abs(y - 40) < 2 && x > 18 && x < 202) ||
      (y > 38 && y < 142 && [60, 110, 160].some((tooth) => Math.abs(x - tooth) < 2))
    expect(places.filter((place) => !isInk(place)).length).toBeLessThan(0.12 * places.length)
  })
})
