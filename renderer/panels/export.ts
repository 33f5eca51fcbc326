import type { ExportFormat, ExportOptions } from '../../main/api.ts'

/** What the panel remembers: the options of all formats in one, as they are written. */
export interface Choices {
  readonly format: ExportFormat
  /** A length with its unit, or nothing. */
  readonly size: string
  readonly paper: Paper | 'none'
  readonly landscape: boolean
  readonly margin: string
  readonly background: boolean
  readonly plotter: boolean
  readonly onePath: boolean
  readonly layer: boolean
  readonly pixels: number
  readonly seconds: number
}
type Paper = NonNullable<Extract<ExportOptions, { format: 'svg' }>['paper']>

export const DEFAULT_CHOICES: Choices = {
  format: 'svg',
  size: '',
  paper: 'none',
  landscape: false,
  margin: '',
  background: false,
  plotter: false,
  onePath: false,
  layer: false,
  pixels: 2048,
  seconds: 4,
}

export const isLength = (text: string): boolean => /^\d{1,5}(\.\d{1,3})?(mm|cm|in|pt|px)$/.test(text)

/** What the host is asked for. `paperColour` lies behind the strokes when wanted. */
export function optionsOf(choices: Choices, format: ExportFormat, paperColour: string): ExportOptions {
  const { size, paper, landscape, margin, plotter, onePath, layer, pixels, seconds } = choices
  const background = choices.background ? { background: paperColour } : {}
  const page = {
    ...(paper === 'none' ? isLength(size) && { size } : { paper, landscape }),
    ...(isLength(margin) && { margin }),
  }
  switch (format) {
    case 'svg':
      return { format, ...page, ...background, plotter, onePath, layer }
    case 'pdf':
      return { format, ...page, ...background, plotter }
    case 'animated-svg':
      return { format, ...page, ...background, seconds }
    case 'png':
      return { format, pixels, ...background }
    case 'gif':
    case 'webp':
      return { format, pixels: Math.min(pixels, mostPixels(format)), seconds, background: paperColour }
  }
}

export const isFilm = (format: ExportFormat): boolean => format === 'gif' || format === 'webp'
/** Of the longer side; films become large. */
export const mostPixels = (format: ExportFormat): number => (isFilm(format) ? 1024 : 8192)
export const hasPage = (format: ExportFormat): boolean =>
  format === 'svg' || format === 'pdf' || format === 'animated-svg'

const KEY = 'fewline.export'

export function rememberedChoices(): Choices {
  try {
    return { ...DEFAULT_CHOICES, ...(JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Choices>) }
  } catch {
    return DEFAULT_CHOICES
  }
}

export function remember(choices: Choices): void {
  localStorage.setItem(KEY, JSON.stringify(choices))
}
