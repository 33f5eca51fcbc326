import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { LOOK_NAMES, LOOKS, marksOf } from '../../src/looks/looks.ts'
import type { Line } from '../../src/looks/mark.ts'
import { spineOf } from '../../src/looks/spine.ts'
import { STOCK_NAMES, STOCKS, stockOf } from '../../src/looks/stocks.ts'

const coordinate = fc.double({ min: 0, max: 224, noNaN: true })
const anyLine: fc.Arbitrary<Line> = fc.integer({ min: 1, max: 3 }).chain((cubics) => {
  const points = fc.array(coordinate, { minLength: 6 * cubics + 2, maxLength: 6 * cubics + 2 })
  const share = fc.double({ min: 0, max: 1, noNaN: true })
  const pressure = fc.option(fc.array(share, { minLength: 3 * cubics + 1, maxLength: 3 * cubics + 1 }), {
    nil: undefined,
  })
  return fc.record({ points, pressure, width: fc.double({ min: 0.5, max: 12, noNaN: true }) })
})
const bend: Line = { points: [20, 180, 60, 20, 150, 20, 200, 180], width: 4 }

/** How wide an area is across the middle of each of so many equal stretches of a straight line from (x0, y) to (x1, y). */
function breadths(outline: readonly number[], x0: number, x1: number, stretches: number): number[] {
  const ys = Array.from({ length: stretches }, (): number[] => [])
  for (let i = 0; i < outline.length; i += 2) {
    const stretch = Math.floor(((outline[i]! - x0) / (x1 - x0)) * stretches)
    ys[stretch]?.push(outline[i + 1]!)
  }
  return ys.map((each) => Math.max(...each) - Math.min(...each))
}

describe.each(LOOK_NAMES)('%s', (name) => {
  test('is finite, near the line, and the same each time', () => {
    fc.assert(
      fc.property(anyLine, fc.nat(600), (line, index) => {
        const marks = marksOf(name, line, index)
        expect(marks.length).toBeGreaterThan(0)
        expect(JSON.stringify(marksOf(name, line, index)) === JSON.stringify(marks)).toBe(true)
        const { x, y } = spineOf(line, 0.5)
        const [left, right] = [Math.min(...x), Math.max(...x)]
        const [top, bottom] = [Math.min(...y), Math.max(...y)]
        // Curves through places may swing a little beyond them.
        const reach = 1.25 * LOOKS[name].reach * line.width + 3
        for (const { paths, opacity, width = 0 } of marks) {
          expect(opacity).toBeGreaterThan(0)
          const isOut = (value: number, i: number): boolean => {
            const [least, most] = i % 2 ? [top, bottom] : [left, right]
            return !(value > least - reach - width / 2 && value < most + reach + width / 2)
          }
          const painted = name === 'fineliner' && !line.pressure ? [] : paths
          expect(painted.filter((path) => path.length % 6 !== 2 || path.some(isOut))).toEqual([])
        }
      }),
      { numRuns: 8 },
    )
  })

  test('moves with its line, grain and all', () => {
    const moved = { ...bend, points: Array.from(bend.points, (v) => v + 7) }
    const [here, there] = [marksOf(name, bend, 3), marksOf(name, moved, 3)]
    here.forEach((mark, i) => {
      expect({ ...there[i], paths: [] }).toEqual({ ...mark, paths: [] })
      const off = mark.paths.flatMap((path, p) => path.map((v, k) => Math.abs(there[i]!.paths[p]![k]! - v - 7)))
      expect(Math.max(...off)).toBeLessThan(1e-6)
    })
  })
})

const straight: Line = { points: [20, 100, 80, 100, 140, 100, 200, 100], width: 4 }

test('a fineliner is the line itself, and as an area just as wide', () => {
  expect(marksOf('fineliner', bend, 0)).toEqual([{ paths: [bend.points], width: 4, opacity: 1 }])
  const [area] = marksOf('fineliner', straight, 0, true)
  for (const breadth of breadths(area!.paths[0]!, 20, 200, 6)) expect(breadth).toBeCloseTo(4)
})

test('pressure is width', () => {
  const [area] = marksOf('fineliner', { ...straight, pressure: [0, 1 / 3, 2 / 3, 1] }, 0)
  expect(area!.width).toBeUndefined()
  const found = breadths(area!.paths[0]!, 20, 200, 6)
  found.forEach((breadth, i) => expect(breadth).toBeCloseTo((4 * (i + 1)) / 6, 0))
})

test('a brush swells and leaves in a point', () => {
  const found = breadths(marksOf('brush', straight, 0)[0]!.paths[0]!, 20, 200, 12)
  const widest = Math.max(...found)
  expect(widest).toBeGreaterThan(6)
  expect(found[0]!).toBeLessThan(widest)
  expect(found.at(-1)!).toBeLessThan(0.35 * widest)
  found.slice(7).forEach((breadth, i) => expect(breadth).toBeLessThan(found[6 + i]! + 0.6))
})

test('a marker is broad across its tip and narrow along it; pencil and charcoal are broken up', () => {
  const breadth = (points: number[]): number => {
    const [{ paths } = { paths: [[]] }] = marksOf('marker', { points, width: 4 }, 0)
    const [x0, y0, x1, y1] = [paths[0]![0]!, paths[0]![1]!, paths[0]!.at(-2)!, paths[0]!.at(-3)!]
    return Math.hypot(x1 - x0, y1 - y0)
  }
  expect(breadth([100, 100, 120, 120, 140, 140, 160, 160])).not.toBeCloseTo(
    breadth([100, 160, 120, 140, 140, 120, 160, 100]),
    0,
  )
  for (const name of ['pencil', 'charcoal'] as const) {
    const marks = marksOf(name, bend, 0)
    expect(marks.filter(({ dash }) => dash).length).toBeGreaterThan(8)
    expect(Math.max(...marks.map(({ opacity }) => opacity))).toBeLessThan(0.8)
    expect(marksOf(name, bend, 1)).not.toEqual(marks)
  }
})

describe('paper', () => {
  test.each(STOCK_NAMES)('%s is the same sheet each time, and bounded however large', (name) => {
    const area = { x: -10, y: 5, width: 244, height: 300 }
    expect(STOCKS[name].grain(area)).toEqual(STOCKS[name].grain(area))
    const count = STOCKS[name]
      .grain({ x: 0, y: 0, width: 1e6, height: 1e6 })
      .reduce((sum, { paths }) => sum + paths.length, 0)
    expect(count).toBeLessThan(4000)
    expect(count > 100).toBe(name !== 'white')
  })

  test('any colour is a paper without grain', () => {
    expect(stockOf('#123456').colour).toBe('#123456')
    expect(stockOf('#123456').grain({ x: 0, y: 0, width: 224, height: 224 })).toEqual([])
    // Names of objects' own things are none of ours.
    expect(stockOf('constructor').colour).toBe('constructor')
  })
})
