import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { PAPERS as OFFERED } from '../../main/api.ts'
import { lengthIn, parseLength } from '../../src/export/length.ts'
import { layOut, PAPERS, parsePage, type PaperName } from '../../src/export/page.ts'
import { anyFrame } from '../support/strokes.ts'

const anyPaper = fc.constantFrom(...(Object.keys(PAPERS) as PaperName[]))
const anyMargin = fc.record({
  value: fc.double({ min: 0, max: 1.9, noNaN: true }),
  unit: fc.constantFrom('in' as const, 'cm' as const),
})

describe('layOut', () => {
  test('keeps the shape, stays within the margins, touches two of them, and is centred', () => {
    fc.assert(
      fc.property(anyFrame, anyPaper, anyMargin, (frame, paper, margin) => {
        const { width, height, unit, scale, x, y } = layOut(frame, { paper, margin })
        const free = lengthIn('mm', margin)
        const [left, top] = [scale * frame.x + x, scale * frame.y + y]
        const [right, bottom] = [width - left - scale * frame.width, height - top - scale * frame.height]
        expect(unit).toBe('mm')
        expect(left).toBeCloseTo(right, 6)
        expect(top).toBeCloseTo(bottom, 6)
        expect(Math.min(left, top)).toBeCloseTo(free, 6)
        expect(width > height).toBe(frame.width > frame.height && !paper.startsWith('Square'))
      }),
    )
  })

  const frame = { x: 0, y: 28, width: 224, height: 168 }
  test('a page given by its sides, or by how it lies, stays so', () => {
    expect(layOut(frame, { paper: { width: 100, height: 200, unit: 'mm' } })).toMatchObject({ width: 100, height: 200 })
    expect(layOut(frame, parsePage('A5-portrait'))).toMatchObject({ width: 148, height: 210 })
    expect(layOut(frame, parsePage('a5'))).toMatchObject({ width: 210, height: 148 })
    expect(layOut(frame, parsePage('10x20cm'))).toMatchObject({ width: 100, height: 200, unit: 'mm' })
    expect(layOut(frame, parsePage('800x600px'))).toMatchObject({ width: 800, height: 600, unit: 'px' })
  })

  test.each(['A4 landscape', 'a4-landscape', 'A4, Landscape', 'A4_LANDSCAPE', 'landscape A4', 'a4landscape'])(
    '"%s" is A4 that lies',
    (text) => {
      expect(parsePage(text)).toEqual({ paper: 'A4', orientation: 'landscape' })
    },
  )

  test.each([
    ['8.5x11in', 215.9, 279.4],
    ['8,5 x 11 IN', 215.9, 279.4],
    ['8.5in x 11in', 215.9, 279.4],
    ['8.5"×11"', 215.9, 279.4],
    ['21cmx297mm', 210, 297],
    ['0.21 x 0.297 m', 210, 297],
    ['297x210mm portrait', 210, 297],
  ])('"%s" is %d × %d mm', (text, width, height) => {
    const sheet = layOut(frame, parsePage(text))
    expect(sheet.unit).toBe('mm')
    expect(sheet.width).toBeCloseTo(width, 6)
    expect(sheet.height).toBeCloseTo(height, 6)
  })

  test.each([
    ['A0', 841, 1189],
    ['a1', 594, 841],
    ['A2', 420, 594],
    ['B0', 1000, 1414],
    ['b4', 250, 353],
    ['ledger', 279.4, 431.8],
    ['square 10cm', 100, 100],
  ])('%s has %d × %d mm', (text, width, height) => {
    expect(layOut(frame, { ...parsePage(text), orientation: 'portrait' })).toMatchObject({ width, height })
  })

  test('the window offers every paper', () => {
    expect(OFFERED).toEqual(Object.keys(PAPERS))
  })

  test('a size is that of the longer side, in the middle of the page', () => {
    const { scale, x, y } = layOut(frame, { paper: 'A4' }, parseLength('12cm'))
    expect([224 * scale, x, 28 * scale + y]).toEqual([120, 88.5, 60])
  })

  test('what does not fit is refused in a sentence', () => {
    const sentence = /^Expected [^\n]+, but [^\n]+: choose [^\n]+\.$/
    expect(() => layOut(frame, { paper: 'A6', margin: parseLength('6cm') })).toThrow(sentence)
    expect(() => layOut(frame, { paper: 'A6' }, parseLength('30cm'))).toThrow(sentence)
    expect(() => layOut(frame, { paper: { width: 20_000, height: 10, unit: 'mm' } })).toThrow(sentence)
    expect(() => layOut(frame, undefined, parseLength('20m'))).toThrow(sentence)
    expect(() => layOut(frame, undefined, parseLength('.1mm'))).toThrow(sentence)
    expect(() => layOut(frame, { paper: { width: NaN, height: 10, unit: 'px' } })).toThrow(sentence)
  })
})

test.each(['', 'A7', '20x', '3 miles', '0x10mm', '10x10', 'A4-up', '1.2.3x4mm', 'A4 landscape portrait', 'landscape'])(
  '"%s" is no page',
  (text) => {
    expect(() => parsePage(text)).toThrow(/^Expected [^\n]+, but "[^\n]*" came: [^\n]+\.$/)
  },
)
