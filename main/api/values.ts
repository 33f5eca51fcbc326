import { config, z } from 'zod'

// The window's content security policy forbids code made of strings, which zod would otherwise try.
config({ jitless: true })

/** The canvas is this many units wide and high, whatever the photo: all lengths here are in these units. */
export const CANVAS = 224

/** The largest file that can be opened, in bytes: check before sending it, a larger message closes the connection. */
export const MOST_BYTES = 256 * 2 ** 20

/** The most strokes that any message may hold. */
const MOST_STROKES = 512

export type Bytes = Uint8Array<ArrayBuffer>

/** Told by their tag, not by `instanceof`: they may come from another realm. */
const isTyped = (name: string) => (value: unknown) => Object.prototype.toString.call(value) === `[object ${name}]`

export const bytes = z.custom<Bytes>(isTyped('Uint8Array'), 'expected bytes')
export const floats = z.custom<Float32Array<ArrayBuffer>>(
  (value) => isTyped('Float32Array')(value) && (value as Float32Array).every(Number.isFinite),
  'expected finite numbers in a Float32Array',
)

/** `#rrggbb` */
export const colour = z.string().regex(/^#[0-9a-f]{6}$/i)
/** A number with a unit: mm, cm, in, pt or px. */
export const length = z.string().regex(/^\d{1,5}(\.\d{1,3})?(mm|cm|in|pt|px)$/)
/** Something to be known by: made by one side, handed back by the other. */
export const id = z.string().regex(/^[\w-]{1,64}$/)
/** A name for people. */
export const title = z.string().max(300)

export const rectangle = z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() })
export type Rectangle = z.infer<typeof rectangle>

/** An encoded picture, to be shown as it is. */
export const picture = z.object({ type: z.enum(['image/png', 'image/jpeg', 'image/webp', 'image/gif']), bytes })
export type Picture = z.infer<typeof picture>

/** CANVAS × CANVAS bytes, row after row: a mask (255 is the subject) or a map (255 is the strongest). */
export const greyImage = bytes.refine((data) => data.length === CANVAS * CANVAS, `expected ${CANVAS} × ${CANVAS} bytes`)
export type GreyImage = z.infer<typeof greyImage>

/**
 * Strokes, flat, as the engine has them: x y of every control point in canvas units, 3·segments + 1 points a stroke
 * (4 when `segments` is absent), one full width each, and RGBA 0..1 each when they have colours of their own.
 */
export const strokes = z
  .object({
    points: floats,
    widths: floats,
    segments: bytes.optional(),
    colors: floats.optional(),
    width: z.literal(CANVAS),
    height: z.literal(CANVAS),
  })
  .refine(isWhole, 'expected as many points and colours as the strokes have')
export type Strokes = z.infer<typeof strokes>

interface Parts {
  points: Float32Array
  widths: Float32Array
  segments?: Uint8Array | undefined
  colors?: Float32Array | undefined
}

function isWhole({ points, widths, segments, colors }: Parts): boolean {
  const count = widths.length
  const cubics = segments ? segments.reduce((sum, s) => sum + s, 0) : count
  return (
    count <= MOST_STROKES &&
    points.length === 2 * (3 * cubics + count) &&
    (segments ? segments.length === count && segments.every((s) => s > 0) : true) &&
    (colors ? colors.length === 4 * count : true) &&
    widths.every((width) => width > 0)
  )
}
