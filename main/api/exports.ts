import { z } from 'zod'
import { colour, length } from './values.ts'

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
/** What lies behind the strokes; transparent when absent. */
const background = { background: colour.optional() }
/** Of the longer side. */
const pixels = z.int().min(16).max(8192)
const seconds = z.number().min(0.5).max(60)

export const exportOptions = z.discriminatedUnion('format', [
  z.object({
    format: z.literal('svg'),
    ...page,
    ...background,
    /** Strokes in the order, and from the ends, that spare the pen the most travel. */
    plotter: z.boolean().optional(),
    /** All strokes in one path. */
    onePath: z.boolean().optional(),
    /** A layer that Inkscape knows as one. */
    layer: z.boolean().optional(),
  }),
  z.object({ format: z.literal('png'), pixels, ...background }),
  z.object({ format: z.literal('pdf'), ...page, ...background, plotter: z.boolean().optional() }),
  /** Draws itself, stroke by stroke. */
  z.object({ format: z.literal('animated-svg'), ...page, ...background, seconds: seconds.optional() }),
  /** How the strokes found their places: needs a history. */
  z.object({ format: z.literal('gif'), pixels: pixels.max(2048), seconds: seconds.optional(), ...background }),
  z.object({ format: z.literal('webp'), pixels: pixels.max(2048), seconds: seconds.optional(), ...background }),
])
export type ExportOptions = z.infer<typeof exportOptions>
export type ExportFormat = ExportOptions['format']

export const exportSummary = z.object({
  bytes: z.number(),
  /** The sheet: "120 × 90 mm", "1024 × 768 px". */
  size: z.string().optional(),
  /** How far a pen travels above the paper, in mm or canvas units, as given and in plotter order. */
  penTravel: z.object({ before: z.number(), after: z.number(), unit: z.string() }).optional(),
})
export type ExportSummary = z.infer<typeof exportSummary>
