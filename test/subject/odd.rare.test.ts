import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { openPhoto } from '../../src/photo/photo.ts'
import { randomFrom } from '../../src/random.ts'
import { findSubject } from '../../src/subject/subject.ts'

type Rgb = [red: number, green: number, blue: number]

/** A photo painted by a function of its pixels, 0..255. */
function painted(width: number, height: number, paint: (x: number, y: number) => Rgb): Promise<Buffer> {
  const pixels = Array.from({ length: width * height }, (_, i) => paint(i % width, Math.floor(i / width)))
  return sharp(Buffer.from(pixels.flat()), { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer()
}

describe('a subject is found, and the field is in order, in', () => {
  const random = randomFrom(7)
  const noise = (): Rgb => [255 * random(), 255 * random(), 255 * random()]
  const photos: Record<string, Promise<Buffer>> = {
    'a photo that is all texture': painted(200, 150, noise),
    'a weave': painted(150, 200, (x, y) => (((x >> 2) + (y >> 2)) % 2 ? [180, 150, 90] : [90, 60, 40])),
    'a sky': painted(240, 160, (_, y) => [90 + y / 2, 140 + y / 2, 230]),
    'a line of one pixel': painted(200, 200, (x) => (x === 90 ? [0, 0, 0] : [255, 255, 255])),
    'a black photo': painted(64, 64, () => [0, 0, 0]),
    'a white photo': painted(64, 64, () => [255, 255, 255]),
    'a grey photo': painted(64, 64, () => [127, 127, 127]),
    'a photo of 8 × 8 pixels': painted(8, 8, () => [200, 20, 20]),
    'a photo as narrow as can be': painted(8, 400, (_, y) => [y % 256, 0, 255 - (y % 256)]),
  }
  for (const [name, picture] of Object.entries(photos)) {
    test(name, async () => {
      const photo = await openPhoto(await picture)
      const { mask, field } = await findSubject(photo)
      const within = (values: Float32Array): boolean => values.every((value) => value >= 0 && value <= 1)
      expect(within(mask.data)).toBe(true)
      expect(mask.data.some((value) => value > 0.5)).toBe(true)
      expect(within(field.strength)).toBe(true)
      const lengths = field.tangentX.map((x, i) => Math.hypot(x, field.tangentY[i]!))
      expect(lengths.every((length) => Math.abs(length - 1) < 1e-3)).toBe(true)
      expect(await findSubject(photo)).toEqual({ mask, field })
    })
  }
})

test('nothing is made up where there is nothing to be seen', async () => {
  for (const level of [0, 127, 255]) {
    const noisy = (x: number, y: number): Rgb => [level, level, Math.min(255, level + ((x * 7 + y * 3) % 2))]
    const { field } = await findSubject(await openPhoto(await painted(90, 60, noisy)))
    expect(field.strength.every((value) => value === 0)).toBe(true)
  }
})
