import { spawnSync } from 'node:child_process'
import { inflateSync } from 'node:zlib'
import fc from 'fast-check'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { exportDrawing } from '../../src/export/export.ts'
import { lengthIn, parseLength } from '../../src/export/length.ts'
import { pdfLayout, toPdf } from '../../src/export/pdf.ts'
import { toPng } from '../../src/export/png.ts'
import { toSvg } from '../../src/export/svg.ts'
import type { Strokes } from '../../src/strokes/strokes.ts'
import { CANVAS } from '../../src/units.ts'
import { anyFrame, anyStrokes, two } from '../support/strokes.ts'

/** What is drawn on the page: all operators with their operands. */
function operatorsOf(pdf: Uint8Array): string[] {
  const text = Buffer.from(pdf).toString('latin1')
  // A \r before the end is no line end, but the last byte of a checksum.
  const streams = Array.from(text.matchAll(/stream\r?\n([^]*?)\nendstream/g), ([, data]) =>
    Buffer.from(data!, 'latin1'),
  )
  return streams.flatMap((stream) => inflateSync(stream).toString('latin1').trim().split('\n'))
}

test('draws each cubic as a cubic, where and as wide as it is on the page', async () => {
  await fc.assert(
    fc.asyncProperty(anyStrokes(3), anyFrame, async (strokes, frame) => {
      const options = { frame, page: { paper: 'A5' } } as const
      const { height, scale, x, y } = pdfLayout(strokes, options)
      const operators = operatorsOf(await toPdf(strokes, options))
      const numbers = operators
        .filter((line) => /[mc]$/.test(line))
        .flatMap((line) => line.split(' ').slice(0, -1).map(Number))
      expect(numbers.length).toBe(strokes.points.length)
      numbers.forEach((value, i) => {
        const back = i % 2 ? (height - value - y) / scale : (value - x) / scale
        expect(Math.abs(back - strokes.points[i]!) * scale).toBeLessThan(0.006)
      })
      const widths = operators.filter((line) => line.endsWith(' w')).map(parseFloat)
      widths.forEach((width, i) => expect(width).toBeCloseTo(strokes.widths[i]! * scale, 1))
      expect(operators.filter((line) => line === 'S')).toHaveLength(strokes.widths.length)
    }),
    { numRuns: 25 },
  )
})

test.each([
  [{}, 595.28, 841.89],
  [{ size: parseLength('144pt') }, 144, 144],
  [{ page: { paper: { width: 960, height: 480, unit: 'px' as const } } }, 720, 360],
])('with %o the page has %d × %d points', async (options, width, height) => {
  const text = Buffer.from(await toPdf(two, options)).toString('latin1')
  const box = /\/MediaBox \[ 0 0 ([\d.]+) ([\d.]+) \]/.exec(text)!
  expect(Number(box[1])).toBeCloseTo(width, 2)
  expect(Number(box[2])).toBeCloseTo(height, 2)
})

test('beyond 200 inches a unit of the file is more than a point, and the page as large as asked', async () => {
  const size = parseLength('9m')
  const { content, verify } = await exportDrawing('pdf', { strokes: two }, { size })
  await verify(content)
  const text = Buffer.from(content).toString('latin1')
  const [, side] = /\/MediaBox \[ 0 0 ([\d.]+) [\d.]+ \]/.exec(text)!
  const [, unit] = /\/UserUnit ([\d.]+)/.exec(text)!
  expect(Number(side)).toBeLessThanOrEqual(14_400)
  expect(Number(side) * Number(unit)).toBeCloseTo(lengthIn('pt', size), 1)
  const [x] = operatorsOf(content)
    .find((line) => line.endsWith(' m'))!
    .split(' ')
    .map(Number)
  expect(x! * Number(unit)).toBeCloseTo((two.points[0]! * lengthIn('pt', size)) / CANVAS, 0)
})

const ghostscript = spawnSync('gs', ['--version']).status === 0

test.skipIf(!ghostscript)('looks in another program as the SVG does', async () => {
  const strokes: Strokes = {
    points: Float32Array.of(20, 30, 200, 10, 10, 200, 200, 190, 30, 200, 60, 60, 160, 60, 200, 20),
    widths: Float32Array.of(6, 12),
    colors: Float32Array.of(0.8, 0.1, 0, 1, 0, 0.3, 0.9, 0.5),
    width: CANVAS,
    height: CANVAS,
  }
  const options = { page: { paper: 'Square-10cm' }, paper: '#f7f3e8' } as const
  const side = 400
  const page = ['-q', '-dSAFER', '-dNOPAUSE', '-dBATCH', '-sDEVICE=png16m', '-r406.4', '-dDownScaleFactor=4']
  const { stdout } = spawnSync('gs', [...page, '-sOutputFile=-', '-'], { input: await toPdf(strokes, options) })
  const expected = await toPng(toSvg(strokes, options), { value: side, unit: 'px' })
  const pixels = (png: Uint8Array) => sharp(png).removeAlpha().resize(100, 100, { fit: 'fill' }).raw().toBuffer()
  const [seen, wanted] = await Promise.all([pixels(stdout), pixels(expected)])
  const off = seen.reduce((sum, value, i) => sum + Math.abs(value - wanted[i]!), 0) / seen.length
  const ink = wanted.reduce((sum, value, i) => sum + Math.abs(value - wanted[i % 3]!), 0) / wanted.length
  expect(off).toBeLessThan(0.05 * ink)
})
