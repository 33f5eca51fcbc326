import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FewlineError } from '../../src/errors.ts'
import { parseLength } from '../../src/export/length.ts'
import { fromSvg } from '../../src/export/read-svg.ts'
import { toSvg } from '../../src/export/svg.ts'
import type { Strokes } from '../../src/strokes/strokes.ts'
import { CANVAS } from '../../src/units.ts'

const two: Strokes = {
  points: Float32Array.of(10, 20, 30, 40, 50.126, 60, 70, 80, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6.5, -6),
  widths: Float32Array.of(3, 3),
  segments: Uint8Array.of(1, 2),
  width: CANVAS,
  height: CANVAS,
}

describe('toSvg', () => {
  test('writes one path per stroke, and what they share on their group', () => {
    expect(toSvg(two, { title: 'Two' })).toBe(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 224 224">
  <title>Two</title>
  <desc>Drawn by Fewline in 2 strokes</desc>
  <g fill="none" stroke="#000" stroke-width="3" stroke-linecap="round" stroke-linejoin="round">
    <path d="M 10 20 C 30 40 50.13 60 70 80"/>
    <path d="M 0 0 C 1 1 2 2 3 3 C 4 4 5 5 6.5 -6"/>
  </g>
</svg>
`)
  })

  test('a path carries only what differs', () => {
    const colors = Float32Array.of(0, 0, 0, 1, 1, 0.5, 0, 0.25, 0, 0, 0, 1)
    const points = new Float32Array(24)
    const svg = toSvg({ points, widths: Float32Array.of(3, 3, 1.5), colors, width: CANVAS, height: CANVAS })
    const paths = svg.match(/<path.*? d=/g)
    expect(svg).toContain('<g fill="none" stroke="#000" stroke-width="3"')
    expect(paths).toEqual([
      '<path d=',
      '<path stroke="#ff8000" stroke-opacity="0.25" d=',
      '<path stroke-width="1.5" d=',
    ])
  })

  test('the page is the photo, in its own shape and from 0 0', () => {
    const frame = { x: 0, y: 56, width: 224, height: 112 }
    const svg = toSvg({ ...two, points: two.points.map((v, i) => (i % 2 ? v + 56 : v)) }, { frame })
    expect(svg).toContain('viewBox="0 0 224 112"')
    expect(svg).toContain('M 10 20 C 30 40 50.13 60 70 80')
  })

  test('a physical size is that of the longer side', () => {
    const frame = { x: 56, y: 0, width: 112, height: 224 }
    expect(toSvg(two, { frame, size: parseLength('120mm') })).toContain(' width="60mm" height="120mm" viewBox')
    expect(toSvg(two, { frame, size: parseLength('8.5 in') })).toContain(' width="4.25in" height="8.5in" viewBox')
  })

  test('a title is text, whatever is in it', () => {
    expect(toSvg(two, { title: 'A <b> & "c" \u0000\u0007 d' })).toContain('<title>A &lt;b&gt; &amp; "c"    d</title>')
  })

  test('a number that is none is never written', () => {
    expect(() => toSvg({ ...two, points: two.points.map(() => NaN) })).toThrow(RangeError)
    expect(() => toSvg({ ...two, widths: Float32Array.of(3, Infinity) })).toThrow(RangeError)
  })
})

describe('fromSvg', () => {
  const coordinate = fc.float({ min: -300, max: 500, noNaN: true })
  const stroke = fc.integer({ min: 1, max: 3 }).chain((segments) =>
    fc.record({
      segments: fc.constant(segments),
      points: fc.array(coordinate, { minLength: 6 * segments + 2, maxLength: 6 * segments + 2 }),
      width: fc.float({ min: 0.5, max: 20, noNaN: true }),
      color: fc.array(fc.float({ min: 0, max: 1, noNaN: true }), { minLength: 4, maxLength: 4 }),
    }),
  )
  const side = fc.float({ min: 20, max: CANVAS, noNaN: true })

  test('reads what toSvg wrote, within the two decimals', () => {
    fc.assert(
      fc.property(fc.array(stroke, { minLength: 1, maxLength: 6 }), side, fc.boolean(), (drawn, shorter, wide) => {
        const strokes: Strokes = {
          points: Float32Array.from(drawn.flatMap(({ points }) => points)),
          widths: Float32Array.from(drawn, ({ width }) => width),
          segments: Uint8Array.from(drawn, ({ segments }) => segments),
          colors: Float32Array.from(drawn.flatMap(({ color }) => color)),
          width: CANVAS,
          height: CANVAS,
        }
        const margin = (CANVAS - shorter) / 2
        const frame = wide
          ? { x: 0, y: margin, width: CANVAS, height: shorter }
          : { x: margin, y: 0, width: shorter, height: CANVAS }
        const read = fromSvg(toSvg(strokes, { frame, size: parseLength('12cm') }))
        expect(distance(read.points, strokes.points)).toBeLessThanOrEqual(0.01)
        expect(distance(read.widths, strokes.widths)).toBeLessThanOrEqual(0.01)
        expect([...(read.segments ?? strokes.widths.map(() => 1))]).toEqual([...strokes.segments!])
        expect(distance(read.colors ?? black(drawn.length), strokes.colors!)).toBeLessThanOrEqual(0.0051)
      }),
    )
  })

  test('black strokes of one cubic come back without colours and segments', () => {
    const { colors, segments } = fromSvg(
      toSvg({ ...two, points: two.points.slice(0, 16), segments: Uint8Array.of(1, 1) }),
    )
    expect([colors, segments]).toEqual([undefined, undefined])
  })

  // As a drawing program saves it: relative and short commands, styles, moved groups, another unit, things besides.
  test('reads a drawing that another program saved', () => {
    const { points, widths, segments, colors } = fromSvg(`<?xml version="1.0" standalone="no"?>
      <svg:svg xmlns:svg="http://www.w3.org/2000/svg" width="112mm" height="56mm" viewBox="0 0 112 56">
        <svg:defs><svg:path style="stroke:#f00" d="M 0 0 L 9 9"/></svg:defs>
        <svg:path d="M 0 0 h 9 v 9 z" fill="#eee"/>
        <svg:g transform="translate(10 0)" style="fill:none;stroke:#000000;stroke-width:1.5">
          <svg:g transform="scale(2)"><svg:path d="m 1,2 c 1,0 2,0 3,1 s 2,1 3,1"/></svg:g>
          <svg:path style="stroke: rgb(255, 0, 51); stroke-width: 3px" d="M0 0 L 3 6 M 9 9 H 12 Q 12 12 15 12"/>
        </svg:g>
      </svg:svg>`)
    const page = (...numbers: number[]) => numbers.map((v, i) => (i % 2 ? 2 * v + 56 : 2 * v))
    expect([...points]).toEqual([
      ...page(12, 4, 14, 4, 16, 4, 18, 6, 20, 8, 22, 8, 24, 8),
      ...page(10, 0, 11, 2, 12, 4, 13, 6),
      ...page(19, 9, 20, 9, 21, 9, 22, 9, 22, 11, 23, 12, 25, 12),
    ])
    expect([...widths]).toEqual([6, 6, 6])
    expect([...segments!]).toEqual([2, 1, 2])
    expect([...colors!]).toEqual([0, 0, 0, 1, ...Float32Array.of(1, 0, 0.2, 1), ...Float32Array.of(1, 0, 0.2, 1)])
  })

  test.each([
    ['no XML', 'hello'],
    ['cut short', toSvg(two).slice(0, 200)],
    ['another document', '<html/>'],
    ['nothing drawn', '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"/>'],
    ['no page', '<svg xmlns="http://www.w3.org/2000/svg"><path stroke="#000" d="M0 0L9 9"/></svg>'],
    [
      'a flat page',
      '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 0"><path stroke="#000" d="M0 0L9 9"/></svg>',
    ],
    ['a damaged path', toSvg(two).replace('30 40', '30 x')],
    ['an unknown colour', toSvg(two).replace('#000', 'url(#a)')],
  ])('refuses %s in one sentence', (_what, text) => {
    expect(() => fromSvg(text)).toThrow(FewlineError)
    expect(() => fromSvg(text)).toThrow(
      /^Expected an SVG of lines, as Fewline writes it, but [^\n]+: choose such a file\.$/,
    )
  })
})

test.each(['12', '.5in', '3 cm', '10.25pt'])('%s is a length', (text) => {
  expect(parseLength(text).value).toBe(parseFloat(text))
})

test.each(['', '0', '-3mm', '1e3', '12 miles', 'mm'])('"%s" is no length', (text) => {
  expect(() => parseLength(text)).toThrow(/write it like 120mm/)
})

function distance(a: Float32Array, b: Float32Array): number {
  expect(a.length).toBe(b.length)
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0)
}

function black(count: number): Float32Array {
  return Float32Array.from({ length: 4 * count }, (_, i) => (i % 4 === 3 ? 1 : 0))
}
