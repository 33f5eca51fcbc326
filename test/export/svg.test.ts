import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FewlineError } from '../../src/errors.ts'
import { lengthIn, parseLength, type Length } from '../../src/export/length.ts'
import { layOut } from '../../src/export/page.ts'
import { fromSvg } from '../../src/export/read-svg.ts'
import { toSvg } from '../../src/export/svg.ts'
import type { Strokes } from '../../src/strokes/strokes.ts'
import { CANVAS } from '../../src/units.ts'
import { anyFrame, anyStrokes, furthest, two } from '../support/strokes.ts'

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

  test('a page has its own units, and the sketch lies within its margins without any transform', () => {
    const svg = toSvg(two, { page: { paper: 'A4', margin: parseLength('5mm') }, paper: '#fed' })
    expect(svg).toContain(' width="210mm" height="297mm" viewBox="0 0 210 297" data-frame="5 48.5 200 200 210 297">')
    expect(svg).toContain(
      '  <rect width="100%" height="100%" fill="#ffeedd"/>\n  <g fill="none" stroke="#000" stroke-width="2.68"',
    )
    expect(svg).toContain('d="M 13.93 66.36 C')
    expect(svg).not.toContain('transform')
  })

  const red = [1, 0, 0, 1]
  const black = [0, 0, 0, 1]
  const many: Strokes = {
    points: Float32Array.from({ length: 32 }, (_, i) => i),
    widths: Float32Array.of(3, 3, 3, 2),
    colors: Float32Array.of(...red, ...black, ...red, ...red),
    width: CANVAS,
    height: CANVAS,
  }

  test('has a layer for each colour, as Inkscape knows them', () => {
    const svg = toSvg(many, { layers: true })
    expect(svg).toContain(' xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape" viewBox')
    const layers = svg.match(/<g [^]*?<\/g>/g)!
    expect(
      layers.map((layer) => /inkscape:groupmode="layer" inkscape:label="(.*?)" .*stroke="(.*?)"/.exec(layer)?.slice(1)),
    ).toEqual([
      ['1 #ff0000', '#ff0000'],
      ['2 #000', '#000'],
    ])
    expect(layers.map((layer) => layer.match(/<path/g)!.length)).toEqual([3, 1])
    expect(fromSvg(svg).widths.length).toBe(4)
  })

  test('joins what looks the same into one path, and it is read as the same strokes', () => {
    expect(toSvg(two, { joined: true }).match(/<path/g)).toHaveLength(1)
    expect(fromSvg(toSvg(two, { joined: true }))).toEqual(fromSvg(toSvg(two)))
    const svg = toSvg(many, { joined: true, layers: true })
    expect(svg.match(/<path[^>]*?d="M/g)).toHaveLength(3)
    expect(fromSvg(svg).widths.length).toBe(4)
  })

  test('refuses a paper of no colour', () => {
    expect(() => toSvg(two, { paper: 'url(#a)"/>' })).toThrow(
      /^Expected white, cream, kraft or a colour as the paper, but .*: write a colour like #f7f3e8\.$/,
    )
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
  test('reads what toSvg wrote, within the two decimals', () => {
    fc.assert(
      fc.property(anyStrokes(), anyFrame, (strokes, frame) => {
        const read = fromSvg(toSvg(strokes, { frame, size: parseLength('12cm') }))
        expectSame(read, strokes, 0.01)
      }),
    )
  })

  test('reads a sketch back from within the margins of its page', () => {
    const margin = fc.record({ value: fc.double({ min: 0, max: 40, noNaN: true }), unit: fc.constant('mm' as const) })
    fc.assert(
      fc.property(anyStrokes(), anyFrame, margin, fc.boolean(), (strokes, frame, margin, layers) => {
        const svg = toSvg(strokes, { frame, page: { paper: 'A5', margin }, paper: '#fed' })
        // A hundredth of a millimetre, in canvas units.
        const page = layOut(frame, { paper: 'A5', margin })
        expectSame(fromSvg(svg), strokes, 0.011 / page.scale)
        if (layers) expect(fromSvg(toSvg(strokes, { frame, layers })).widths.length).toBe(strokes.widths.length)
      }),
    )
  })

  test('a page that was changed since is taken as it is', () => {
    const svg = toSvg(two, { page: { paper: 'Square-10cm' } })
    const all = fromSvg(svg.replace('viewBox="0 0 100 100"', 'viewBox="0 0 50 50"'))
    expect([...all.points.subarray(0, 2)]).toEqual([...Float32Array.of((13.57 * 224) / 50, (17.14 * 224) / 50)])
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
    expect(() => fromSvg(text)).toThrow(/^Expected an SVG of lines, but [^\n]+: choose another file\.$/)
  })
})

test.each([...'mm cm in px pt'.split(' ')] as const)(
  'in %s the sheet is as large as asked, whatever its shape',
  (unit) => {
    const inMillimetres = (text: string) => lengthIn('mm', parseLength(text))
    const shapes = fc.tuple(fc.double({ min: 0.02, max: CANVAS, noNaN: true }), fc.boolean())
    fc.assert(
      fc.property(shapes, fc.double({ min: 1, max: 2000, noNaN: true }), ([shorter, wide], mm) => {
        const [width, height] = wide ? [CANVAS, shorter] : [shorter, CANVAS]
        const size = {
          value: lengthIn(unit as Length['unit'], { value: mm, unit: 'mm' }),
          unit: unit as Length['unit'],
        }
        const svg = toSvg(two, { frame: { x: 0, y: 0, width, height }, size })
        const [, across, down, ...view] = / width="(\S+)" height="(\S+)" viewBox="0 0 (\S+) (\S+)"/.exec(svg)!
        expect(Math.abs(inMillimetres(across!) - (mm * width) / CANVAS)).toBeLessThan(0.05)
        expect(Math.abs(inMillimetres(down!) - (mm * height) / CANVAS)).toBeLessThan(0.05)
        // And nothing in it is shrunk by another shape of what it shows.
        const scales = [inMillimetres(across!) / Number(view[0]), inMillimetres(down!) / Number(view[1])]
        expect(Math.abs(CANVAS * Math.min(...scales) - mm)).toBeLessThan(Math.max(0.05, 0.01 * mm))
      }),
    )
  },
)

describe('parseLength', () => {
  test.each([
    ['.5in', 0.5, 'in'],
    ['3 cm', 3, 'cm'],
    ['10.25pt', 10.25, 'pt'],
    ['120MM', 120, 'mm'],
    ['12,5cm', 12.5, 'cm'],
    [' 4,25 In ', 4.25, 'in'],
    ['8.5"', 8.5, 'in'],
    ['5 inches', 5, 'in'],
    ['1.2m', 120, 'cm'],
  ])('reads %s', (text, value, unit) => {
    expect(parseLength(text)).toEqual({ value, unit })
  })

  test.each(['120', '12,5', '.5', ' 800 '])('of "%s" it asks which unit', (text) => {
    const number = text.trim()
    expect(() => parseLength(text)).toThrow(`"${text}" has none: write ${number}mm, ${number}cm, ${number}in or`)
  })

  test('a comma that may stand between thousands is asked about', () => {
    expect(() => parseLength('1,200mm')).toThrow('"1,200mm" may mean two: write 1.2mm or 1200mm.')
  })

  test('a length may be nothing where that is said', () => {
    expect(parseLength('0mm', 0)).toEqual({ value: 0, unit: 'mm' })
    expect(parseLength('0', 0)).toEqual({ value: 0, unit: 'mm' })
    expect(() => parseLength('-1mm', 0)).toThrow(/write it like 120mm/)
  })

  test.each(['', '0', '-3mm', '1e3', '12 miles', 'mm', '1.2.3mm', '3mm 4mm', '5constructor', `${'9'.repeat(400)}mm`])(
    '"%s" is no length',
    (text) => {
      expect(() => parseLength(text)).toThrow(/write it like 120mm/)
    },
  )
})

function expectSame(read: Strokes, strokes: Strokes, tolerance: number): void {
  const black = Float32Array.from(strokes.colors!, (_, i) => (i % 4 === 3 ? 1 : 0))
  expect(furthest(read.points, strokes.points)).toBeLessThanOrEqual(tolerance)
  expect(furthest(read.widths, strokes.widths)).toBeLessThanOrEqual(tolerance)
  expect([...(read.segments ?? strokes.widths.map(() => 1))]).toEqual([...strokes.segments!])
  expect(furthest(read.colors ?? black, strokes.colors!)).toBeLessThanOrEqual(0.0051)
}
