import {
  drawnByPen,
  exportDrawing,
  type ExportOptions as EngineOptions,
  filmPages,
  type Format,
  parseLength,
  type PageOptions,
  type Pages,
  type Strokes,
} from '../../src/index.ts'
import type { ExportOptions, ExportSummary, VideoOptions } from '../api.ts'

export interface ExportOrder<Options = ExportOptions> {
  options: Options
  strokes: Strokes
  /** How they came to be. */
  moments: Strokes[]
  title: string
  frame?: EngineOptions['frame']
}

export interface ExportedFile {
  content: Uint8Array
  mediaType: string
  summary: ExportSummary
}

/** A drawing in the format that is asked for, read back as another program would. What takes `long` can be followed and stopped. */
export async function exportAs(
  { options, strokes, moments, title, frame }: ExportOrder,
  long: Pick<EngineOptions, 'signal' | 'onProgress'> = {},
): Promise<ExportedFile> {
  const format = FORMATS[options.format]
  const { content, mediaType, verify, travel } = await exportDrawing(
    format,
    { strokes, moments },
    { ...engineOptions(options), title, frame, ...long },
  )
  await verify(content)
  const summary = { bytes: content.length, ...(travel && { penTravel: { ...travel, unit: 'mm' } }) }
  return { content: new Uint8Array(content), mediaType, summary }
}

/** Our formats by the engine's names. */
const FORMATS: Record<ExportOptions['format'], Format> = {
  ...{ svg: 'svg', png: 'png', pdf: 'pdf', gif: 'gif', webp: 'webp' },
  ...{ 'animated-svg': 'animated.svg', lottie: 'json' },
}

/** A film as pictures, for a video. */
export function pagesOf(
  { options, strokes, moments, frame }: ExportOrder<VideoOptions>,
  long: Pick<EngineOptions, 'signal' | 'onProgress'>,
): Promise<Pages> {
  return filmPages({ strokes, moments }, { ...engineOptions(options), frame, ...long })
}

/** How a pen draws a drawing. */
export async function penOf({ strokes, count }: { strokes: Strokes; count: number }): Promise<Strokes[]> {
  return drawnByPen({ strokes }, count)
}

function engineOptions(options: ExportOptions | VideoOptions): EngineOptions {
  const { format, background } = options
  return {
    ...(background === undefined ? { transparent: true } : { paper: background }),
    ...('pixels' in options && { pixels: options.pixels }),
    ...('seconds' in options && { seconds: options.seconds }),
    ...('size' in options && options.size !== undefined && { size: parseLength(options.size) }),
    ...('paper' in options && { page: pageOf(options) }),
    ...('plotter' in options && { plotter: options.plotter }),
    ...('pens' in options && options.plotter && { pens: options.pens }),
    ...('hand' in options && options.hand && !options.plotter && { order: 'hand' as const }),
    ...('leftHanded' in options && { leftHanded: options.leftHanded }),
    ...('film' in options && { film: options.film }),
    oneLine: options.oneLine,
    look: options.look,
    ...('outline' in options && { outline: options.outline }),
    ...(format === 'svg' && { joined: options.onePath, layers: options.layer }),
  }
}

type Page = Pick<Extract<ExportOptions, { format: 'svg' }>, 'paper' | 'landscape' | 'margin'>

function pageOf({ paper, landscape, margin }: Page): PageOptions | undefined {
  if (paper === undefined) return undefined
  return {
    paper,
    ...(margin !== undefined && { margin: parseLength(margin) }),
    ...(landscape !== undefined && { orientation: landscape ? 'landscape' : 'portrait' }),
  }
}
