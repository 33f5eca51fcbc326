import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp, { type Color } from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FewlineError } from '../../src/errors.ts'
import { continued, fit, openMask, openPhoto, photoPixels } from '../../src/photo/photo.ts'
import { CANVAS } from '../../src/units.ts'
import {
  bmp,
  type BmpOptions,
  colourAt,
  distance,
  quadrantBytes,
  QUADRANTS,
  quadrants,
  quadrantsOf,
} from './pictures.ts'

const WHITE = [1, 1, 1] as const
let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fewline-photo-'))
})
afterAll(() => rm(folder, { recursive: true }))

describe('formats', () => {
  const written = {
    jpeg: quadrants().jpeg({ quality: 95, chromaSubsampling: '4:4:4' }),
    'progressive jpeg': quadrants().jpeg({ quality: 95, chromaSubsampling: '4:4:4', progressive: true }),
    png: quadrants().png(),
    'interlaced png': quadrants().png({ progressive: true }),
    'palette png': quadrants().png({ palette: true }),
    '16-bit png': quadrants().toColourspace('rgb16').png(),
    webp: quadrants().webp({ lossless: true }),
    avif: quadrants().avif({ quality: 90, chromaSubsampling: '4:4:4', effort: 0 }),
    tiff: quadrants().tiff({ compression: 'lzw' }),
    '16-bit tiff': quadrants().toColourspace('rgb16').tiff({ compression: 'deflate' }),
    gif: quadrants().gif(),
  }
  for (const [format, picture] of Object.entries(written)) {
    it(`reads ${format}`, async () => {
      const photo = await openPhoto(await picture.toBuffer())
      expect([photo.sourceWidth, photo.sourceHeight]).toEqual([96, 64])
      expect(photo.image.shape).toEqual([3, CANVAS, CANVAS])
      expect(distance(quadrantsOf(photo), QUADRANTS)).toBeLessThan(0.02)
      expect(photo.warnings).toEqual([])
    })
  }

  it('reads HEIC', async () => {
    const photo = await openPhoto(await readFile(new URL('../fixtures/quadrants.heic', import.meta.url)))
    expect([photo.sourceWidth, photo.sourceHeight]).toEqual([64, 48])
    expect(distance(quadrantsOf(photo), QUADRANTS)).toBeLessThan(0.06)
  })

  it('says that a picture is small', async () => {
    const { warnings } = await openPhoto(await quadrants(32, 24).png().toBuffer())
    expect(warnings).toEqual(['The photo is only 32 × 24 pixels; a larger one gives better lines.'])
  })

  it('reads grey and CMYK', async () => {
    const grey = await openPhoto(await quadrants().greyscale().png().toBuffer())
    for (const [red, green, blue] of quadrantsOf(grey)) expect([green, blue]).toEqual([red, red])
    expect(quadrantsOf(grey)[0]![0]).toBeLessThan(quadrantsOf(grey)[3]![0])
    // Pale, since ink can't show the full colours of a screen.
    const pale = quadrants().modulate({ saturation: 0.3 })
    const onScreen = await openPhoto(await pale.clone().png().toBuffer())
    const inPrint = await openPhoto(await pale.clone().toColourspace('cmyk').jpeg({ quality: 95 }).toBuffer())
    expect(distance(quadrantsOf(inPrint), quadrantsOf(onScreen))).toBeLessThan(0.1)
  })

  it('converts from an embedded profile', async () => {
    const wide = await quadrants().withIccProfile('p3').png().toBuffer()
    const stored = await sharp(wide, { ignoreIcc: true }).raw().toBuffer()
    expect(stored[0]).not.toBe(204)
    expect(distance(quadrantsOf(await openPhoto(wide)), QUADRANTS)).toBeLessThan(0.02)
  })

  it('takes the first of several frames and says so', async () => {
    const frames = Buffer.concat([quadrantBytes(96, 64), Buffer.alloc(96 * 64 * 3, 128)])
    const animation = sharp(frames, { raw: { width: 96, height: 128, channels: 3, pageHeight: 64 } }).gif()
    const photo = await openPhoto(await animation.toBuffer())
    expect([photo.sourceWidth, photo.sourceHeight]).toEqual([96, 64])
    expect(distance(quadrantsOf(photo), QUADRANTS)).toBeLessThan(0.02)
    expect(photo.warnings).toEqual(['The file holds 2 pictures; the first one is drawn.'])
  })

  const bitmaps: BmpOptions[] = [
    { bitsPerPixel: 4 },
    { bitsPerPixel: 4, header: 12 },
    { bitsPerPixel: 8 },
    { bitsPerPixel: 8, header: 124 },
    { bitsPerPixel: 16 },
    { bitsPerPixel: 16, masks: [0xf800, 0x07e0, 0x001f] },
    { bitsPerPixel: 24 },
    { bitsPerPixel: 24, header: 12 },
    { bitsPerPixel: 24, header: 124 },
    { bitsPerPixel: 24, topDown: true },
    { bitsPerPixel: 32 },
    { bitsPerPixel: 32, header: 108, masks: [0x000000ff, 0x0000ff00, 0x00ff0000, 0xff000000] },
  ]
  for (const options of bitmaps) {
    it(`reads BMP ${JSON.stringify(options)}`, async () => {
      const photo = await openPhoto(bmp(97, 65, options))
      expect([photo.sourceWidth, photo.sourceHeight]).toEqual([97, 65])
      expect(distance(quadrantsOf(photo), QUADRANTS)).toBeLessThan(0.03)
    })
  }

  it('reads a BMP of two colours', async () => {
    const photo = await openPhoto(bmp(97, 65, { bitsPerPixel: 1 }))
    const [first, second] = QUADRANTS
    expect(distance(quadrantsOf(photo), [first!, second!, first!, second!])).toBeLessThan(0.01)
  })

  it('reads a BMP whose alpha was left at zero as opaque', async () => {
    const picture = bmp(96, 64, { bitsPerPixel: 32, header: 108, masks: [0xff0000, 0xff00, 0xff, 0xff000000] })
    for (let i = 122 + 3; i < picture.length; i += 4) picture[i] = 0
    expect(distance(quadrantsOf(await openPhoto(picture)), QUADRANTS)).toBeLessThan(0.01)
  })

  it('goes by content and not by name, and takes any path', async () => {
    const path = join(folder, 'Фото 写真 é.txt')
    await writeFile(path, await quadrants().webp({ lossless: true }).toBuffer())
    expect(distance(quadrantsOf(await openPhoto(path)), QUADRANTS)).toBeLessThan(0.02)
  })
})

describe('geometry', () => {
  it('turns the photo upright', async () => {
    const upright = quadrantBytes(96, 64)
    // Where the pixel that is stored at (x, y) of width × height shows, for EXIF orientations 1 to 8.
    const shownAt: ((x: number, y: number, right: number, bottom: number) => readonly [number, number])[] = [
      (x, y) => [x, y],
      (x, y, right) => [right - x, y],
      (x, y, right, bottom) => [right - x, bottom - y],
      (x, y, _, bottom) => [x, bottom - y],
      (x, y) => [y, x],
      (x, y, _, bottom) => [bottom - y, x],
      (x, y, right, bottom) => [bottom - y, right - x],
      (x, y, right) => [y, right - x],
    ]
    for (const [i, shown] of shownAt.entries()) {
      const [width, height] = i < 4 ? [96, 64] : [64, 96]
      const stored = Buffer.alloc(upright.length)
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          const [u, v] = shown(x, y, width - 1, height - 1)
          upright.copy(stored, (y * width + x) * 3, (v * 96 + u) * 3, (v * 96 + u) * 3 + 3)
        }
      }
      const file = sharp(stored, { raw: { width, height, channels: 3 } })
        .withMetadata({ orientation: i + 1 })
        .jpeg({ quality: 95, chromaSubsampling: '4:4:4' })
      const photo = await openPhoto(await file.toBuffer())
      expect([photo.sourceWidth, photo.sourceHeight], `orientation ${i + 1}`).toEqual([96, 64])
      expect(distance(quadrantsOf(photo), QUADRANTS), `orientation ${i + 1}`).toBeLessThan(0.02)
    }
  })

  it('fits any aspect ratio whole and centred', async () => {
    for (const [width, height] of [
      [96, 96],
      [300, 199],
      [64, 200],
      [1000, 9],
      [8, 8],
    ] as const) {
      const photo = await openPhoto(await quadrants(width, height).png().toBuffer())
      const { frame } = photo
      expect(frame).toEqual(fit(width, height))
      expect(frame.width / frame.height).toBeCloseTo(width / height, 9)
      expect(Math.max(frame.width, frame.height)).toBe(CANVAS)
      expect([frame.x * 2 + frame.width, frame.y * 2 + frame.height]).toEqual([CANVAS, CANVAS])
      expect(distance(quadrantsOf(photo), QUADRANTS)).toBeLessThan(0.2)
      const box = photoPixels(frame)
      expect(Math.abs(box.left - frame.x)).toBeLessThan(1)
      expect(Math.abs(box.bottom - frame.y - frame.height)).toBeLessThan(1)
    }
  })

  it('pads with white exactly outside the pixels of the photo, and continues its border on request', async () => {
    const grey = { width: 300, height: 199, channels: 3, background: { r: 90, g: 90, b: 90 } } as const
    const photo = await openPhoto(await sharp({ create: grey }).png().toBuffer())
    const { left, top, right, bottom } = photoPixels(photo.frame)
    for (let y = 0; y < CANVAS; y++) {
      for (let x = 0; x < CANVAS; x++) {
        const inside = x >= left && x < right && y >= top && y < bottom
        expect(colourAt(photo, x, y)[1] === 1).toBe(!inside)
      }
    }
    expect(new Set(continued(photo.image, photo.frame).data).size).toBe(1)
  })

  it('puts transparency on white', async () => {
    const glass = { width: 64, height: 64, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0.5 } } as const
    const photo = await openPhoto(await sharp({ create: glass }).png().toBuffer())
    expect(colourAt(photo, 112, 112)[0]).toBeCloseTo(0.5, 1)
    const nothing = { ...glass, background: { r: 0, g: 0, b: 0, alpha: 0 } }
    expect(colourAt(await openPhoto(await sharp({ create: nothing }).webp().toBuffer()), 112, 112)).toEqual(WHITE)
  })
})

describe('openMask', () => {
  const half = (dark: Color, light: Color) =>
    sharp({ create: { width: 60, height: 40, channels: 4, background: dark } }).composite([
      { input: { create: { width: 30, height: 40, channels: 4, background: light } }, left: 30, top: 0 },
    ])
  const leftAndRight = async (file: Buffer) => {
    const { mask, width, height } = await openMask(file)
    expect([width, height]).toEqual([60, 40])
    expect(mask.data[10 * CANVAS + 112]).toBe(0)
    return [mask.data[112 * CANVAS + 56], mask.data[112 * CANVAS + 168]]
  }

  it('reads brightness, or opacity where there is transparency', async () => {
    expect(await leftAndRight(await half('black', 'white').removeAlpha().png().toBuffer())).toEqual([0, 1])
    expect(await leftAndRight(await half('white', 'black').png().toBuffer())).toEqual([1, 0])
    expect(await leftAndRight(await half('#ffffff00', '#000').png().toBuffer())).toEqual([0, 1])
  })
})

describe('what is not a photo', () => {
  const refused = async (file: string | Uint8Array): Promise<string> => {
    const error: unknown = await openPhoto(file).then(
      () => undefined,
      (reason: unknown) => reason,
    )
    if (!(error instanceof FewlineError)) throw new Error('no FewlineError', { cause: error })
    expect(error.problem.kind).toBe('photo')
    expect(error.message).toMatch(/^Expected a photo to draw, but .+: .+\.$/)
    expect(error.message).not.toContain('\n')
    return error.message
  }

  it('says what is wrong with the file', async () => {
    expect(await refused(join(folder, 'none.jpg'))).toContain('does not exist: check its path')
    expect(await refused(folder)).toContain('is a folder')
    const text = join(folder, 'text.png')
    await writeFile(text, 'Dear diary')
    expect(await refused(text)).toContain('is not a picture')
    expect(await refused(join(text, 'x.png'))).toContain('does not exist')
    await writeFile(join(folder, 'empty.png'), '')
    expect(await refused(join(folder, 'empty.png'))).toContain('is an empty file')
    expect(await refused(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="90" height="90"/>'))).toContain(
      'is a vector drawing',
    )
  })

  it.skipIf(process.platform === 'win32' || process.getuid?.() === 0)('says when it may not read', async () => {
    const secret = join(folder, 'secret')
    await mkdir(secret)
    await chmod(secret, 0)
    expect(await refused(join(secret, 'a.png'))).toContain('check its permissions')
  })

  it('says how large a photo must be, and may be', async () => {
    const tiny = { width: 1, height: 1, channels: 3, background: 'red' } as const
    expect(await refused(await sharp({ create: tiny }).png().toBuffer())).toContain(
      'is 1 × 1 pixels: choose one of at least 8',
    )
    const png = await quadrants().png().toBuffer()
    png.writeUInt32BE(100_000, 16)
    png.writeUInt32BE(100_000, 20)
    expect(await refused(png)).toMatch(/damaged|100000 × 100000/)
    const bitmap = bmp(16, 16, { bitsPerPixel: 24 })
    bitmap.writeInt32LE(100_000, 18)
    bitmap.writeInt32LE(100_000, 22)
    expect(await refused(bitmap)).toContain('is 100000 × 100000 pixels: make it smaller')
  })

  it('refuses a file that is cut short', async () => {
    const files = [
      await quadrants().jpeg().toBuffer(),
      await quadrants().jpeg({ progressive: true }).toBuffer(),
      await quadrants().png({ compressionLevel: 0 }).toBuffer(),
      await quadrants().webp({ lossless: true }).toBuffer(),
      await quadrants().avif({ effort: 0 }).toBuffer(),
      await quadrants().tiff({ compression: 'none' }).toBuffer(),
      await quadrants().gif().toBuffer(),
      await readFile(new URL('../fixtures/quadrants.heic', import.meta.url)),
      bmp(96, 64, { bitsPerPixel: 24 }),
    ]
    for (const file of files)
      expect(await refused(file.subarray(0, file.length * 0.6))).toContain('cut short or damaged')
  })

  it('refuses a compressed BMP by name', async () => {
    const bitmap = bmp(16, 16, { bitsPerPixel: 8 })
    bitmap.writeUInt32LE(1, 30)
    expect(await refused(bitmap)).toContain('is a compressed BMP: save it as JPEG or PNG')
  })
})
