import { crc32 } from 'node:zlib'
import { FewlineError } from '../errors.ts'
import { tiffWithExif } from '../photo/directory.ts'
import { latin } from '../photo/latin.ts'
import { withProfile, type Samples } from '../photo/profile.ts'
import { sharp } from '../photo/sharp.ts'
import { MARK } from './svg.ts'

/** What a changed photo is written as, by the ends of files' names. */
export const PICTURES = { png: 'png', jpg: 'jpeg', jpeg: 'jpeg', webp: 'webp', tif: 'tiff', tiff: 'tiff' } as const
export type PictureEnd = keyof typeof PICTURES

/** What lies beside the pixels. */
export interface Beside {
  /** In which the colours are; sRGB when absent. */
  profile?: Uint8Array
  /** What the camera wrote. */
  exif?: Uint8Array
}

/** Hardly to be told from the original, in full colour. */
const JPEG = { quality: 95, chromaSubsampling: '4:4:4' } as const

/**
 * Pixels as a picture file: PNG and TIFF as they are, up to 16 bits; WebP without loss, and JPEG nearly so, of 8 bits. What
 * lies beside them is written as it is.
 */
export async function pictureFile(samples: Samples, end: PictureEnd, { profile, exif }: Beside): Promise<Uint8Array> {
  const deep = samples.data instanceof Uint16Array && (end === 'png' || PICTURES[end] === 'tiff')
  const picture = sharp(withProfile(samples, profile), { limitInputPixels: false, ignoreIcc: true })
    .keepIccProfile()
    .toColourspace(deep ? 'rgb16' : 'srgb')
  if (PICTURES[end] === 'tiff') {
    const tiff = await picture.tiff({ compression: 'deflate', predictor: 'horizontal' }).toBuffer()
    // Nothing leads there: readers go by the directories.
    return Buffer.concat([exif ? tiffWithExif(tiff, bare(exif)) : tiff, Buffer.from(MARK, 'latin1')])
  }
  if (end === 'png') return inPng(await picture.png({ compressionLevel: 4 }).toBuffer(), exif)
  if (end === 'webp')
    return inWebp(await picture.webp({ lossless: true, exact: true, effort: 2 }).toBuffer(), samples, exif)
  return inJpeg(await picture.flatten({ background: 'white' }).jpeg(JPEG).toBuffer(), exif)
}

/** Reads a picture file as others would. Throws a FewlineError of kind `output` when it is not the picture it should be. */
export async function verifyPicture(content: Uint8Array, { width, height }: Pick<Samples, 'width' | 'height'>) {
  const read = await sharp(content, { limitInputPixels: false })
    .metadata()
    .catch(() => undefined)
  if (read?.width === width && read.height === height) return
  throw new FewlineError({
    kind: 'output',
    expected: `a picture of ${width} × ${height} pixels`,
    came: 'what was written is none',
    todo: 'check the disk',
  })
}

/** EXIF as PNG and WebP hold it: without its beginning. */
function bare(exif: Uint8Array): Uint8Array {
  return latin(exif, 0, 4) === 'Exif' ? exif.subarray(6) : exif
}

const PNG_SIGNATURE = 8
const PNG_HEADER = PNG_SIGNATURE + 12 + 13

/** A PNG that says who wrote it, and what the camera wrote. */
function inPng(png: Uint8Array, exif: Uint8Array | undefined): Uint8Array {
  const chunk = (name: string, content: Uint8Array): Uint8Array => {
    const whole = Buffer.concat([Buffer.alloc(4), Buffer.from(name, 'latin1'), content, Buffer.alloc(4)])
    whole.writeUInt32BE(content.length)
    whole.writeUInt32BE(crc32(whole.subarray(4, -4)), whole.length - 4)
    return whole
  }
  return Buffer.concat([
    png.subarray(0, PNG_HEADER),
    chunk('tEXt', Buffer.from(`Software\0${MARK}`, 'latin1')),
    ...(exif ? [chunk('eXIf', bare(exif))] : []),
    png.subarray(PNG_HEADER),
  ])
}

/** A segment of a JPEG says its length in two bytes. */
const MOST_SEGMENT = 2 ** 16 - 3

function inJpeg(jpeg: Uint8Array, exif: Uint8Array | undefined): Uint8Array {
  const segment = (marker: number, content: Uint8Array): Uint8Array =>
    Buffer.concat([Uint8Array.of(0xff, marker, (content.length + 2) >> 8, (content.length + 2) & 255), content])
  const whole = exif && Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), bare(exif)])
  return Buffer.concat([
    jpeg.subarray(0, 2),
    ...(whole && whole.length <= MOST_SEGMENT ? [segment(0xe1, whole)] : []),
    segment(0xfe, Buffer.from(MARK, 'latin1')),
    jpeg.subarray(2),
  ])
}

/** Which parts an extended WebP has. */
const WEBP = { profile: 0x20, alpha: 0x10, exif: 0x08 }

/** A WebP in its extended form, which alone can hold more than pixels. */
function inWebp(webp: Uint8Array, { width, height, channels }: Samples, exif: Uint8Array | undefined): Uint8Array {
  const chunk = (name: string, content: Uint8Array): Uint8Array => {
    const length = Buffer.alloc(4)
    length.writeUInt32LE(content.length)
    return Buffer.concat([Buffer.from(name, 'latin1'), length, content, Buffer.alloc(content.length % 2)])
  }
  const first = latin(webp, 12, 16)
  const rest = first === 'VP8X' ? webp.subarray(30) : webp.subarray(12)
  const flags = first === 'VP8X' ? webp[20]! : channels === 4 ? WEBP.alpha : 0
  const about = Buffer.alloc(10)
  about[0] = flags | (exif ? WEBP.exif : 0)
  about.writeUIntLE(width - 1, 4, 3)
  about.writeUIntLE(height - 1, 7, 3)
  const parts = [
    Buffer.from('WEBP', 'latin1'),
    chunk('VP8X', about),
    rest,
    ...(exif ? [chunk('EXIF', bare(exif))] : []),
    // A part that nobody knows is passed over.
    chunk('FEWL', Buffer.from(MARK, 'latin1')),
  ]
  const length = Buffer.alloc(4)
  length.writeUInt32LE(parts.reduce((sum, part) => sum + part.length, 0))
  return Buffer.concat([Buffer.from('RIFF', 'latin1'), length, ...parts])
}
