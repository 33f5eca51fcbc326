import { readFile, stat } from 'node:fs/promises'
import { type RawPicture, readBmp } from './bmp.ts'
import { exifInTiff } from './directory.ts'
import { firstFrame, type Region } from './gif.ts'
import { decodeHeic } from './heic.ts'
import { ended, hasEnd } from './jpeg.ts'
import { latin } from './latin.ts'
import { withProfile } from './profile.ts'
import { type Asked, damaged, refusal, SAVE_AS } from './refusals.ts'
import { sharp, type Metadata, type Sharp, type SharpOptions } from './sharp.ts'
import { checkSize, MOST_PIXELS } from './size.ts'
import { largestPage, scaledSamples } from './tiff.ts'

/** Below this many pixels a side there is hardly a line to find. */
const SMALL_SIDE = 64
/** An uncompressed 16-bit picture of MOST_PIXELS. */
const MOST_FILE_BYTES = MOST_PIXELS * 6

/** What the files of each format begin with. Nothing else is given to a decoder. */
const SIGNATURES = {
  JPEG: /^\xff\xd8\xff/,
  PNG: /^\x89PNG/,
  WebP: /^RIFF....WEBP/s,
  HEIF: /^....ftyp/s,
  TIFF: /^(II[*+]\0|MM\0[*+])/,
  GIF: /^GIF8/,
  BMP: /^BM/,
}
type Format = keyof typeof SIGNATURES
/** Without its zero bytes, so that it does not matter how many a character has. */
const SVG = /^(\xef\xbb\xbf|\xff\xfe|\xfe\xff)?\s*<(\?xml|!--|!DOCTYPE svg|([\w-]+:)?svg\b)/i

/** The header is read without any bound, since `checkSize` says in words what is too large. */
const HEADER: SharpOptions = { limitInputPixels: false }
const OPTIONS: SharpOptions = { failOn: 'error', limitInputPixels: MOST_PIXELS, sequentialRead: true }

/** An opened picture file: what is known before its pixels are decoded. */
export interface Source {
  asked: Asked
  /** Upright, at its own size. */
  picture: Sharp
  width: number
  height: number
  warnings: string[]
  /** What its header says; absent where the pixels were decoded without sharp. */
  about?: Metadata
}

/**
 * Opens a picture by its content. Its colours become those of sRGB, unless its `own` are asked for and are red, green and blue.
 * Throws a FewlineError of kind `photo`.
 */
export async function openSource(file: string | Uint8Array, expected: string, own = false): Promise<Source> {
  const unseen = { expected, name: typeof file === 'string' ? `"${file}"` : 'the picture' }
  const bytes = typeof file === 'string' ? await readPhotoFile(file, unseen) : file
  if (bytes.length === 0) throw refusal(unseen, 'is an empty file', 'choose a picture')
  const format = formatOf(bytes, unseen)
  const asked = { ...unseen, format }
  const opened = format === 'BMP' ? raw(readBmp(bytes, asked)) : await openDecoded(bytes, format, asked, own)
  const { width, height, warnings } = opened
  if (Math.max(width, height) >= SMALL_SIDE) return { asked, ...opened }
  const small = `The photo is only ${width} × ${height} pixels; a larger one gives better lines.`
  return { asked, ...opened, warnings: [...warnings, small] }
}

function formatOf(bytes: Uint8Array, asked: Asked): Format {
  const beginning = latin(bytes, 0, 512)
  const format = Object.entries(SIGNATURES).find(([, signature]) => signature.test(beginning))
  if (format) return format[0] as Format
  throw SVG.test(beginning.replaceAll('\0', ''))
    ? refusal(asked, 'is a vector drawing', SAVE_AS)
    : refusal(asked, 'is not a picture that Fewline reads', SAVE_AS)
}

async function readPhotoFile(path: string, asked: Asked): Promise<Uint8Array> {
  try {
    const about = await stat(path)
    if (about.isDirectory()) throw refusal(asked, 'is a folder', 'name a picture inside it')
    if (!about.isFile()) throw refusal(asked, 'is not an ordinary file', 'choose a picture')
    if (about.size > MOST_FILE_BYTES) throw refusal(asked, 'is larger than any photo', 'choose a picture')
    return await readFile(path)
  } catch (error) {
    const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined
    if (code === 'ENOENT' || code === 'ENOTDIR') throw refusal(asked, 'does not exist', 'check its path', error)
    if (code === 'EACCES' || code === 'EPERM') throw refusal(asked, 'may not be read', 'check its permissions', error)
    if (code !== undefined) throw refusal(asked, `can't be read (${code})`, 'check the disk it is on', error)
    throw error
  }
}

type Opened = Omit<Source, 'asked'>

/** What sharp reads, or at least knows the header of. */
async function openDecoded(bytes: Uint8Array, format: Format, asked: Asked, own: boolean): Promise<Opened> {
  const { page, metadata } = await headerOf(bytes, format, asked)
  const { width, height } = metadata.autoOrient
  checkSize(asked, width, height, bytesPerPixel(metadata))
  const warnings = warningsAbout(metadata, page)
  const as = { ...OPTIONS, ignoreIcc: own && isRgb(metadata) }
  if (format === 'JPEG' && !hasEnd(bytes)) {
    // Only if nothing else is missing: then a decoder that minds everything has nothing to say.
    const picture = sharp(ended(bytes), { ...as, failOn: 'warning' }).autoOrient()
    const lacks = 'The file lacks its end marker; all of its pixels are there.'
    return { picture, width, height, warnings: [lacks], about: metadata }
  }
  if (format === 'HEIF' && metadata.compression === 'hevc') return heic(bytes, metadata, asked, own)
  const options = { ...as, page }
  if (format === 'GIF') {
    const frame = firstFrame(bytes, metadata)
    if (frame) return { ...(await onCanvas(bytes, frame, metadata, asked)), warnings }
  }
  if (format === 'TIFF') {
    const scaled = await scaledSamples(bytes, options, metadata, asked)
    if (scaled) return { ...raw(scaled.picture), warnings: [...warnings, ...scaled.warnings] }
  }
  const exif = format === 'TIFF' ? exifInTiff(bytes) : metadata.exif
  const about = { ...metadata, ...(exif && { exif: Buffer.from(exif) }) }
  return { picture: sharp(bytes, options).autoOrient(), width, height, warnings, about }
}

/** Its numbers are red, green and blue, whatever profile says which. */
export function isRgb({ space }: Metadata): boolean {
  return ['srgb', 'rgb', 'rgb16'].includes(space)
}

/** Which picture of the file is the one to draw, and what its header says. */
async function headerOf(
  bytes: Uint8Array,
  format: Format,
  asked: Asked,
): Promise<{ page: number; metadata: Metadata }> {
  const read = (page: number) =>
    sharp(bytes, { ...HEADER, page })
      .metadata()
      .catch((cause: unknown) => {
        throw damaged(asked, cause)
      })
  const metadata = await read(0)
  if (format === 'TIFF') return largestPage(bytes, HEADER, metadata)
  const page = metadata.pagePrimary ?? 0
  return { page, metadata: page === 0 ? metadata : await read(page) }
}

/** How much the decoder holds of a pixel. A progressive JPEG is kept as coefficients until it is complete. */
function bytesPerPixel({ format, channels, depth, isProgressive }: Metadata): number {
  const bytes = { uchar: 1, char: 1, ushort: 2, short: 2, double: 8, complex: 8, dpcomplex: 16 }[depth as string] ?? 4
  return channels * (format === 'jpeg' && isProgressive ? 2 : bytes)
}

async function heic(bytes: Uint8Array, about: Metadata, asked: Asked, own: boolean): Promise<Opened> {
  const decoded = await decodeHeic(bytes).catch((cause: unknown) => {
    throw damaged(asked, cause)
  })
  if (!about.icc) return { ...raw(decoded), about }
  const picture = sharp(withProfile(decoded, about.icc), { ...OPTIONS, ignoreIcc: own })
  return { ...raw(decoded), picture, about }
}

/** A frame where it lies on its canvas, and nothing around it. */
async function onCanvas(bytes: Uint8Array, frame: Region, { width, height }: Metadata, asked: Asked): Promise<Opened> {
  const { data } = await sharp(bytes, OPTIONS)
    .extract(frame)
    .ensureAlpha()
    .extend({
      left: frame.left,
      top: frame.top,
      right: width - frame.left - frame.width,
      bottom: height - frame.top - frame.height,
      background: 'transparent',
    })
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
    .catch((cause: unknown) => {
      throw damaged(asked, cause)
    })
  return raw({ data, width, height, channels: 4 })
}

function raw({ data, width, height, channels }: RawPicture): Opened {
  return { picture: sharp(data, { ...OPTIONS, raw: { width, height, channels } }), width, height, warnings: [] }
}

function warningsAbout({ pages = 1, format }: Metadata, page: number): string[] {
  if (pages === 1 || format === 'heif') return []
  return [`The file holds ${pages} pictures; the ${page === 0 ? 'first' : 'largest'} one is drawn.`]
}
