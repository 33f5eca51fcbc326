import { readFile, stat } from 'node:fs/promises'
import sharp, { type Metadata, type Sharp, type SharpOptions } from 'sharp'
import { readBmp } from './bmp.ts'
import { type Asked, damaged, refusal } from './refusals.ts'

/** Enough for the largest sensors there are; beyond it a picture is a mistake or an attack. */
const MOST_PIXELS = 2 ** 28
const LEAST_SIDE = 8
/** Below this many pixels a side there is hardly a line to find. */
const SMALL_SIDE = 64
/** An uncompressed 16-bit picture of MOST_PIXELS. */
const MOST_BYTES = MOST_PIXELS * 6

const FORMATS = new Set(['jpeg', 'png', 'webp', 'heif', 'tiff', 'gif'])
/** What the files of these formats begin with. */
const SIGNATURE = /^\xff\xd8\xff|^\x89PNG|^RIFF....WEBP|^....ftyp|^II\*\0|^MM\0\*|^GIF8/s
const OPTIONS: SharpOptions = { failOn: 'error', limitInputPixels: MOST_PIXELS, sequentialRead: true }
const SAVE_AS = 'save it as JPEG or PNG'

/** An opened picture file: what is known before its pixels are decoded. */
export interface Source {
  asked: Asked
  /** Upright, at its own size. */
  picture: Sharp
  width: number
  height: number
  warnings: string[]
}

/** Opens a picture by its content. Throws a FewlineError of kind `photo`. */
export async function openSource(file: string | Uint8Array, expected: string): Promise<Source> {
  const asked = { expected, name: typeof file === 'string' ? `"${file}"` : 'the picture' }
  const bytes = typeof file === 'string' ? await readPhotoFile(file, asked) : file
  if (bytes.length === 0) throw refusal(asked, 'is an empty file', 'choose a picture')
  const picture = await decoder(bytes, asked)
  const metadata = await picture.metadata().catch((cause: unknown) => {
    throw damaged(asked, cause)
  })
  const { width, height } = metadata.autoOrient
  checkSize(asked, width, height)
  return { asked, picture, width, height, warnings: warningsAbout(metadata) }
}

async function readPhotoFile(path: string, asked: Asked): Promise<Uint8Array> {
  try {
    const about = await stat(path)
    if (about.isDirectory()) throw refusal(asked, 'is a folder', 'name a picture inside it')
    if (!about.isFile()) throw refusal(asked, 'is not an ordinary file', 'choose a picture')
    if (about.size > MOST_BYTES) throw refusal(asked, 'is larger than any photo', 'choose a picture')
    return await readFile(path)
  } catch (error) {
    const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined
    if (code === 'ENOENT' || code === 'ENOTDIR') throw refusal(asked, 'does not exist', 'check its path', error)
    if (code === 'EACCES' || code === 'EPERM') throw refusal(asked, 'may not be read', 'check its permissions', error)
    if (code !== undefined) throw refusal(asked, `can't be read (${code})`, 'check the disk it is on', error)
    throw error
  }
}

/** A sharp pipeline that begins with the upright picture. */
async function decoder(bytes: Uint8Array, asked: Asked): Promise<Sharp> {
  if (latin(bytes, 0, 2) === 'BM') return raw(readBmp(bytes, asked, (width, height) => checkSize(asked, width, height)))
  const picture = sharp(bytes, OPTIONS).autoOrient()
  const { format, compression } = await picture.metadata().catch((cause: unknown) => {
    throw SIGNATURE.test(latin(bytes, 0, 16))
      ? damaged(asked, cause)
      : refusal(asked, 'is not a picture that Fewline reads', SAVE_AS, cause)
  })
  if (format === 'svg') throw refusal(asked, 'is a vector drawing', SAVE_AS)
  if (!FORMATS.has(format)) throw refusal(asked, `is a ${format} file`, SAVE_AS)
  return format === 'heif' && compression === 'hevc' ? raw(await decodeHeic(bytes, asked)) : picture
}

function raw({ data, width, height }: { data: Uint8Array; width: number; height: number }): Sharp {
  return sharp(data, { ...OPTIONS, raw: { width, height, channels: 4 } })
}

/**
 * The first picture of a HEIC file, upright, as RGBA. sharp is built without HEVC, so these take another decoder,
 * and as that is large it is loaded only for them.
 */
async function decodeHeic(bytes: Uint8Array, asked: Asked) {
  const { default: heic } = await import('heic-decode')
  try {
    const pictures = await heic.all({ buffer: bytes })
    const { data, width, height } = await pictures[0]!.decode()
    pictures.dispose()
    return { data: new Uint8Array(data.buffer), width, height }
  } catch (cause) {
    throw damaged(asked, cause)
  }
}

function checkSize(asked: Asked, width: number, height: number): void {
  const size = `${width} × ${height} pixels`
  if (Math.min(width, height) < LEAST_SIDE) {
    throw refusal(asked, `is ${size}`, `choose one of at least ${LEAST_SIDE} pixels a side`)
  }
  if (width * height > MOST_PIXELS) {
    throw refusal(asked, `is ${size}`, `make it smaller than ${Math.floor(MOST_PIXELS / 1e6)} million pixels`)
  }
}

function warningsAbout({ pages = 1, format, autoOrient: { width, height } }: Metadata): string[] {
  const warnings = []
  if (pages > 1 && format !== 'heif') warnings.push(`The file holds ${pages} pictures; the first one is drawn.`)
  if (Math.max(width, height) < SMALL_SIDE) {
    warnings.push(`The photo is only ${width} × ${height} pixels; a larger one gives better lines.`)
  }
  return warnings
}

/** Bytes as characters, to compare with the signatures of file formats. */
function latin(bytes: Uint8Array, from: number, to: number): string {
  return String.fromCharCode(...bytes.subarray(from, to))
}
