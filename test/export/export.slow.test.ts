import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import fc from 'fast-check'
import sharp from 'sharp'
import { afterAll, describe, expect, test } from 'vitest'
import { FewlineError } from '../../src/errors.ts'
import {
  checkExport,
  exportDrawing,
  type ExportOptions,
  formatOf,
  FORMATS,
  type Format,
} from '../../src/export/export.ts'
import { checkOutput, writeOutput } from '../../src/export/files.ts'
import { type Length, parseLength } from '../../src/export/length.ts'
import { type PageOptions, type PaperName, PAPERS, type Rectangle } from '../../src/export/page.ts'
import { layoutOf } from '../../src/export/svg.ts'
import type { Strokes } from '../../src/strokes/strokes.ts'
import { CANVAS } from '../../src/units.ts'
import { anyFrame, two } from '../support/strokes.ts'

const UNITS = ['mm', 'cm', 'in', 'px', 'pt'] as const
const formats = Object.keys(FORMATS) as Format[]
const folder = mkdtempSync(join(tmpdir(), 'fewline export '))
afterAll(() => rmSync(folder, { recursive: true }))

const frame = { x: 0, y: 32, width: CANVAS, height: 160 }
const moved = (by: number): Strokes => ({ ...two, points: two.points.map((v) => v + by) })
const drawing = { strokes: moved(60), moments: [0, 20, 40].map(moved) }

describe.each(formats)('%s', (format) => {
  test('is written, verified, known as ours, and replaced by the next', async () => {
    const path = join(folder, `out.${format}`)
    for (const title of ['one', 'two']) {
      const { content, verify, mediaType } = await exportDrawing(format, drawing, { title, frame })
      expect(mediaType).toMatch(/^(image|application)\//)
      await writeOutput(path, content, { verify })
      expect(readFileSync(path)).toEqual(Buffer.from(content))
    }
    await expect(checkOutput(path)).resolves.toBeUndefined()
    expect(readdirSync(folder).filter((name) => name.includes('.tmp'))).toEqual([])
  })

  test.each([0.5, 0.9])('cut off at %d, it is noticed and never takes its name', async (share) => {
    const { content, verify } = await exportDrawing(format, drawing, { frame })
    const cut = content.subarray(0, Math.round(share * content.length))
    await expect(writeOutput(join(folder, `cut.${format}`), cut, { verify })).rejects.toThrow(
      /^Expected a (SVG|PNG|GIF|WEBP|PDF|JSON) [^\n]+, but it is [^\n]+: export it again\.$/,
    )
    expect(readdirSync(folder).filter((name) => name.includes('cut'))).toEqual([])
  })

  test('another drawing in its place is noticed', async () => {
    const { verify } = await exportDrawing(format, drawing, { frame, page: { paper: 'A5' }, pixels: 400 })
    const one = { ...two, points: two.points.slice(0, 8), widths: Float32Array.of(3), segments: Uint8Array.of(1) }
    const other = await exportDrawing(format, { strokes: one }, { frame, page: { paper: 'A6' }, pixels: 300 })
    await expect(verify(other.content)).rejects.toThrow(/whose (strokes|longer|pages|width|height) is/)
  })

  test('goes on a page', async () => {
    const { content, verify } = await exportDrawing(format, drawing, { frame, page: { paper: 'A6' }, paper: '#fed' })
    await verify(content)
  })

  test('of nothing is refused', async () => {
    const nothing = { ...two, points: new Float32Array(), widths: new Float32Array(), segments: new Uint8Array() }
    await expect(exportDrawing(format, { strokes: nothing })).rejects.toThrow(/draw something first\.$/)
  })
})

/** All papers, and sizes from a pixel to ten metres, with and without a page. */
const anySheet = fc.record(
  {
    page: fc.record({
      paper: fc.oneof(
        fc.constantFrom(...(Object.keys(PAPERS) as PaperName[])),
        fc.record({
          width: fc.double({ min: 0.01, max: 12_000, noNaN: true }),
          height: fc.double({ min: 0.01, max: 12_000, noNaN: true }),
          unit: fc.constantFrom(...UNITS),
        }),
      ),
      margin: fc.record({ value: fc.constantFrom(0, 0.1, 10), unit: fc.constantFrom(...UNITS) }),
    }),
    size: fc.record({ value: fc.double({ min: 0.001, max: 5000, noNaN: true }), unit: fc.constantFrom(...UNITS) }),
  },
  { requiredKeys: [] },
)

test.each(formats)(
  '%s: whatever is not refused before the drawing is written and verified after it',
  async (format) => {
    const one = { strokes: moved(60) }
    const written = async (frame: Rectangle, sheet: { page?: PageOptions; size?: Length }): Promise<void> => {
      const options = { ...sheet, frame }
      try {
        checkExport(format, one.strokes, options)
      } catch (error) {
        expect(error).toBeInstanceOf(FewlineError)
        return
      }
      // The largest pictures take seconds each: one of them has a test of its own.
      if (format === 'png' && pixelsOf(one.strokes, options) > 3e6) return
      const { content, verify } = await exportDrawing(format, one, options)
      await verify(content)
    }
    // A film is of many pictures.
    const numRuns = format === 'gif' || format === 'webp' ? 20 : 60
    await fc.assert(fc.asyncProperty(anyFrame, anySheet, written), { numRuns })
  },
)

function pixelsOf(strokes: Strokes, options: ExportOptions): number {
  const { width, height } = layoutOf(strokes, options)
  return FORMATS.png.side(strokes, options) ** 2 * (Math.min(width, height) / Math.max(width, height))
}

test('a sheet of A0 is a PNG of 300 dots per inch, in bounded memory', { timeout: 120_000 }, async () => {
  const engine = pathToFileURL(join(import.meta.dirname, '../../dist/engine/index.js')).href
  const script = `
    const { exportDrawing } = await import(${JSON.stringify(engine)})
    const strokes = { points: Float32Array.of(9, 9, 80, 200, 150, 10, 210, 210), widths: Float32Array.of(3), width: 224, height: 224 }
    const { content, verify } = await exportDrawing('png', { strokes }, { page: { paper: 'A0' } })
    await verify(content)
    process.send({ megabytes: process.resourceUsage().maxRSS / 1024, content: Buffer.from(content).toString('base64') })`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const [told] = (await once(child, 'message')) as [{ megabytes: number; content: string }]
  const { width, height, density } = await sharp(Buffer.from(told.content, 'base64')).metadata()
  expect([width, height, density]).toEqual([9933, 14043, 300])
  // As pixels it would have 418 MB, and four times that when it was drawn at the square of its scale.
  expect(told.megabytes).toBeLessThan(600)
})

test.each([
  ['a.svg', 'svg'],
  ['b.animated.SVG', 'animated.svg'],
  ['/c.d/e.PDF', 'pdf'],
  ['g.json', 'json'],
  ['gif', undefined],
  ['f.jpg', undefined],
])('%s asks for %s', (path, format) => {
  expect(formatOf(path)).toBe(format)
})

describe('png', () => {
  const pixels = async (content: Uint8Array) => {
    const { data, info } = await sharp(content).ensureAlpha().raw().toBuffer({ resolveWithObject: true })
    return { corner: [...data.subarray(0, 4)], size: [info.width, info.height] }
  }

  test('has white paper, that of a colour, or none', async () => {
    const options = { frame, pixels: 70 }
    const size = [70, 50]
    const png = (more: object) => exportDrawing('png', drawing, { ...options, ...more })
    expect(await pixels((await png({})).content)).toEqual({ corner: [255, 255, 255, 255], size })
    expect(await pixels((await png({ paper: '#ffeedd' })).content)).toEqual({ corner: [255, 238, 221, 255], size })
    expect(await pixels((await png({ transparent: true })).content)).toEqual({ corner: [0, 0, 0, 0], size })
  })

  test('on a page is the page at 300 dots per inch', async () => {
    const { content } = await exportDrawing('png', drawing, { frame, page: { paper: 'A6' } })
    const { width, height, density } = await sharp(content).metadata()
    expect([width, height, density]).toEqual([Math.round((148 / 25.4) * 300), Math.round((105 / 25.4) * 300), 300])
  })
})

describe('plotter', () => {
  const apart: Strokes = {
    points: Float32Array.of(0, 0, 10, 0, 20, 0, 30, 0, 200, 0, 210, 0, 220, 0, 224, 0, 60, 0, 50, 0, 40, 0, 34, 0),
    widths: Float32Array.of(3, 3, 3),
    width: CANVAS,
    height: CANVAS,
  }

  test('says in mm how far the pen travels in the air', async () => {
    // On canvas from the corner: 0, 30 → 200, 224 → 60, 34 → home; sorted: 30 → 34, 60 → 200, 224 → home.
    const [before, after] = [170 + 164 + 34, 4 + 140 + 224]
    const plain = await exportDrawing('svg', { strokes: apart }, { plotter: true })
    expect(plain.travel!.before).toBeCloseTo((before * 25.4) / 96, 3)
    const sized = await exportDrawing('svg', { strokes: apart }, { plotter: true, size: parseLength('11.2cm') })
    expect(sized.travel!.before).toBeCloseTo(before / 2, 3)
    expect(sized.travel!.after).toBeCloseTo(Math.min(before, after) / 2, 3)
    expect(Buffer.from(sized.content).toString()).toContain('inkscape:groupmode="layer"')
  })

  test('begins at the corner of the page', async () => {
    const page = { paper: { width: 132, height: 112, unit: 'mm' as const }, margin: { value: 0, unit: 'mm' as const } }
    const { travel } = await exportDrawing(
      'svg',
      { strokes: apart },
      { plotter: true, page, size: parseLength('112mm') },
    )
    // Ten mm from the corner to the sketch; half a mm to a unit.
    expect(travel!.before).toBeCloseTo(10 + (170 + 164) / 2 + (10 + 17), 3)
  })
})
