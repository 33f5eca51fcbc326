import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { evenly } from '../../src/export/evenly.ts'
import { toFilm } from '../../src/export/film.ts'
import { toPng } from '../../src/export/png.ts'
import { toSvg } from '../../src/export/svg.ts'
import type { Strokes } from '../../src/strokes/strokes.ts'
import { CANVAS } from '../../src/units.ts'
import { two } from '../support/strokes.ts'

const frame = { x: 0, y: 32, width: CANVAS, height: 160 }
const moments = Array.from({ length: 5 }, (_, i): Strokes => ({ ...two, points: two.points.map((v) => v + 30 * i) }))

describe.each(['gif', 'webp'] as const)('%s', (format) => {
  test('has a page for each moment, which shows it, and the last one stays', async () => {
    const { content: film } = await toFilm(format, moments, { frame, pixels: 140, seconds: 2 })
    const { width, pageHeight, pages, delay, loop } = await sharp(film, { pages: -1 }).metadata()
    expect([width, pageHeight, pages, loop]).toEqual([140, 100, 5, 0])
    expect(delay).toEqual([400, 400, 400, 400, 2000])
    for (const [page, moment] of moments.entries()) {
      const wanted = await toPng(toSvg(moment, { frame }), { value: 140, unit: 'px' })
      const [seen, expected] = await Promise.all(
        [sharp(film, { page }), sharp(wanted)].map((picture) =>
          picture.toColourspace('b-w').removeAlpha().raw().toBuffer(),
        ),
      )
      const worst = expected!.reduce((most, value, i) => Math.max(most, Math.abs(value - seen![i]!)), 0)
      expect(worst).toBeLessThanOrEqual(16)
      expect(Math.min(...expected!)).toBeLessThan(40)
    }
  })

  test('keeps colours and paper, and plays once if asked', async () => {
    const red = { ...two, colors: Float32Array.of(1, 0, 0, 1, 1, 0, 0, 1), widths: Float32Array.of(60, 60) }
    const { content: film } = await toFilm(format, [two, red], { pixels: 64, paper: '#ddeeff', loop: false })
    const { data } = await sharp(film, { page: 1 }).removeAlpha().raw().toBuffer({ resolveWithObject: true })
    expect([...data.subarray(-3)]).toEqual([0xdd, 0xee, 0xff])
    const [x, y] = [12, 12]
    expect([...data.subarray(3 * (64 * y + x), 3 * (64 * y + x) + 3)]).toEqual([255, 0, 0])
    expect((await sharp(film, { pages: -1 }).metadata()).loop).toBe(1)
  })

  test('a moment that looks like the one before is shown longer, not again', async () => {
    const { content, pages } = await toFilm(format, [two, two, two, moments[1]!, moments[1]!], {
      seconds: 1,
      pixels: 64,
    })
    expect(pages).toBe(2)
    expect((await sharp(content, { pages: -1 }).metadata()).delay).toEqual([600, 2200])
    expect(await toFilm(format, [two, two], { pixels: 64 })).toMatchObject({ pages: 1, pixels: 64 })
  })

  test('thins out more moments than anyone needs', async () => {
    const { content: film } = await toFilm(
      format,
      Array.from({ length: 700 }, (_, i) => moments[i % 5]!),
      { pixels: 32 },
    )
    expect((await sharp(film, { pages: -1 }).metadata()).pages).toBe(100)
  })

  test('refuses what it cannot do', async () => {
    await expect(toFilm(format, [])).rejects.toThrow(
      /^Expected moments of a drawing, but there are none: draw first\.$/,
    )
    await expect(toFilm(format, moments, { pixels: 9000 })).rejects.toThrow(/choose another size\.$/)
  })
})

test('evenly spread items keep the first and the last', () => {
  const hundred = Array.from({ length: 100 }, (_, i) => i)
  expect(evenly(hundred, 4)).toEqual([0, 33, 66, 99])
  expect(evenly(hundred, 1)).toEqual([99])
  expect(evenly([1, 2], 4)).toEqual([1, 2])
})
