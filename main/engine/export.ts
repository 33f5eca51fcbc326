import { FewlineError, parseLength, toPng, toSvg, type Strokes, type SvgOptions } from '../../src/index.ts'
import type { ExportOptions, ExportSummary } from '../api.ts'

export interface ExportOrder {
  options: ExportOptions
  strokes: Strokes
  /** How they came to be. */
  moments: Strokes[]
  title: string
  frame?: SvgOptions['frame']
}

export interface ExportedFile {
  content: Uint8Array
  mediaType: string
  summary: ExportSummary
}

/** A drawing in the format that is asked for. */
export async function exportAs({ options, strokes, title, frame }: ExportOrder): Promise<ExportedFile> {
  if (options.format === 'svg') {
    const size = options.size === undefined ? undefined : parseLength(options.size)
    const content = new TextEncoder().encode(toSvg(strokes, { title, frame, size }))
    return { content, mediaType: 'image/svg+xml', summary: { bytes: content.length } }
  }
  if (options.format === 'png') {
    const content = await toPng(toSvg(strokes, { title, frame }), { value: options.pixels, unit: 'px' })
    return { content, mediaType: 'image/png', summary: { bytes: content.length } }
  }
  throw new FewlineError({
    kind: 'call',
    expected: 'SVG or PNG',
    came: `${options.format} is to come`,
    todo: 'choose one',
  })
}
