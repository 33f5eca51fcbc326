import { readFile } from 'node:fs/promises'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { expect, it } from 'vitest'
import { FewlineError } from '../../src/errors.ts'
import { openPhoto } from '../../src/photo/photo.ts'
import { CANVAS } from '../../src/units.ts'
import { bmp, quadrants, tiff } from './pictures.ts'

const VARIANTS = 30

const files = {
  jpeg: () => quadrants(32, 24).jpeg().toBuffer(),
  png: () => quadrants(32, 24).png().toBuffer(),
  webp: () => quadrants(32, 24).webp().toBuffer(),
  avif: () => quadrants(32, 24).avif({ effort: 0 }).toBuffer(),
  tiff: () => quadrants(32, 24).tiff().toBuffer(),
  gif: () => quadrants(32, 24).gif().toBuffer(),
  'progressive jpeg': () => quadrants(32, 24).jpeg({ progressive: true }).toBuffer(),
  'deep tiff': () => Promise.resolve(tiff({ width: 8, height: 8 }, { width: 32, height: 24, bits: 32, format: 3 })),
  'heic of two pictures': () => readFile(new URL('../fixtures/second.heic', import.meta.url)),
  'heic with a profile': () => readFile(new URL('../fixtures/profile.heic', import.meta.url)),
  heic: () => readFile(new URL('../fixtures/quadrants.heic', import.meta.url)),
  bmp: () => Promise.resolve(bmp(31, 24, { bitsPerPixel: 24 })),
  'palette bmp': () => Promise.resolve(bmp(31, 24, { bitsPerPixel: 4, header: 12 })),
  'masked bmp': () => Promise.resolve(bmp(31, 24, { bitsPerPixel: 16, masks: [0xf800, 0x7e0, 0x1f] })),
}

for (const [format, make] of Object.entries(files)) {
  it(`gives a photo or a FewlineError for any damage to ${format}`, async () => {
    const whole = await make()
    const random = xoroshiro128plus(7)
    const below = (limit: number): number => (random.next() >>> 0) % limit
    let refused = 0
    for (let i = 0; i < VARIANTS; i++) {
      const file = Buffer.from(whole.subarray(0, i % 3 === 0 ? below(whole.length) : whole.length))
      // Half of the flips in the first bytes, where the sizes and offsets are.
      for (let k = 0; k < 4 && file.length > 0; k++)
        file[below(k % 2 ? file.length : Math.min(64, file.length))] = below(256)
      try {
        const { image } = await openPhoto(file)
        expect(image.data.length).toBe(3 * CANVAS * CANVAS)
      } catch (error) {
        if (!(error instanceof FewlineError)) throw error
        expect(error.problem.kind).toBe('photo')
        refused++
      }
    }
    expect(refused).toBeGreaterThan(VARIANTS / 4)
  })
}
