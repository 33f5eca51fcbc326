import { deflateSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { openMask, openPhoto } from '../../src/photo/photo.ts'
import { previewPhoto } from '../../src/photo/preview.ts'
import { bmp, quadrants, tiff } from './pictures.ts'

const ENTRANCES = [openPhoto, openMask, previewPhoto]

/** A PNG that says of itself that it is so large, and has no more than a few pixels. */
async function png(width: number, height: number, bits = 8, colours = 2, interlaced = 0): Promise<Buffer> {
  const small = await quadrants(16, 16).png().toBuffer()
  small.writeUInt32BE(width, 16)
  small.writeUInt32BE(height, 20)
  small.set([bits, colours, 0, 0, interlaced], 24)
  small.writeUInt32BE(crc(small.subarray(12, 29)), 29)
  return small
}

/** As PNG wants it. */
function crc(bytes: Uint8Array): number {
  let sum = ~0
  for (const byte of bytes) {
    sum ^= byte
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0)
  }
  return ~sum >>> 0
}

/** A GIF, JPEG or BMP whose header has other sides. */
async function gif(width: number, height: number): Promise<Buffer> {
  const file = await quadrants(16, 16).gif().toBuffer()
  file.writeUInt16LE(width, 6)
  file.writeUInt16LE(height, 8)
  const frame = file.indexOf(Buffer.from([0x2c, 0, 0, 0, 0, 16, 0, 16, 0]))
  file.writeUInt16LE(width, frame + 5)
  file.writeUInt16LE(height, frame + 7)
  return file
}
async function jpeg(width: number, height: number, progressive: boolean): Promise<Buffer> {
  const file = await quadrants(16, 16).jpeg({ progressive, chromaSubsampling: '4:4:4' }).toBuffer()
  const frame = file.indexOf(Buffer.from([0xff, progressive ? 0xc2 : 0xc0]))
  file.writeUInt16BE(height, frame + 5)
  file.writeUInt16BE(width, frame + 7)
  return file
}
function bitmap(width: number, height: number): Buffer {
  const file = bmp(16, 16, { bitsPerPixel: 24 })
  file.writeInt32LE(width, 18)
  file.writeInt32LE(height, 22)
  return file
}
function page(width: number, height: number, bits: 8 | 16 | 32 = 8): Buffer {
  const file = tiff({ width: 16, height: 16, bits })
  for (const [tag, side] of [
    [256, width],
    [257, height],
  ] as const) {
    file.writeUInt32LE(side, file.indexOf(Buffer.from([tag & 255, tag >> 8, 4, 0, 1, 0, 0, 0])) + 8)
  }
  return file
}

const SIDE = 'make it at most 65535 pixels a side'
const PIXELS = 'make it smaller than 268 million pixels'
const DEEP = /of \d+ bytes: make it smaller than \d+ million pixels, or 8 bits deep/
const cases: [string, () => Promise<Buffer> | Buffer, string | RegExp][] = [
  ['a wide PNG', () => png(11_468_824, 16), SIDE],
  ['a high PNG', () => png(16, 70_000), SIDE],
  ['a PNG of one bit', () => png(20_000, 20_000, 1, 0), `is 20000 × 20000 pixels: ${PIXELS}`],
  ['a deep PNG', () => png(16_000, 16_000, 16, 6), DEEP],
  ['an interlaced PNG', () => png(20_000, 20_000, 8, 6, 1), PIXELS],
  ['a JPEG', () => jpeg(60_000, 60_000, false), `is 60000 × 60000 pixels: ${PIXELS}`],
  ['a progressive JPEG', () => jpeg(16_000, 16_000, true), DEEP],
  ['a GIF', () => gif(65_000, 65_000), PIXELS],
  ['a wide BMP', () => bitmap(100_000, 16), SIDE],
  ['a BMP', () => bitmap(60_000, -60_000), PIXELS],
  ['a wide TIFF', () => page(5_000_000, 16), SIDE],
  ['a TIFF', () => page(30_000, 30_000), PIXELS],
  ['a deep TIFF', () => page(12_000, 12_000, 32), DEEP],
]
it.each(cases)('%s that is too large is refused by its header', async (_what, make, words) => {
  const file = await make()
  const before = process.memoryUsage().rss
  for (const open of ENTRANCES) await expect(open(file).then(() => 'read')).rejects.toThrow(words)
  expect(process.memoryUsage().rss - before).toBeLessThan(100e6)
})

const SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="90"><rect width="90" height="90"/></svg>'
it.each([
  ['plain', Buffer.from(SVG)],
  ['after a declaration', Buffer.from(`<?xml version="1.0"?>\n${SVG}`)],
  ['after a comment', Buffer.from(`\n <!-- drawn -->${SVG}`)],
  ['after a document type', Buffer.from(`<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "x">${SVG}`)],
  ['with a byte order mark', Buffer.from(`\uFEFF${SVG}`)],
  ['in UTF-16', Buffer.from(`\uFEFF${SVG}`, 'utf16le')],
  ['with a prefix', Buffer.from('<svg:svg xmlns:svg="http://www.w3.org/2000/svg"/>')],
])('an SVG %s is no photo', async (_what, file) => {
  for (const open of ENTRANCES) await expect(open(file)).rejects.toThrow('is a vector drawing: save it as JPEG or PNG')
})

it.each([
  ['a page', '<!DOCTYPE html><svg/>'],
  ['a PDF', '%PDF-1.7'],
  ['something packed', deflateSync(SVG)],
])('%s never reaches a decoder', async (_what, file) => {
  await expect(openPhoto(Buffer.from(file))).rejects.toThrow('is not a picture that Fewline reads')
})
