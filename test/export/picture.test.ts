import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { checkOutput } from '../../src/export/files.ts'
import { pictureFile, verifyPicture, type PictureEnd } from '../../src/export/picture.ts'
import { exifInTiff, tiffWithExif } from '../../src/photo/directory.ts'
import { exifOfEdit } from '../../src/photo/exif.ts'
import { openOriginal, type Original } from '../../src/photo/original.ts'
import { useFolder } from '../support/folder.ts'

const folder = useFolder()
const [WIDTH, HEIGHT] = [40, 30]
const EXIF = {
  IFD0: { Make: 'Fewline Cameras', DateTime: '2024:05:06 07:08:09' },
  IFD2: { ExposureTime: '1/50' },
  IFD3: { GPSLatitude: '51/1 30/1 12/1', GPSLatitudeRef: 'N' },
}
/** As its degrees lie in a file. */
const DEGREES = Buffer.from([51, 0, 0, 0, 1, 0, 0, 0])
const EXPOSURE = Buffer.from([1, 0, 0, 0, 50, 0, 0, 0])

const deep = (channels: 3 | 4 = 3) =>
  sharp(
    Uint16Array.from({ length: WIDTH * HEIGHT * channels }, (_, i) => (i * 7919) % 65536),
    { raw: { width: WIDTH, height: HEIGHT, channels } },
  ).toColourspace('rgb16')
const shallow = () =>
  sharp(
    Uint8Array.from({ length: WIDTH * HEIGHT * 3 }, (_, i) => (i * 79) % 256),
    { raw: { width: WIDTH, height: HEIGHT, channels: 3 } },
  )

async function again(original: Original, end: PictureEnd) {
  const exif = original.exif && exifOfEdit(original.exif)
  const bytes = await pictureFile(original, end, { ...original, exif })
  await verifyPicture(bytes, original)
  return { bytes, read: await openOriginal(bytes), metadata: await sharp(bytes).metadata() }
}

describe('a photo comes out as it went in', () => {
  test.each(['png', 'tif'] as const)('16 bits in a profile of its own, as %s', async (end) => {
    const original = await openOriginal(await deep().withIccProfile('p3').png().toBuffer())
    expect(original.data).toBeInstanceOf(Uint16Array)
    expect(original.profile!.length).toBeGreaterThan(100)
    const { read } = await again(original, end)
    expect(read.data).toEqual(original.data)
    expect(read.profile).toEqual(original.profile)
  })

  test.each(['png', 'webp', 'tiff'] as const)('transparent, as %s', async (end) => {
    const original = await openOriginal(
      await sharp(await deep(4).png().toBuffer())
        .png()
        .toBuffer(),
    )
    expect([original.channels, original.data.BYTES_PER_ELEMENT]).toEqual([4, 1])
    const { read } = await again(original, end)
    expect(read.data).toEqual(original.data)
  })

  test.each(['png', 'jpg', 'webp', 'tif'] as const)(
    'upright, with what the camera wrote but where, as %s',
    async (end) => {
      const turned = shallow().withExif(EXIF).withMetadata({ orientation: 6 })
      const original = await openOriginal(await turned.jpeg().toBuffer())
      expect([original.width, original.height]).toEqual([HEIGHT, WIDTH])
      expect(Buffer.from(original.exif!).includes(DEGREES)).toBe(true)
      const { bytes, read, metadata } = await again(original, end)
      const exif = Buffer.from(read.exif!)
      expect([metadata.width, metadata.height, metadata.orientation]).toEqual([HEIGHT, WIDTH, 1])
      for (const said of ['Fewline Cameras', '2024:05:06', EXPOSURE]) expect(exif.includes(said)).toBe(true)
      expect(Buffer.from(bytes).includes(DEGREES)).toBe(false)
      if (end !== 'jpg') expect(read.data).toEqual(original.data)
    },
  )

  test('grey becomes colours, and a file of ours may be replaced', async () => {
    const original = await openOriginal(await shallow().greyscale().png().toBuffer())
    expect(original.channels).toBe(3)
    expect(original.data[0]).toBe(original.data[2])
    for (const end of ['png', 'jpeg', 'webp', 'tiff'] as const) {
      const path = join(folder.path, `a.${end}`)
      writeFileSync(path, (await again(original, end)).bytes)
      await expect(checkOutput(path)).resolves.toBeUndefined()
      writeFileSync(path, await shallow().toFormat(end).toBuffer())
      await expect(checkOutput(path)).rejects.toThrow('did not write it')
    }
  })
})

describe('what a camera wrote', () => {
  const written = async () => (await sharp(await shallow().withExif(EXIF).jpeg().toBuffer()).metadata()).exif!

  test('keeps the place when that is wanted, and is sound without it', async () => {
    const exif = await written()
    expect(Buffer.from(exifOfEdit(exif, true)!).includes(DEGREES)).toBe(true)
    const without = Buffer.from(exifOfEdit(exif)!)
    expect(without.includes(DEGREES)).toBe(false)
    expect(without.length).toBe(exif.length)
    expect(exif.includes(DEGREES)).toBe(true)
  })

  test('is the same from either order of bytes', async () => {
    const tiff = await pictureFile(await openOriginal(await shallow().png().toBuffer()), 'tif', {})
    const exif = exifInTiff(tiffWithExif(tiff, (await written()).subarray(6)))!
    const entry = [0x01, 0x0f, 0, 2, 0, 0, 0, 6, 0, 0, 0, 26]
    const motorola = Buffer.from([
      ...Buffer.from('MM\0*\0\0\0\x08\0\x01', 'latin1'),
      ...entry,
      0,
      0,
      0,
      0,
      ...Buffer.from('Nikon\0'),
    ])
    expect(Buffer.from(exif).includes('Fewline Cameras')).toBe(true)
    const read = exifInTiff(tiffWithExif(tiff, motorola))!
    expect(exifInTiff(read)).toEqual(read)
    expect(Buffer.from(read).subarray(8)).toEqual(
      Buffer.from([1, 0, 0x0f, 0x01, 2, 0, 6, 0, 0, 0, 26, 0, 0, 0, 0, 0, 0, 0, ...Buffer.from('Nikon\0')]),
    )
  })

  test('is left out when it can not be understood, whatever it is', async () => {
    const exif = await written()
    const tiff = await pictureFile(await openOriginal(await shallow().png().toBuffer()), 'tif', {})
    for (let i = 0; i < exif.length; i++) {
      const spoilt = Uint8Array.from(exif)
      spoilt[i] = 255
      for (const some of [exif.subarray(0, i), spoilt]) {
        expect(() => exifOfEdit(some)).not.toThrow()
        expect(() => exifInTiff(tiffWithExif(tiff, some.subarray(6)))).not.toThrow()
      }
    }
    expect(exifOfEdit(exif.subarray(0, 60))).toBeUndefined()
  })
})
