import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { boxAround, type Part, partsOf, pulled } from '../../renderer/state/box.ts'
import {
  distance,
  endOf,
  middleOf,
  nearestTo,
  pieceOf,
  pointAt,
  reversed,
  segmentsOf,
  startOf,
  straight,
} from '../../renderer/state/cubics.ts'
import { erased, split, united } from '../../renderer/state/shaping.ts'
import { joined, strokesFrom, strokesOf, svgOf } from '../../renderer/state/strokes.ts'
import { createTrail } from '../../renderer/view/trail.ts'
import { someDrawing, someStrokes } from './fake-door.ts'

const BLACK = '#000000'
const coordinate = fc.integer({ min: 0, max: 224 })
/** A stroke of one to four cubics. */
const curve = fc
  .integer({ min: 1, max: 4 })
  .chain((segments) => fc.array(coordinate, { minLength: 6 * segments + 2, maxLength: 6 * segments + 2 }))
  .map((numbers) => Float32Array.from(numbers))
const share = fc.double({ min: 0.01, max: 0.99, noNaN: true })

describe('a place on a stroke', () => {
  test('a piece lies on the stroke that it is of, from end to end', () => {
    fc.assert(
      fc.property(curve, share, share, share, (points, a, b, along) => {
        const count = segmentsOf(points)
        const [from, to] = [Math.min(a, b) * count, Math.max(a, b) * count]
        const piece = pieceOf(points, from, to)
        expect(distance(startOf(piece), pointAt(points, from))).toBeLessThan(0.01)
        expect(distance(endOf(piece), pointAt(points, to))).toBeLessThan(0.01)
        const inside = pointAt(piece, along * segmentsOf(piece))
        expect(distance(nearestTo(points, inside), inside)).toBeLessThan(2)
      }),
    )
  })

  test('the other way round is the same line', () => {
    fc.assert(
      fc.property(curve, share, (points, a) => {
        const count = segmentsOf(points)
        expect(distance(pointAt(points, a * count), pointAt(reversed(points), count - a * count))).toBeLessThan(0.01)
        expect(reversed(reversed(points))).toEqual(points)
      }),
    )
  })

  test('the middle of a straight line is its middle', () => {
    expect(distance(middleOf(straight({ x: 0, y: 0 }, { x: 60, y: 80 })), { x: 30, y: 40 })).toBeLessThan(1)
  })
})

describe('lines', () => {
  // Stroke i goes from (10 i, 50) to (10 i + 30, 50).
  test('are split in two that lie where the one lay, and locks stay with their strokes', () => {
    const after = split(someDrawing(3, { locked: [2] }), 0, 0.5, BLACK)!
    const [first, second] = strokesOf(after.strokes)
    expect([startOf(first!.points).x, endOf(first!.points).x]).toEqual([0, 15])
    expect([startOf(second!.points).x, endOf(second!.points).x]).toEqual([15, 30])
    expect(after.locked).toEqual([3])
    expect(split(someDrawing(1), 0, 0.001, BLACK)).toBeUndefined()
    expect(split(someDrawing(1, { locked: [0] }), 0, 0.5, BLACK)).toBeUndefined()
  })

  test('are joined end to nearest end, and what was split is one again', () => {
    const parted = split(someDrawing(1), 0, 0.5, BLACK)!
    const again = united(parted, [1, 0], BLACK)!
    const [stroke, ...others] = strokesOf(again.strokes)
    expect(others).toEqual([])
    expect([startOf(stroke!.points).x, endOf(stroke!.points).x].sort((a, b) => a - b)).toEqual([0, 30])
    expect(segmentsOf(stroke!.points)).toBe(2)
    expect(united(someDrawing(2, { locked: [1] }), [0, 1], BLACK)).toBeUndefined()
  })

  test('that are apart have a straight line between them', () => {
    const drawing = { strokes: joined([0, 100].map((x) => line(x, x + 30))), locked: [] }
    const [stroke] = strokesOf(united(drawing, [0, 1], BLACK)!.strokes)
    expect(segmentsOf(stroke!.points)).toBe(3)
    expect(distance(pointAt(stroke!.points, 1.5), { x: 65, y: 50 })).toBeLessThan(0.01)
  })

  test('lose what an eraser touches, and nothing else', () => {
    const drawing = { strokes: joined([line(0, 100), line(0, 100, 90)]), locked: [] }
    const after = erased(drawing, { x: 50, y: 40 }, { x: 50, y: 60 }, 5, BLACK)
    const spans = strokesOf(after.strokes).map(({ points }) => [startOf(points).x, endOf(points).x, points[1]])
    expect(spans).toHaveLength(3)
    expect(spans[0]![1]).toBeGreaterThan(43)
    expect(spans[0]![1]).toBeLessThanOrEqual(45)
    expect(spans[1]![0]).toBeGreaterThanOrEqual(55)
    expect(spans[2]).toEqual([0, 100, 90])
    expect(
      erased({ ...drawing, locked: [0] }, { x: 50, y: 50 }, { x: 50, y: 50 }, 5, BLACK).strokes.widths,
    ).toHaveLength(2)
    expect(erased(drawing, { x: 50, y: 70 }, { x: 50, y: 70 }, 5, BLACK)).toBe(drawing)
    expect(erased(drawing, { x: 0, y: 50 }, { x: 100, y: 50 }, 5, BLACK).strokes.widths).toHaveLength(1)
  })

  test('on the clipboard are an SVG, and come back as they were', () => {
    const strokes = [
      { points: Float32Array.from([1.25, 2, 3, 4, 5, 6, 7, -8]), width: 2.5, colour: '#b8391f' },
      { points: someStrokes(1).points, width: 3, colour: undefined },
    ]
    const svg = svgOf(strokes, { x: 0, y: 28, width: 224, height: 168 }, BLACK)
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" .*viewBox="0 28 224 168"/)
    expect(strokesFrom(svg)).toEqual(strokes)
    expect(strokesFrom('<svg xmlns="http://www.w3.org/2000/svg"><path d="M1 2C3 4 5 6 7 8"/></svg>')).toEqual([])
    expect(strokesFrom(svg.replace('7 -8', '7'))).toHaveLength(1)
  })
})

describe('the box', () => {
  const stroke = line(20, 60)
  const tall = { ...line(20, 20), points: straight({ x: 20, y: 50 }, { x: 60, y: 90 }) }
  const box = boxAround([stroke, tall])!
  const none = { shift: false, alt: false }
  const corner: Part = { kind: 'scale', x: 1, y: 1 }
  const pull = (part: Part, by: readonly [number, number], keys = none) =>
    pulled(part, box, { x: 60, y: 90 }, { x: 60 + by[0], y: 90 + by[1] }, keys)(tall).points

  test('lies around the lines, with a handle at each corner and a knob above', () => {
    expect(Object.values(box).map(Math.round)).toEqual([20, 50, 40, 40])
    expect(boxAround([])).toBeUndefined()
    const parts = partsOf(box, 1)
    expect(parts.filter(({ part }) => part.kind === 'turn').map(({ at }) => at.x)).toEqual([40])
    expect(parts.filter(({ part }) => part.kind === 'scale')).toHaveLength(8)
    // Too small a box keeps its corners.
    expect(partsOf({ ...box, height: 1 }, 1).filter(({ part }) => part.kind === 'scale')).toHaveLength(6)
  })

  test('scales from the other side, in proportion with Shift, from the middle with Alt', () => {
    const ends = (points: Float32Array) =>
      [startOf(points), endOf(points)].flatMap(({ x, y }) => [Math.round(x), Math.round(y)])
    expect(ends(pull(corner, [40, 0]))).toEqual([20, 50, 100, 90])
    expect(ends(pull(corner, [40, 0], { shift: true, alt: false }))).toEqual([20, 50, 100, 130])
    expect(ends(pull(corner, [20, 20], { shift: false, alt: true }))).toEqual([0, 30, 80, 110])
    expect(ends(pull({ kind: 'scale', x: 1, y: 0 }, [40, 25]))).toEqual([20, 50, 100, 90])
  })

  test('turns about its middle, in steps of 15 degrees with Shift', () => {
    const turned = pulled({ kind: 'turn' }, box, { x: 40, y: 20 }, { x: 90, y: 70 }, none)(tall).points
    expect(distance(startOf(turned), { x: 60, y: 50 })).toBeLessThan(0.01)
    const stepped = pulled({ kind: 'turn' }, box, { x: 40, y: 20 }, { x: 88, y: 75 }, { shift: true, alt: false })
    expect(distance(startOf(stepped(tall).points), { x: 60, y: 50 })).toBeLessThan(0.01)
  })

  test('of a line without height keeps it', () => {
    const flat = boxAround([stroke])!
    const { points } = pulled(corner, flat, { x: 60, y: 50 }, { x: 80, y: 70 }, none)(stroke)
    expect([points[1]!, endOf(points).x].map(Math.round)).toEqual([50, 80])
  })
})

function line(from: number, to: number, y = 50) {
  return { points: straight({ x: from, y }, { x: to, y }), width: 3, colour: undefined }
}

describe('a line drawn with a pen', () => {
  const points = straight({ x: 0, y: 0 }, { x: 90, y: 0 })
  const pressed = { points, width: 4, colour: undefined, pressure: Float32Array.of(0.2, 0.4, 0.6, 0.8) }
  const plain = { points: straight({ x: 90, y: 0 }, { x: 150, y: 0 }), width: 2, colour: undefined }

  test('keeps its pressure on the page, on the clipboard, cut and joined', () => {
    const drawing = { strokes: joined([pressed, plain]), locked: [] }
    expect(strokesOf(drawing.strokes)[0]!.pressure).toEqual(pressed.pressure)
    const [copied, other] = strokesFrom(svgOf([pressed, plain], { x: 0, y: 0, width: 224, height: 224 }, BLACK))
    expect(copied!.pressure).toEqual(pressed.pressure)
    expect(other!.pressure).toBeUndefined()
    const [before, after] = strokesOf(split(drawing, 0, 0.5, BLACK)!.strokes)
    ;[0.2, 0.3, 0.4, 0.5].forEach((share, i) => expect(before!.pressure![i]).toBeCloseTo(share))
    ;[0.5, 0.6, 0.7, 0.8].forEach((share, i) => expect(after!.pressure![i]).toBeCloseTo(share))
    const [one] = strokesOf(united(drawing, [0, 1], BLACK)!.strokes)
    expect(one!.points).toHaveLength(14)
    expect(Array.from(one!.pressure!.slice(4))).toEqual([1, 1, 1])
  })

  test('is as wide as it was pressed, and of one width where nothing tells', () => {
    const drawn = (pressures: readonly (number | undefined)[]) => {
      const trail = createTrail({ x: 0, y: 0 }, pressures[0])
      pressures.slice(1).forEach((pressure, i) => trail.to({ x: 10 * (i + 1), y: 0 }, pressure))
      return trail.end(([first, ...rest]) => straight(first!, rest.at(-1)!))!
    }
    const soft = drawn([0, 0.25, 0.5, 0.75, 1]).pressure!
    expect(soft).toHaveLength(4)
    ;[0.12, 0.413, 0.707, 1].forEach((share, i) => expect(soft[i]).toBeCloseTo(share, 1))
    expect(drawn([undefined, undefined, undefined]).pressure).toBeUndefined()
    expect(drawn([0.5, 0.5, 0.5]).pressure).toBeUndefined()
    expect(createTrail({ x: 0, y: 0 }, 1).end(() => points)).toBeUndefined()
  })
})
