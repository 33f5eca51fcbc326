import { config, z } from 'zod'
import { STOCK_NAMES } from '../../src/looks/stocks.ts'

// The window's content security policy forbids code made of strings, which zod would otherwise try.
config({ jitless: true })

/** The canvas is this many units wide and high, whatever the photo: all lengths here are in these units. */
export const CANVAS = 224

/** The largest file that can be opened, in bytes: check before sending it, a larger message closes the connection. */
export const MOST_BYTES = 256 * 2 ** 20

/** The most strokes that any message may hold. */
export const MOST_STROKES = 512

/** At most so many of something. Counted first: who sends a million of them is not told what is wrong with each. */
export const list = <Item extends z.ZodType>(item: Item, most: number) =>
  z.array(z.unknown()).max(most).pipe(z.array(item))

export type Bytes = Uint8Array<ArrayBuffer>

/** Told by their tag, not by `instanceof`: they may come from another realm. */
const tagOf = (value: unknown) => Object.prototype.toString.call(value)
const isBytes = (value: unknown): value is Bytes => tagOf(value) === '[object Uint8Array]'
const isFloats = (value: unknown): value is Float32Array<ArrayBuffer> => tagOf(value) === '[object Float32Array]'
const areFinite = (numbers: Float32Array): boolean => numbers.every((number) => Number.isFinite(number))

const areShares = (numbers: Float32Array): boolean => numbers.every((number) => number >= 0 && number <= 1)

export const bytes = z.custom<Bytes>(isBytes, 'expected bytes')
/** Numbers none of which is infinite or none. */
export const floats = z.custom<Float32Array<ArrayBuffer>>((value) => isFloats(value) && areFinite(value))

/** `#rrggbb` */
export const colour = z.string().regex(/^#[0-9a-f]{6}$/i)
/** The same as 0..1 each. */
export function rgbOf(colour: string): [red: number, green: number, blue: number] {
  const part = (at: number): number => Number.parseInt(colour.slice(at, at + 2), 16) / 255
  return [part(1), part(3), part(5)]
}
/** A number with a unit: mm, cm, in, pt or px. */
export const length = z.string().regex(/^\d{1,5}(\.\d{1,3})?(mm|cm|in|pt|px)$/)
/** A paper by its name, or a plain one by its colour. */
export const paper = z.union([z.enum(STOCK_NAMES), colour])
export type Paper = z.infer<typeof paper>
/** Something to be known by: made by one side, handed back by the other. */
const ID = /^[\w-]{1,64}$/
export const isId = (value: unknown): value is string => typeof value === 'string' && ID.test(value)
export const id = z.string().regex(ID)
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

/** CANVAS × CANVAS bytes: lines count more where they are above ALIKE, most at 255, and less where they are below. */
export const emphasis = greyImage
export const ALIKE = 128

/** How the subject is told: found, everything, or painted by the user. */
export const maskMode = z.enum(['auto', 'none', 'painted'])

/**
 * Strokes, flat, as the engine has them: x y of every control point in canvas units, 3·segments + 1 points a stroke
 * (4 when `segments` is absent), one full width each, RGBA 0..1 each when they have colours of their own, and a share of
 * the width 0..1 at every point where a pen was pressed.
 */
export interface Strokes {
  points: Float32Array<ArrayBuffer>
  widths: Float32Array<ArrayBuffer>
  segments?: Bytes | undefined
  colors?: Float32Array<ArrayBuffer> | undefined
  pressures?: Float32Array<ArrayBuffer> | undefined
  width: typeof CANVAS
  height: typeof CANVAS
}

/** Whether they are whole: as many points and colours as the strokes have. */
export function isStrokes(value: unknown): value is Strokes {
  if (typeof value !== 'object' || value === null) return false
  const { points, widths, segments, colors, pressures, width, height } = value as Record<keyof Strokes, unknown>
  if (width !== CANVAS || height !== CANVAS || !isFloats(points) || !isFloats(widths)) return false
  const count = widths.length
  if (count > MOST_STROKES) return false
  if (segments !== undefined && !(isBytes(segments) && segments.length === count && segments.every((s) => s > 0))) {
    return false
  }
  // Lengths before numbers: those of strokes that are too many are never looked at.
  const cubics = segments ? segments.reduce((sum, s) => sum + s, 0) : count
  if (points.length !== 2 * (3 * cubics + count)) return false
  if (colors !== undefined && !(isFloats(colors) && colors.length === 4 * count && areFinite(colors))) return false
  if (
    pressures !== undefined &&
    !(isFloats(pressures) && 2 * pressures.length === points.length && areShares(pressures))
  )
    return false
  return areFinite(points) && areFinite(widths) && widths.every((full) => full > 0)
}
export const strokes = z.custom<Strokes>(isStrokes, 'expected strokes with as many points and colours as they have')
