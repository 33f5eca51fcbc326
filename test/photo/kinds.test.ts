import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { openMask, openPhoto } from '../../src/photo/photo.ts'
import { previewPhoto } from '../../src/photo/preview.ts'
import { CANVAS } from '../../src/units.ts'
import { colourAt, distance, QUADRANTS, quadrants, quadrantsOf, tiff, type TiffPage } from './pictures.ts'

const fixture = (name: string) => readFile(new URL(`../fixtures/${name}`, import.meta.url))
const CAT = fileURLToPath(new URL('../../resources/samples/cat.jpg', import.meta.url))
/** As large as the fixtures. */
const cat = () => sharp(CAT).resize(160, 200)
const UNKNOWN = 'is a TIFF of a kind that Fewline does not read: save it as JPEG or PNG.'

/** How far two photos are from each other in the mean, 0..1. */
async function difference(a: Uint8Array, b: Uint8Array): Promise<number> {
  const [one, other] = [(await openPhoto(a)).image.data, (await openPhoto(b)).image.data]
  return one.reduce((sum, value, i) => sum + Math.abs(value - other[i]!), 0) / one.length
}

describe('HEIC', () => {
  it('is drawn by its primary picture', async () => {
    const mirrored = await sharp(await cat().png().toBuffer())
      .flop()
      .png()
      .toBuffer()
    expect(await difference(await fixture('second.heic'), mirrored)).toBeLessThan(0.02)
    expect(await difference(await fixture('second.heic'), await cat().png().toBuffer())).toBeGreaterThan(0.05)
  })

  it('is converted from its colour profile', async () => {
    expect(await difference(await fixture('profile.heic'), await cat().png().toBuffer())).toBeLessThan(0.02)
  })
})

describe('JPEG without its end', () => {
  const note = 'The file lacks its end marker; all of its pixels are there.'
  const plain = () => quadrants().jpeg({ quality: 95 }).toBuffer()
  const progressive = () => quadrants().jpeg({ quality: 95, progressive: true }).toBuffer()

  it.each([
    ['plain', plain],
    ['progressive', progressive],
    // A whole JPEG within, as cameras keep their thumbnails, is no end.
    ['with a thumbnail', async () => withSegment(await plain(), Buffer.from([0xff, 0xd8, 0xff, 0xd9]))],
  ])('is drawn with a note: %s', async (_what, make) => {
    const whole = await make()
    for (const missing of [1, 2]) {
      const photo = await openPhoto(whole.subarray(0, -missing))
      expect(distance(quadrantsOf(photo), QUADRANTS)).toBeLessThan(0.05)
      expect(photo.warnings).toEqual([note])
    }
    expect((await openPhoto(whole)).warnings).toEqual([])
    // What phones write behind it does not count.
    expect((await openPhoto(Buffer.concat([whole, Buffer.from('motion')]))).warnings).toEqual([])
  })

  it('is refused when pixels are missing as well', async () => {
    for (const make of [plain, progressive]) {
      const whole = await make()
      const noise = await sharp(Buffer.from(Array.from({ length: 96 * 64 * 3 }, (_, i) => (i * 7919) % 256)), {
        raw: { width: 96, height: 64, channels: 3 },
      })
        .jpeg()
        .toBuffer()
      for (const file of [whole.subarray(0, -40), noise.subarray(0, -40), noise.subarray(0, 800)]) {
        await expect(openPhoto(file)).rejects.toThrow('is cut short or damaged')
      }
    }
  })
})

/** A JPEG with one more segment of application data. */
function withSegment(jpeg: Buffer, content: Buffer): Buffer {
  const head = Buffer.from([0xff, 0xe5, 0, content.length + 2])
  return Buffer.concat([jpeg.subarray(0, 2), head, content, jpeg.subarray(2)])
}

describe('GIF', () => {
  /** A GIF whose only frame lies at left, top of a larger canvas. */
  async function partial(left: number, top: number, width: number, height: number): Promise<Buffer> {
    const gif = await quadrants(48, 32).gif().toBuffer()
    gif.writeUInt16LE(width, 6)
    gif.writeUInt16LE(height, 8)
    const at = gif.indexOf(Buffer.from([0x2c, 0, 0, 0, 0, 48, 0, 32, 0]))
    gif.writeUInt16LE(left, at + 1)
    gif.writeUInt16LE(top, at + 3)
    return gif
  }

  it.each([
    [10, 20, 96, 64],
    [0, 0, 96, 64],
    [48, 0, 96, 32],
  ])('is white where its frame at %i, %i does not reach on %i × %i', async (left, top, width, height) => {
    const file = await partial(left, top, width, height)
    const photo = await openPhoto(file)
    const { mask } = await openMask(file)
    const scale = CANVAS / width
    const at = (x: number, y: number) =>
      [left + x, top + y].map((v, i) => v * scale + (i ? photo.frame.y : 0)) as [number, number]
    expect([photo.sourceWidth, photo.sourceHeight]).toEqual([width, height])
    const inside = [at(12, 8), at(36, 8), at(12, 24), at(36, 24)]
    expect(
      distance(
        inside.map(([x, y]) => colourAt(photo, x, y)),
        QUADRANTS,
      ),
    ).toBeLessThan(0.02)
    const outside = [
      [2, 2],
      [width - 2, 2],
      [2, height - 2],
      [width - 2, height - 2],
    ]
      .filter(([x, y]) => x! < left || x! >= left + 48 || y! < top || y! >= top + 32)
      .map(([x, y]) => [x! * scale, y! * scale + photo.frame.y] as const)
    expect(outside.length).toBeGreaterThan(1)
    for (const [x, y] of outside) {
      expect(colourAt(photo, x, y)).toEqual([1, 1, 1])
      expect(mask.data[Math.floor(y) * CANVAS + Math.floor(x)]).toBe(0)
    }
  })
})

describe('TIFF', () => {
  const read: [string, TiffPage][] = [
    ['of 8 bits', {}],
    ['of 16 bits', { bits: 16 }],
    ['of 32 bits', { bits: 32 }],
    ['of 32-bit floating point', { bits: 32, format: 3 }],
  ]
  it.each(read)('%s is read, in colour and in grey', async (_what, page) => {
    const photo = await openPhoto(tiff(page))
    expect(distance(quadrantsOf(photo), QUADRANTS)).toBeLessThan(0.02)
    const grey = await openPhoto(tiff({ ...page, channels: 1 }))
    expect(
      distance(
        quadrantsOf(grey),
        QUADRANTS.map(([red]) => [red, red, red] as const),
      ),
    ).toBeLessThan(0.02)
    expect([...photo.warnings, ...grey.warnings]).toEqual([])
  })

  it.each([
    ['floating point to 255', { bits: 32, format: 3, sample: (v: number) => 255 * v }],
    ['floating point around 0', { bits: 32, format: 3, sample: (v: number) => 20 * v - 10 }],
    ['32 bits of which few are used', { bits: 32, sample: (v: number) => Math.round(1000 * v) }],
  ] satisfies [string, TiffPage][])('%s is drawn from its least to its greatest, with a note', async (_what, page) => {
    const photo = await openPhoto(tiff(page))
    // 0.2 to 0.8 become 0 to 1.
    const stretched = QUADRANTS.map((colour) => colour.map((value) => (value - 0.2) / 0.6) as [number, number, number])
    expect(distance(quadrantsOf(photo), stretched)).toBeLessThan(0.02)
    expect(photo.warnings).toEqual([
      expect.stringMatching(/^The file holds numbers from \S+ to \S+; they are drawn as black to white\.$/),
    ])
  })

  it.each([
    ['64-bit floating point', { bits: 64, format: 3 }],
    ['12 bits', { bits: 12 }],
    ['12 bits of grey', { bits: 12, channels: 1 }],
    ['signed numbers', { bits: 16, format: 2, sample: () => 7 }],
    ['Zstandard', { compression: 50000 }],
    ['LZMA', { compression: 34925 }],
    ['JPEG 2000', { compression: 34712 }],
    ['an unknown compression', { compression: 4711 }],
    ['CIELab of 8 bits', { photometric: 8 }],
  ] satisfies [string, TiffPage][])('of %s is refused as a kind, not as damaged', async (_what, page) => {
    for (const open of [openPhoto, openMask, previewPhoto]) await expect(open(tiff(page))).rejects.toThrow(UNKNOWN)
  })

  it('refuses numbers that are none', async () => {
    const nothing = tiff({ bits: 32, format: 3, sample: (value) => (value > 0.7 ? NaN : value) })
    await expect(openPhoto(nothing)).rejects.toThrow('holds numbers that are no colours')
  })

  it('is drawn by its largest page, wherever that is', async () => {
    const [thumbnail, middle] = [
      { width: 24, height: 16 },
      { width: 48, height: 32 },
    ]
    for (const pages of [
      [thumbnail, {}],
      [middle, {}, thumbnail],
      [thumbnail, middle, { bits: 32 }],
    ] as TiffPage[][]) {
      const photo = await openPhoto(tiff(...pages))
      expect([photo.sourceWidth, photo.sourceHeight]).toEqual([96, 64])
      expect(distance(quadrantsOf(photo), QUADRANTS)).toBeLessThan(0.02)
      expect(photo.warnings).toEqual([`The file holds ${pages.length} pictures; the largest one is drawn.`])
    }
  })
})
