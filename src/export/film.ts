import { FewlineError } from '../errors.ts'
import { sharp } from '../photo/sharp.ts'
import type { Strokes } from '../strokes/strokes.ts'
import { evenly } from './evenly.ts'
import { asSeen, isPainted } from './painted.ts'
import { rendered } from './png.ts'
import { MARK, toSvg, type SheetOptions } from './svg.ts'

export type FilmFormat = 'gif' | 'webp'

export interface FilmOptions extends SheetOptions {
  /** The longer side, 16 to 2048; 480 when absent. */
  pixels?: number
  /** How long it takes from the first moment to the last, which stays a while longer; 4 when absent. */
  seconds?: number
  /** It begins again and again, as people are used to; true when absent. */
  loop?: boolean
  /** Ends it between two moments, with what the signal was given as its reason. */
  signal?: AbortSignal
  /** Told after each moment that is painted how many of them are, 0..1; to write them down takes a while more. */
  onProgress?: (share: number) => void
}

/** How few and how many pixels the longer side may have. */
export const LEAST_FILM = 16
export const MOST_FILM = 2048
/** More moments than this are thinned out: eyes do not need them, and files grow by them. */
const MOST_PAGES = 100
/** What all moments of a film may take in memory; writing it takes about three times that. */
const MOST_BYTES = 192 * 2 ** 20
/** As many as the soft edges of black lines need, and those that are soft all over. */
const GREYS = { lines: 16, painted: 64 }
/** How long the finished drawing is shown, in ms. */
const REST = 2000
/** Players take anything shorter for a mistake, and show it slowly. */
const SHORTEST = 20

export interface Film {
  content: Uint8Array
  /** How many moments it shows, and how many pixels along the longer side. */
  pages: number
  pixels: number
}

/**
 * The moments of a drawing as an animated picture, on its paper or else on white, the last one the longest. Memory is
 * bounded whatever is asked: of too many moments, evenly spread ones are kept, the first and the last among them; one
 * that looks like the one before is not told twice.
 * Throws a FewlineError of kind `call` when there are no moments or the size is no good.
 */
export async function toFilm(
  format: FilmFormat,
  moments: readonly Strokes[],
  options: FilmOptions = {},
): Promise<Film> {
  const { seconds = 4, loop = true } = options
  const pixels = filmSide(options.pixels)
  if (moments.length === 0) throw wrong('moments of a drawing', 'there are none', 'draw first')
  const shown = evenly(moments, Math.min(MOST_PAGES, Math.floor(MOST_BYTES / (3 * pixels * pixels))))
  const channels = channelsOf(moments, options)
  const { strip, times } = await stripOf(shown, channels, pixels, options)
  const moment = Math.max(SHORTEST, Math.round((100 * seconds) / shown.length) * 10)
  const delay = times.map((count, page) => moment * count + (page === times.length - 1 ? REST - moment : 0))
  const timing = { delay, loop: loop ? 0 : 1 }
  const picture =
    format === 'gif'
      ? strip.gif({
          ...timing,
          colours: channels > 1 ? 256 : isPainted(options) ? GREYS.painted : GREYS.lines,
          dither: 0,
          effort: 10,
          keepDuplicateFrames: true,
        })
      : strip.withExif({ IFD0: { ImageDescription: MARK } }).webp({ ...timing, lossless: true })
  const content = await picture.toBuffer()
  return { content: format === 'gif' ? signed(content) : content, pages: times.length, pixels }
}

/** How many pixels the longer side has. Throws a FewlineError of kind `call` for a number that no film should have. */
export function filmSide(pixels = 480): number {
  if (Number.isInteger(pixels) && pixels >= LEAST_FILM && pixels <= MOST_FILM) return pixels
  throw wrong(`a film of ${LEAST_FILM} to ${MOST_FILM} pixels a side`, `${pixels} came`, 'choose another size')
}

/** A film as pictures, for an encoder that is elsewhere. */
export interface Pages {
  /** PNGs, and for how many seconds each is shown. */
  pages: { picture: Uint8Array; seconds: number }[]
  width: number
  height: number
}

/** The moments of a drawing as pictures that differ, as in a film: the last one stays. Throws as `toFilm` does. */
export async function toPages(moments: readonly Strokes[], options: FilmOptions = {}): Promise<Pages> {
  const { seconds = 4 } = options
  const pixels = filmSide(options.pixels)
  if (moments.length === 0) throw wrong('moments of a drawing', 'there are none', 'draw first')
  const channels = channelsOf(moments, options)
  const pages: Pages['pages'] = []
  let size = { width: 0, height: 0 }
  for await (const { data, info, times } of looks(moments, channels, pixels, options)) {
    const picture = await sharp(data, { raw: { ...info, channels } })
      .png({ compressionLevel: 3 })
      .toBuffer()
    pages.push({ picture, seconds: (times * seconds) / moments.length })
    size = info
  }
  pages.at(-1)!.seconds += REST / 1000
  return { pages, width: size.width, height: size.height }
}

const channelsOf = (moments: readonly Strokes[], { paper }: FilmOptions): 1 | 3 =>
  paper === undefined && moments.every(({ colors }) => !colors) ? 1 : 3

/** The moments that differ below each other, as sharp wants them, and how many moments each of them stands for. */
async function stripOf(moments: readonly Strokes[], channels: 1 | 3, pixels: number, options: FilmOptions) {
  let all = Buffer.alloc(0)
  let size = { width: 0, height: 0 }
  const times: number[] = []
  for await (const look of looks(moments, channels, pixels, options)) {
    if (times.length === 0) all = Buffer.alloc(look.data.length * moments.length)
    all.set(look.data, times.length * look.data.length)
    times.push(look.times)
    size = look.info
  }
  const { width, height } = size
  const strip = all.subarray(0, channels * width * height * times.length)
  const raw = { width, height: height * times.length, channels, pageHeight: height } as const
  return { strip: sharp(strip, { raw }), times }
}

/** A picture of moments that look alike, as pixels, and how many they are. */
interface Look {
  data: Buffer
  info: { width: number; height: number }
  times: number
}

async function* looks(
  moments: readonly Strokes[],
  channels: 1 | 3,
  pixels: number,
  { signal, onProgress, ...sheet }: FilmOptions,
): AsyncGenerator<Look> {
  let last: Look | undefined
  for (const [i, moment] of moments.entries()) {
    signal?.throwIfAborted()
    onProgress?.(i / moments.length)
    const page = (await rendered(toSvg(moment, asSeen(moment, sheet)), pixels))
      .flatten({ background: 'white' })
      .removeAlpha()
    const { data, info } = await page
      .toColourspace(channels === 1 ? 'b-w' : 'srgb')
      .raw()
      .toBuffer({ resolveWithObject: true })
    if (last?.data.equals(data)) {
      last.times++
      continue
    }
    if (last) yield last
    last = { data, info: { width: info.width, height: info.height }, times: 1 }
  }
  if (last) yield last
  signal?.throwIfAborted()
  onProgress?.(1)
}

/** A GIF with our mark as a comment before its end. */
function signed(gif: Uint8Array): Uint8Array {
  const comment = [0x21, 0xfe, MARK.length, ...Buffer.from(MARK, 'latin1'), 0]
  return Buffer.concat([gif.subarray(0, -1), Buffer.from(comment), gif.subarray(-1)])
}

function wrong(expected: string, came: string, todo: string): FewlineError {
  return new FewlineError({ kind: 'call', expected, came, todo })
}
