import type { Bytes, FilmPages, VideoOptions } from '../../main/api.ts'

/** Pictures a second: what players and networks take for granted. */
const RATE = 30

/** Codecs by how many players know them: all hardware plays the first of an MP4, all browsers that of a WebM. */
const CODECS = { mp4: ['avc', 'hevc', 'av1', 'vp9'], webm: ['vp9', 'av1', 'vp8'] } as const

/** What a video looks like while it is encoded. */
interface Following {
  onProgress(share: number): void
  /** It is not wanted any more. */
  isOver(): boolean
}

/**
 * A video of pictures, encoded by the browser (WebCodecs) and put into its container by mediabunny. `paper` fills what
 * codecs want besides: sides of even length. Says so where the browser has no encoder for it; undefined when it is over.
 */
export async function videoOf(
  format: VideoOptions['format'],
  { pages, ...size }: FilmPages,
  paper: string,
  { onProgress, isOver }: Following,
): Promise<Bytes | 'no encoder' | undefined> {
  const {
    BufferTarget,
    CanvasSource,
    getFirstEncodableVideoCodec,
    Mp4OutputFormat,
    Output,
    Quality,
    WebMOutputFormat,
  } = await import('mediabunny')
  const [width, height] = [even(size.width), even(size.height)]
  const quality = new Quality('very-high')
  const codec = await getFirstEncodableVideoCodec([...CODECS[format]], { width, height, quality, frameRate: RATE })
  if (!codec) return 'no encoder'
  const target = new BufferTarget()
  const container = format === 'mp4' ? new Mp4OutputFormat({ fastStart: 'in-memory' }) : new WebMOutputFormat()
  const output = new Output({ format: container, target })
  const canvas = new OffscreenCanvas(width, height)
  const context = canvas.getContext('2d')!
  const source = new CanvasSource(canvas, { codec, quality })
  output.addVideoTrack(source, { frameRate: RATE })
  await output.start()
  const frames = framesOf(pages)
  for (const [i, { picture, first, count }] of frames.entries()) {
    if (isOver()) {
      await output.cancel()
      return undefined
    }
    onProgress(i / frames.length)
    const bitmap = await createImageBitmap(new Blob([picture], { type: 'image/png' }))
    context.fillStyle = paper
    context.fillRect(0, 0, width, height)
    context.drawImage(bitmap, 0, 0)
    bitmap.close()
    for (let k = first; k < first + count; k++) await source.add(k / RATE, 1 / RATE)
  }
  await output.finalize()
  return new Uint8Array(target.buffer!)
}

/** Which pictures of the video each page is: of those that are shown for less than one, some fall out. */
export function framesOf(
  pages: FilmPages['pages'],
): { picture: FilmPages['pages'][number]['picture']; first: number; count: number }[] {
  let time = 0
  let first = 0
  return pages.flatMap(({ picture, seconds }) => {
    time += seconds
    const count = Math.round(time * RATE) - first
    const frame = { picture, first, count }
    first += count
    return count > 0 ? [frame] : []
  })
}

const even = (side: number): number => side + (side % 2)
