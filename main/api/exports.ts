import { z } from 'zod'
import { LOOK_NAMES } from '../../src/looks/looks.ts'
import { bytes, length, paper } from './values.ts'

/** Papers that people have, by the engine's names. */
export const PAPERS = [
  ...(['A0', 'A1', 'A2', 'A3', 'A4', 'A5', 'A6'] as const),
  ...(['B0', 'B1', 'B2', 'B3', 'B4', 'B5', 'B6'] as const),
  ...(['Letter', 'Legal', 'Ledger', 'Tabloid'] as const),
  ...(['Square-10cm', 'Square-15cm', 'Square-20cm', 'Square-30cm'] as const),
] as const

/** The sheet: without `paper` the drawing's own shape, `size` long on its longer side. */
const page = {
  size: length.optional(),
  paper: z.enum(PAPERS).optional(),
  landscape: z.boolean().optional(),
  margin: length.optional(),
}
/** What lies behind the strokes, transparent when absent; and what they are drawn with. */
const looks = { background: paper.optional(), look: z.enum(LOOK_NAMES).optional() }
/** Strokes as areas. */
const outline = { outline: z.boolean().optional() }
/** All strokes joined into one line that never lifts. */
const line = { oneLine: z.boolean().optional() }
/** Whose hand draws, where a hand does. */
const hand = { leftHanded: z.boolean().optional() }
/** Strokes in the order in which a hand draws them; what moves has it anyhow. */
const handOrder = { hand: z.boolean().optional(), ...hand }
/** In plotter order: at most so many colours, one for each pen. */
const plotting = { plotter: z.boolean().optional(), pens: z.int().min(1).max(64).optional() }
/** What a film shows: the pen that draws (when absent), or how the strokes found their places. */
const film = { film: z.enum(['pen', 'run']).optional() }
/** Of the longer side. */
const pixels = z.int().min(16).max(8192)
const seconds = z.number().min(0.5).max(60)

const moving = { seconds: seconds.optional(), ...looks, ...line, ...hand, ...film }

export const exportOptions = z.discriminatedUnion('format', [
  z.object({
    format: z.literal('svg'),
    ...{ ...page, ...looks, ...outline, ...line, ...handOrder },
    /** Strokes in the order, and from the ends, that spare the pen the most travel. */
    ...plotting,
    /** All strokes in one path. */
    onePath: z.boolean().optional(),
    /** A layer that Inkscape knows as one. */
    layer: z.boolean().optional(),
  }),
  z.object({ format: z.literal('png'), pixels, ...looks, ...line }),
  z.object({
    format: z.literal('pdf'),
    ...page,
    ...looks,
    ...outline,
    ...line,
    ...handOrder,
    ...plotting,
  }),
  /** Draws itself, stroke by stroke. */
  z.object({
    format: z.literal('animated-svg'),
    ...{ ...page, ...looks, ...line, ...hand },
    seconds: seconds.optional(),
  }),
  z.object({ format: z.literal('gif'), pixels: pixels.max(2048), ...moving }),
  z.object({ format: z.literal('webp'), pixels: pixels.max(2048), ...moving }),
  /** Draws itself, in the players of apps and web pages. */
  z.object({
    format: z.literal('lottie'),
    pixels: pixels.max(2048),
    seconds: seconds.optional(),
    ...{ ...looks, ...line, ...hand },
  }),
])
export type ExportOptions = z.infer<typeof exportOptions>

/** What the window encodes by itself, of pictures that the host gives it. */
export const videoFormat = z.enum(['mp4', 'webm'])
export const videoOptions = z.object({ format: videoFormat, pixels: pixels.max(2048), ...moving })
export type VideoOptions = z.infer<typeof videoOptions>
export type ExportFormat = (ExportOptions | VideoOptions)['format']

/** PNGs, one after another, and for how many seconds each is shown. */
export const filmPages = z.object({
  pages: z.array(z.object({ picture: bytes, seconds: z.number().positive() })),
  width: z.int().min(1),
  height: z.int().min(1),
})
export type FilmPages = z.infer<typeof filmPages>

export const isVideo = (format: ExportFormat): format is VideoOptions['format'] => format === 'mp4' || format === 'webm'
/** A film takes its time. */
export const isFilm = (format: ExportFormat): boolean => format === 'gif' || format === 'webp' || isVideo(format)

export const exportSummary = z.object({
  bytes: z.number(),
  /** The sheet: "120 × 90 mm", "1024 × 768 px". */
  size: z.string().optional(),
  /** How far a pen travels above the paper, in mm or canvas units, as given and in plotter order. */
  penTravel: z.object({ before: z.number(), after: z.number(), unit: z.string() }).optional(),
})
export type ExportSummary = z.infer<typeof exportSummary>
