import { type Asked, damaged, refusal } from './refusals.ts'
import { checkSize } from './size.ts'

/** Pixels as sharp takes them. */
export interface RawPicture {
  data: Uint8Array
  width: number
  height: number
  channels: 4
}

const FILE_HEADER = 14
const CORE_HEADER = 12
const INFO_HEADER = 40
const UNCOMPRESSED = 0
const BIT_FIELDS = [3, 6]

/** Where the pixels of a BMP lie and how to read them. Masks are of red, green, blue and alpha. */
interface Layout {
  width: number
  height: number
  bottomUp: boolean
  bitsPerPixel: number
  masks: number[]
  palette: { offset: number; entry: number; count: number }
  pixels: number
}

/**
 * Reads an uncompressed BMP of 1 to 32 bits a pixel, with any of its headers, upright RGBA.
 * Throws a FewlineError of kind `photo`, of a picture that is too large before memory is taken for it.
 */
export function readBmp(bytes: Uint8Array, asked: Asked): RawPicture {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  try {
    const layout = readLayout(view, asked)
    checkSize(asked, layout.width, layout.height)
    return { data: readPixels(view, layout), width: layout.width, height: layout.height, channels: 4 }
  } catch (error) {
    if (error instanceof RangeError) throw damaged(asked, error)
    throw error
  }
}

function readLayout(view: DataView, asked: Asked): Layout {
  const pixels = view.getUint32(10, true)
  const headerSize = view.getUint32(FILE_HEADER, true)
  if (headerSize === CORE_HEADER) {
    const bitsPerPixel = view.getUint16(24, true)
    return {
      width: view.getUint16(18, true),
      height: view.getUint16(20, true),
      bottomUp: true,
      bitsPerPixel,
      masks: defaultMasks(bitsPerPixel),
      palette: { offset: FILE_HEADER + CORE_HEADER, entry: 3, count: 2 ** bitsPerPixel },
      pixels,
    }
  }
  if (headerSize < INFO_HEADER) throw damaged(asked, new RangeError(`a BMP header of ${headerSize} bytes`))
  const signedHeight = view.getInt32(22, true)
  const bitsPerPixel = view.getUint16(28, true)
  const compression = view.getUint32(30, true)
  const masked = BIT_FIELDS.includes(compression)
  if (compression !== UNCOMPRESSED && !masked) throw refusal(asked, 'is a compressed BMP', 'save it as JPEG or PNG')
  const alpha = headerSize >= 56 || compression === BIT_FIELDS[1]
  const maskBytes = masked && headerSize === INFO_HEADER ? (alpha ? 16 : 12) : 0
  return {
    width: view.getInt32(18, true),
    height: Math.abs(signedHeight),
    bottomUp: signedHeight > 0,
    bitsPerPixel,
    masks: masked
      ? [54, 58, 62, 66].map((offset, i) => (i < 3 || alpha ? view.getUint32(offset, true) : 0))
      : defaultMasks(bitsPerPixel),
    palette: {
      offset: FILE_HEADER + headerSize + maskBytes,
      entry: 4,
      count: view.getUint32(46, true) || 2 ** bitsPerPixel,
    },
    pixels,
  }
}

/** 16 bits are 5-5-5 unless masks say otherwise; 32 bits carry no alpha unless a mask says so. */
function defaultMasks(bitsPerPixel: number): number[] {
  return bitsPerPixel === 16 ? [0x7c00, 0x03e0, 0x001f, 0] : [0xff0000, 0x00ff00, 0x0000ff, 0]
}

function readPixels(view: DataView, layout: Layout): Uint8Array {
  const { width, height, bottomUp, bitsPerPixel, pixels } = layout
  const stride = Math.ceil((width * bitsPerPixel) / 32) * 4
  // The last row's padding is left out by some writers.
  if (pixels + stride * (height - 1) + Math.ceil((width * bitsPerPixel) / 8) > view.byteLength) {
    throw new RangeError('the pixels go on past the end of the file')
  }
  const output = new Uint8Array(width * height * 4)
  const colour = bitsPerPixel <= 8 ? paletteColours(view, layout) : maskedColours(layout.masks)
  const valueAt = pixelReader(view, bitsPerPixel)
  for (let y = 0; y < height; y++) {
    const row = pixels + stride * (bottomUp ? height - 1 - y : y)
    for (let x = 0; x < width; x++) colour(valueAt(row, x), output, (y * width + x) * 4)
  }
  if (layout.masks[3] !== 0) fillUnusedAlpha(output)
  return output
}

/** Many writers declare an alpha channel and leave it at zero: such a picture is opaque, not invisible. */
function fillUnusedAlpha(rgba: Uint8Array): void {
  for (let i = 3; i < rgba.length; i += 4) if (rgba[i] !== 0) return
  for (let i = 3; i < rgba.length; i += 4) rgba[i] = 255
}

type Paint = (value: number, output: Uint8Array, at: number) => void

function paletteColours(view: DataView, { palette, bitsPerPixel }: Layout): Paint {
  const { offset, entry } = palette
  const count = Math.min(palette.count, 2 ** bitsPerPixel)
  return (value, output, at) => {
    if (value >= count) throw new RangeError(`colour ${value} of a palette of ${count}`)
    for (let i = 0; i < 3; i++) output[at + i] = view.getUint8(offset + value * entry + 2 - i)
    output[at + 3] = 255
  }
}

function maskedColours(masks: number[]): Paint {
  const fields = masks.map((mask) => {
    const shift = mask === 0 ? 0 : 31 - Math.clz32(mask & -mask)
    return { mask, shift, most: mask >>> shift }
  })
  return (value, output, at) => {
    for (let i = 0; i < 4; i++) {
      const { mask, shift, most } = fields[i]!
      output[at + i] = most === 0 ? 255 : (((value & mask) >>> shift) * 255) / most
    }
  }
}

function pixelReader(view: DataView, bitsPerPixel: number): (row: number, x: number) => number {
  switch (bitsPerPixel) {
    case 1:
    case 2:
    case 4:
    case 8: {
      const perByte = 8 / bitsPerPixel
      const most = 2 ** bitsPerPixel - 1
      return (row, x) =>
        (view.getUint8(row + Math.floor(x / perByte)) >> (8 - bitsPerPixel * ((x % perByte) + 1))) & most
    }
    case 16:
      return (row, x) => view.getUint16(row + 2 * x, true)
    case 24:
      return (row, x) => view.getUint16(row + 3 * x, true) | (view.getUint8(row + 3 * x + 2) << 16)
    case 32:
      return (row, x) => view.getUint32(row + 4 * x, true)
    default:
      throw new RangeError(`a BMP of ${bitsPerPixel} bits a pixel`)
  }
}
