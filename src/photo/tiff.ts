import type { RawPicture } from './bmp.ts'
import { type Asked, damaged, refusal, SAVE_AS, unknownKind } from './refusals.ts'
import { sharp, type Metadata, type SharpOptions } from './sharp.ts'

/** More pages are not looked at: a photo has a few smaller versions of itself at most. */
const MOST_PAGES = 32

/** Samples of other depths than sharp makes colours of: how they lie in memory. */
const WIDE = { float: Float32Array, uint: Uint32Array } as const
const ORDINARY = new Set(['uchar', 'ushort'])

/** The largest of a file's pages, as photos may have their thumbnail before them. */
export async function largestPage(bytes: Uint8Array, options: SharpOptions, first: Metadata) {
  const best = { page: 0, metadata: first }
  for (let page = 1; page < Math.min(first.pages ?? 1, MOST_PAGES); page++) {
    // One that can't be read is none to choose.
    const metadata = await sharp(bytes, { ...options, page })
      .metadata()
      .catch(() => undefined)
    if (metadata && area(metadata) > area(best.metadata)) Object.assign(best, { page, metadata })
  }
  return best
}

function area({ width, height }: Metadata): number {
  return width * height
}

/** A page of floating-point or 32-bit samples, upright, as bytes; undefined when sharp knows what its samples mean. */
export async function scaledSamples(
  bytes: Uint8Array,
  options: SharpOptions,
  { depth, space, channels }: Metadata,
  asked: Asked,
): Promise<{ picture: RawPicture; warnings: string[] } | undefined> {
  // CIELab of 16 bits is signed.
  if (ORDINARY.has(depth) || space === 'labs') return undefined
  if (!(depth === 'float' || depth === 'uint') || channels > 4) throw unknownKind(asked)
  const { data, info } = await sharp(bytes, options)
    .autoOrient()
    .pipelineColourspace(space)
    .toColourspace(space)
    .raw({ depth })
    .toBuffer({ resolveWithObject: true })
    .catch((cause: unknown) => {
      throw damaged(asked, cause)
    })
  const samples = new WIDE[depth](data.buffer, data.byteOffset, data.length / 4)
  const [least, most] = rangeOf(samples)
  if (!Number.isFinite(least) || !Number.isFinite(most))
    throw refusal(asked, 'holds numbers that are no colours', SAVE_AS)
  // What most programs mean by white; others, and measurements, use a part of the range or more.
  const usual = depth === 'float' ? 1 : 2 ** 32 - 1
  const whole = least >= 0 && most <= usual && most > usual / 2
  const [black, white] = whole ? [0, usual] : [least, most]
  const picture = rgba(samples, info, (value) => (255 * (value - black)) / (white - black || 1))
  const note = `The file holds numbers from ${least} to ${most}; they are drawn as black to white.`
  return { picture, warnings: whole ? [] : [note] }
}

/** The smallest and the largest; NaN when one of them is none. */
function rangeOf(samples: Float32Array | Uint32Array): [number, number] {
  let least = Infinity
  let most = -Infinity
  for (const value of samples) {
    if (Number.isNaN(value)) return [NaN, NaN]
    if (value < least) least = value
    if (value > most) most = value
  }
  return [least, most]
}

/** Grey or colour, with or without alpha. */
function rgba(
  samples: Float32Array | Uint32Array,
  { width, height, channels }: { width: number; height: number; channels: number },
  byteOf: (value: number) => number,
): RawPicture {
  const data = new Uint8ClampedArray(width * height * 4)
  const hasAlpha = channels % 2 === 0
  for (let i = 0; i < width * height; i++) {
    for (let c = 0; c < 3; c++) data[4 * i + c] = byteOf(samples[channels * i + (channels > 2 ? c : 0)]!)
    data[4 * i + 3] = hasAlpha ? byteOf(samples[channels * i + channels - 1]!) : 255
  }
  return { data: new Uint8Array(data.buffer), width, height, channels: 4 }
}
