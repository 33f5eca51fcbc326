import {
  type ExportFormat,
  type ExportOptions,
  isFilm,
  isVideo,
  type Rectangle,
  type Settings,
  type Strokes,
  type VideoOptions,
} from '../../main/api.ts'
import { padded } from '../state/box.ts'
import { sampled } from '../state/cubics.ts'
import type { Point } from '../state/mask.ts'
import { strokesOf } from '../state/strokes.ts'

/** What the panel remembers: the options of all formats in one, as they are written. */
export interface Choices {
  readonly format: ExportFormat
  /** A length with its unit, or nothing. */
  readonly size: string
  readonly paper: Paper | 'none'
  readonly landscape: boolean
  readonly margin: string
  /** The paper's colour lies behind lines that go to drawing programs and printers; behind those of a PNG. */
  readonly background: boolean
  readonly pngBackground: boolean
  readonly plotter: boolean
  readonly pens: number
  readonly hand: boolean
  readonly leftHanded: boolean
  readonly oneLine: boolean
  readonly run: boolean
  readonly onePath: boolean
  readonly layer: boolean
  readonly outline: boolean
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
  pngBackground: true,
  plotter: false,
  pens: 6,
  hand: false,
  leftHanded: false,
  oneLine: false,
  run: false,
  onePath: false,
  layer: false,
  outline: false,
  pixels: 2048,
  seconds: 4,
}

export const isLength = (text: string): boolean => /^\d{1,5}(\.\d{1,3})?(mm|cm|in|pt|px)$/.test(text)

/** What a drawing is drawn with, and on which paper. */
type Looks = Pick<Settings, 'paper' | 'look'>

/** What the host is asked for, of all but videos: with what the drawing is drawn, and its paper behind it where that is wanted. */
export function optionsOf(choices: Choices, format: ExportOptions['format'], shown: Looks): ExportOptions {
  const { size, paper, landscape, margin, plotter, pens, onePath, layer, pixels, seconds } = choices
  const { leftHanded, oneLine, outline } = choices
  // Where a plotter's order is wanted, the switch is out of sight.
  const hand = choices.hand && !plotter
  const plotting = { plotter, ...(plotter && { pens }) }
  const looks = { look: shown.look, ...(hasPaper(choices, format) && { background: shown.paper }) }
  const page = {
    ...(paper === 'none' ? isLength(size) && { size } : { paper, landscape }),
    ...(isLength(margin) && { margin }),
  }
  switch (format) {
    case 'svg':
      return { format, ...page, ...looks, outline, ...plotting, onePath, layer, hand, leftHanded, oneLine }
    case 'pdf':
      return { format, ...page, ...looks, outline, ...plotting, hand, leftHanded, oneLine }
    case 'animated-svg':
      return { format, ...page, ...looks, seconds, leftHanded, oneLine }
    case 'png':
      return { format, pixels, ...looks, oneLine }
    case 'lottie':
      return { format, pixels: Math.min(pixels, mostPixels(format)), seconds, ...looks, leftHanded, oneLine }
    case 'gif':
    case 'webp':
      return { format, ...movingOf(choices, format, shown) }
  }
}

/** What the host is asked for, of a video. */
export function videoOptionsOf(choices: Choices, format: VideoOptions['format'], shown: Looks): VideoOptions {
  return { format, ...movingOf(choices, format, shown) }
}

/** A film is on its paper. */
function movingOf(choices: Choices, format: ExportFormat, { paper: background, look }: Looks) {
  const { seconds, leftHanded, oneLine } = choices
  const film: 'run' | 'pen' = choices.run ? 'run' : 'pen'
  const pixels = Math.min(choices.pixels, mostPixels(format))
  return { pixels, seconds, background, look, leftHanded, oneLine, film }
}

/** The longer side of a film's preview: the file itself takes its time. */
const PREVIEW = 360

/** What is shown as the preview: what has no picture in a page is shown as something that looks the same. */
export function previewOptionsOf(choices: Choices, shown: Looks): ExportOptions {
  const { format } = choices
  if (format === 'pdf') return optionsOf(choices, 'svg', shown)
  if (format === 'lottie') return optionsOf(choices, 'animated-svg', shown)
  if (!isFilm(format) && !isVideo(format)) return optionsOf(choices, format, shown)
  const pixels = Math.min(choices.pixels, PREVIEW)
  return optionsOf({ ...choices, pixels }, format === 'gif' ? 'gif' : 'webp', shown)
}

/** What is no film, and moves all the same. */
export const drawsItself = (format: ExportFormat): boolean => format === 'animated-svg' || format === 'lottie'

/** Whether a hand is seen to draw, or strokes come in its order. */
export const isByHand = ({ format, hand, plotter, run }: Choices): boolean =>
  drawsItself(format) || (isFilm(format) && !run) || ((format === 'svg' || format === 'pdf') && hand && !plotter)

/** Whether there has to be a run for it to show. */
export const needsRun = ({ run }: Choices, format: ExportFormat): boolean => isFilm(format) && run

/** Of the longer side; films become large. */
export const mostPixels = (format: ExportFormat): number =>
  isVideo(format) ? 1920 : isFilm(format) || format === 'lottie' ? 1024 : 8192
export const hasPage = (format: ExportFormat): boolean =>
  format === 'svg' || format === 'pdf' || format === 'animated-svg'

/** Whether the colour of the paper lies behind the lines; pictures have it unless they are asked to be clear. */
export const hasPaper = (choices: Choices, format: ExportFormat): boolean =>
  isFilm(format) || (format === 'png' ? choices.pngBackground : choices.background)

/** Whether all that is written in the fields of a format is what they take. */
export function isSound({ paper, size, margin }: Choices, format: ExportFormat): boolean {
  const isGood = (text: string): boolean => text === '' || isLength(text)
  return !hasPage(format) || ((paper !== 'none' || isGood(size)) && isGood(margin))
}

/** How many strokes leave the page, by more than a hair. */
export function offPage(strokes: Strokes, frame: Rectangle): number {
  const { x, y, width, height } = padded(frame, HAIR)
  const isOff = (p: Point): boolean => p.x < x || p.y < y || p.x > x + width || p.y > y + height
  return strokesOf(strokes).filter(({ points }) => sampled(points, COARSE).some(isOff)).length
}

/** In canvas units: what nobody sees, and how closely lines are looked at. */
const HAIR = 1
const COARSE = 4

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
