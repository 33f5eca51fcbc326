import sharp, { type Sharp } from 'sharp'
import type { Photo } from '../../src/photo/photo.ts'
import { CANVAS } from '../../src/units.ts'

export type Rgb = readonly [number, number, number]

/** Red, green over blue, yellow: a picture whose orientation shows. */
export const QUADRANTS: readonly Rgb[] = [
  [0.8, 0.2, 0.2],
  [0.2, 0.6, 0.2],
  [0.2, 0.2, 0.8],
  [0.8, 0.8, 0.2],
]

export function quadrantBytes(width: number, height: number): Buffer {
  const bytes = Buffer.alloc(width * height * 3)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const colour = QUADRANTS[(y < height / 2 ? 0 : 2) + (x < width / 2 ? 0 : 1)]!
      for (let i = 0; i < 3; i++) bytes[(y * width + x) * 3 + i] = Math.round(colour[i]! * 255)
    }
  }
  return bytes
}

export function quadrants(width = 96, height = 64): Sharp {
  return sharp(quadrantBytes(width, height), { raw: { width, height, channels: 3 } })
}

export function colourAt({ image }: Photo, x: number, y: number): Rgb {
  const pixel = Math.floor(y) * CANVAS + Math.floor(x)
  const size = CANVAS * CANVAS
  return [image.data[pixel]!, image.data[size + pixel]!, image.data[2 * size + pixel]!]
}

/** The colours in the middle of the four quadrants of a photo, row by row. */
export function quadrantsOf(photo: Photo): Rgb[] {
  const { x, y, width, height } = photo.frame
  return [0.25, 0.75].flatMap((v) => [0.25, 0.75].map((u) => colourAt(photo, x + u * width, y + v * height)))
}

/** The largest difference between two lists of colours. */
export function distance(a: readonly Rgb[], b: readonly Rgb[]): number {
  return Math.max(...a.map((colour, i) => Math.max(...colour.map((value, c) => Math.abs(value - b[i]![c]!)))))
}

export interface BmpOptions {
  bitsPerPixel: 1 | 4 | 8 | 16 | 24 | 32
  header?: 12 | 40 | 108 | 124
  topDown?: boolean
  /** Red, green, blue, alpha. */
  masks?: readonly number[]
}

/** A BMP by hand, so that every header and depth can be had. Colours of up to 8 bits are those of the quadrants. */
export function bmp(width: number, height: number, { bitsPerPixel, header = 40, topDown = false, masks }: BmpOptions) {
  const core = header === 12
  const paletteEntries = bitsPerPixel <= 8 ? 2 ** bitsPerPixel : 0
  const offset = 14 + header + (masks && header === 40 ? 12 : 0) + paletteEntries * (core ? 3 : 4)
  const stride = Math.ceil((width * bitsPerPixel) / 32) * 4
  const bytes = Buffer.alloc(offset + stride * height)
  bytes.write('BM')
  bytes.writeUInt32LE(bytes.length, 2)
  bytes.writeUInt32LE(offset, 10)
  bytes.writeUInt32LE(header, 14)
  if (core) {
    bytes.writeUInt16LE(width, 18)
    bytes.writeUInt16LE(height, 20)
    bytes.writeUInt16LE(1, 22)
    bytes.writeUInt16LE(bitsPerPixel, 24)
  } else {
    bytes.writeInt32LE(width, 18)
    bytes.writeInt32LE(topDown ? -height : height, 22)
    bytes.writeUInt16LE(1, 26)
    bytes.writeUInt16LE(bitsPerPixel, 28)
    bytes.writeUInt32LE(masks ? 3 : 0, 30)
    masks?.slice(0, header === 40 ? 3 : 4).forEach((mask, i) => bytes.writeUInt32LE(mask, 54 + 4 * i))
  }
  for (let i = 0; i < Math.min(4, paletteEntries); i++) {
    const at = offset - paletteEntries * (core ? 3 : 4) + i * (core ? 3 : 4)
    QUADRANTS[i]!.forEach((value, c) => bytes.writeUInt8(Math.round(value * 255), at + 2 - c))
  }
  const fields = masks ?? (bitsPerPixel === 16 ? [0x7c00, 0x3e0, 0x1f] : [0xff0000, 0xff00, 0xff])
  for (let y = 0; y < height; y++) {
    const row = offset + stride * (topDown ? y : height - 1 - y)
    for (let x = 0; x < width; x++) {
      const quadrant = (y < height / 2 ? 0 : 2) + (x < width / 2 ? 0 : 1)
      const colour = [...QUADRANTS[quadrant]!, 1]
      const value = fields.reduce(
        (sum, mask, c) => sum + Math.round((colour[c]! * mask) / (mask & -mask)) * (mask & -mask),
        0,
      )
      if (bitsPerPixel <= 8) {
        const index = quadrant % 2 ** bitsPerPixel
        bytes[row + Math.floor((x * bitsPerPixel) / 8)]! |= index << (8 - bitsPerPixel - ((x * bitsPerPixel) % 8))
      } else bytes.writeUIntLE(value, row + (x * bitsPerPixel) / 8, bitsPerPixel / 8)
    }
  }
  return bytes
}

/** A page of a TIFF by hand, which shows the quadrants; of grey ones their red. */
export interface TiffPage {
  width?: number
  height?: number
  /** Grey when 1. */
  channels?: 1 | 3
  bits?: 8 | 12 | 16 | 32 | 64
  /** 1 unsigned, 2 signed, 3 floating point. */
  format?: 1 | 2 | 3
  compression?: number
  photometric?: number
  /** What a sample is for a colour of 0..1. */
  sample?: (value: number) => number
}

/** A TIFF that no library of ours can write, so that every depth and order of pages can be had. */
export function tiff(...pages: TiffPage[]): Buffer {
  const file: Buffer[] = [Buffer.from('II*\0\0\0\0\0', 'latin1')]
  let length = 8
  const append = (bytes: Buffer): number => {
    file.push(bytes)
    length += bytes.length
    return length - bytes.length
  }
  let link: [buffer: Buffer, at: number] = [file[0]!, 4]
  for (const page of pages) {
    const { width = 96, height = 64, channels = 3, bits = 8, format = 1, compression = 1 } = page
    const pixels = tiffSamples(width, height, page)
    const strip = append(pixels)
    const entries: [tag: number, value: number][] = [
      [256, width],
      [257, height],
      [258, channels === 1 ? bits : append(Buffer.from(Uint16Array.of(bits, bits, bits).buffer))],
      [259, compression],
      [262, page.photometric ?? (channels === 1 ? 1 : 2)],
      [273, strip],
      [277, channels],
      [278, height],
      [279, pixels.length],
      [339, channels === 1 ? format : append(Buffer.from(Uint16Array.of(format, format, format).buffer))],
    ]
    const directory = Buffer.alloc(2 + 12 * entries.length + 4)
    directory.writeUInt16LE(entries.length)
    entries.forEach(([tag, value], i) => {
      const several = channels > 1 && (tag === 258 || tag === 339)
      directory.writeUInt16LE(tag, 2 + 12 * i)
      directory.writeUInt16LE(several || [258, 259, 262, 277, 339].includes(tag) ? 3 : 4, 4 + 12 * i)
      directory.writeUInt32LE(several ? 3 : 1, 6 + 12 * i)
      directory.writeUInt32LE(value, 10 + 12 * i)
    })
    link[0].writeUInt32LE(append(directory), link[1])
    link = [directory, directory.length - 4]
  }
  return Buffer.concat(file)
}

/** The samples of a page, packed to whole bytes in each row. */
function tiffSamples(width: number, height: number, page: TiffPage): Buffer {
  const { channels = 3, bits = 8, format = 1 } = page
  const { sample = (value) => (format === 3 ? value : Math.round(value * (2 ** bits - 1))) } = page
  const rgb = quadrantBytes(width, height)
  const stride = Math.ceil((width * channels * bits) / 8)
  const bytes = Buffer.alloc(stride * height)
  for (let y = 0; y < height; y++) {
    for (let i = 0; i < width * channels; i++) {
      const value = sample(rgb[channels === 3 ? 3 * y * width + i : 3 * (y * width + i)]! / 255)
      const at = y * stride + (i * bits) / 8
      if (bits === 12)
        bytes.writeUInt16BE(bytes.readUInt16BE(Math.floor(at)) | (i % 2 ? value : value << 4), Math.floor(at))
      else if (format === 3) bytes[bits === 32 ? 'writeFloatLE' : 'writeDoubleLE'](value, at)
      else bytes.writeUIntLE(value, at, bits / 8)
    }
  }
  return bytes
}
