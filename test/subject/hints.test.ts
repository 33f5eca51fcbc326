import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { openPhoto } from '../../src/photo/photo.ts'
import { photoAround } from '../../src/photo/crop.ts'
import { hintsFor, LEAST, type Quality, qualityOf, TROUBLES } from '../../src/subject/hints.ts'
import { tensor } from '../../src/tensor.ts'
import { CANVAS } from '../../src/units.ts'

const GOOD: Quality = { longest: 1000, brightness: 1, contrast: 1, sharpness: 0.4, share: 0.3, sureness: 1 }
const aboutOf = (quality: Quality, isFound = true) => hintsFor(quality, isFound).map(({ about }) => about)

/** A dark disc on a bright ground. */
async function disc(dark: string, bright: string, blur = 0): Promise<Buffer> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="448" height="336"><rect width="448" height="336" fill="${bright}"/><circle cx="300" cy="150" r="60" fill="${dark}"/></svg>`
  const picture = sharp(Buffer.from(svg)).removeAlpha()
  return (blur > 0 ? picture.blur(blur) : picture).png().toBuffer()
}

/** The disc's own mask, on the canvas. */
const mask = tensor(
  [CANVAS, CANVAS],
  Float32Array.from({ length: CANVAS ** 2 }, (_, i) =>
    Math.hypot((i % CANVAS) - 150, Math.floor(i / CANVAS) - (28 + 75)) < 30 ? 1 : 0,
  ),
)
const qualityIn = async (photo: Buffer) => qualityOf(await openPhoto(photo), mask)

describe('hints', () => {
  test('say nothing of a good photo', async () => {
    expect(aboutOf(GOOD)).toEqual([])
    expect(aboutOf(await qualityIn(await disc('#222', '#eee')))).toEqual([])
  })

  test.each([
    ['dark', '#000', '#0a0a0a', 0],
    ['flat', '#bbb', '#bfbfbf', 0],
    ['blurred', '#222', '#eee', 30],
  ] as const)('tell what is %s, from its pixels', async (about, dark, bright, blur) => {
    expect(aboutOf(await qualityIn(await disc(dark, bright, blur)))).toEqual([about])
  })

  test('measure how much of the photo is its subject, and how surely', async () => {
    const { share, sureness, longest } = await qualityIn(await disc('#222', '#eee'))
    expect(share).toBeCloseTo((Math.PI * 30 ** 2) / (224 * 168), 2)
    expect([sureness, longest]).toEqual([1, 448])
  })

  test('speak of a subject that is tiny, and of one that is unsure only where it was found', () => {
    expect(aboutOf({ ...GOOD, share: LEAST.share / 2 })).toEqual(['tiny'])
    expect(aboutOf({ ...GOOD, sureness: 0 })).toEqual(['unsure'])
    expect(aboutOf({ ...GOOD, sureness: 0 }, false)).toEqual([])
  })

  test('each say what helps', () => {
    const worst = { longest: 1000, brightness: 0, contrast: 0, sharpness: 0, share: 0, sureness: 0 }
    for (const { about, text } of hintsFor(worst, true)) {
      expect(TROUBLES).toContain(about)
      expect(text).toMatch(/^[^:]+: [^:]+\.$/)
    }
  })
})

describe('a photo around its subject', () => {
  test('is that part of the file, with room around it', async () => {
    const { width, height } = await sharp(await photoAround(await disc('#222', '#eee'), mask)).metadata()
    // 60 units of the canvas are 120 pixels; 15 % on each side.
    expect(Math.abs(width - 156)).toBeLessThan(6)
    expect(Math.abs(height - 156)).toBeLessThan(6)
  })

  test('is all of it where there is no subject', async () => {
    const whole = await photoAround(await disc('#222', '#eee'), tensor([CANVAS, CANVAS]))
    expect(await sharp(whole).metadata()).toMatchObject({ width: 448, height: 336 })
  })
})
