import type { Device, Precision } from '../encoder/encoder.ts'
import { FewlineError } from '../errors.ts'
import type { Frame as Rectangle } from '../photo/photo.ts'
import { PRESETS, type Placement, type Preset } from './presets.ts'
import type { Rgb } from '../strokes/colours.ts'
import type { Strokes } from '../strokes/strokes.ts'
import type { Tensor } from '../tensor.ts'
import type { Try } from './tries.ts'
import { CANVAS } from '../units.ts'
import type { View } from '../views/view.ts'

export type Order = 'importance' | 'grow'

/** What a drawing is made from: a photo, a sentence, or both. Without a photo it is painted, in colours. */
export interface DrawRequest {
  /** A picture file, or its bytes. */
  photo?: string | Uint8Array
  /**
   * How many, 1–512, or `auto`: as many as a person would draw of a photo; 16 when absent (without a photo 128), or as many
   * as `from` has.
   */
  strokes?: number | 'auto'
  /** How much of the photo `auto` draws, 0..1; 0.5 when absent. */
  detail?: number
  /** How closely the photo's lines are followed, 0 (loosely, straightened) to 1 (when absent). */
  fidelity?: number
  /**
   * How many strokes draw what is behind the subject, thinner and in grey, besides those of `strokes`: 0 (when absent) to 512,
   * or `auto`, by what they gain.
   */
  behind?: number | 'auto'
  /**
   * In which order strokes come on the last frame: by `importance` (when absent), or as they `grow`, which is also how they
   * are then made: the first of them are a good drawing, however many they are.
   */
  order?: Order
  /** `auto` (when absent), `builtin`, the name of a CLIP model that is installed, or the path of its weights. */
  encoder?: string
  preset?: Preset
  /** Instead of the preset's. */
  iterations?: number
  /** How many drawings to make, the best of which is kept; 1 when absent. */
  seeds?: number
  /** The first of them; 0 when absent. The same seed gives the same strokes. */
  seed?: number
  /** Full width of the strokes in canvas units; 3 when absent. */
  width?: number
  /**
   * What to draw: `auto` finds the subject, `none` draws everything, else a picture (a file or its bytes), white where
   * the subject is, or [CANVAS, CANVAS] with 1 on the subject.
   */
  mask?: string | Uint8Array | Tensor
  /** What to draw, in words; with the mask `auto` or none. One with `-` in front is not meant. Needs a model that understands. */
  subject?: string[]
  /** Which of the things that `subject` finds, counted from 0, the likeliest first; all when absent. */
  thing?: number
  /** Where lines count more, and where less, in words. */
  more?: string[]
  less?: string[]
  /** The same by hand, [CANVAS, CANVAS]: from -1, where lines count least, over 0 to 1, where they count most. */
  emphasis?: Tensor
  /** Who looks for words; the best that is installed when absent. */
  finder?: string
  /** What an encoder that sees the photo is shown around the subject: faded as far as that is sure (when absent), white, or all. */
  background?: Background
  /** Where strokes begin; the preset's when absent. */
  placement?: Placement
  /** New random views in every step, instead of some from a bank: the photo is encoded again each time. */
  freshViews?: boolean
  /** What the drawing should be a picture of, beside the photo or without one; needs an encoder that reads. */
  text?: string
  /** Without a photo: what else. */
  words?: WordsWishes
  /** How much `text` counts next to the photo; 1 when absent. */
  textWeight?: number
  device?: Device
  threads?: number
  /** How many pictures the encoder looks at at once, where memory is short. */
  most?: number
  /** Strokes to go on from, instead of a first placement. */
  from?: Strokes
  /** Which of `from`'s strokes stay as they are. */
  locked?: number[]
  /** A frame is handed out every so many steps; 5 when absent. */
  frameEvery?: number
  /** The tries of a frame of the same request, to go on from them as if nothing had happened. */
  tries?: readonly Try<Strokes>[]
}

/** What becomes of the background. */
export const BACKGROUNDS = ['fade', 'white', 'keep'] as const
export type Background = (typeof BACKGROUNDS)[number]

/** How a drawing is painted that is made from a sentence alone. */
export interface WordsWishes {
  /** What it should not be a picture of. */
  against?: readonly string[]
  /** A picture (a file or its bytes) whose style it should have, and how much that counts; 1 when absent. */
  style?: string | Uint8Array
  styleWeight?: number
  /** A photo (a file or its bytes) on whose lines and with whose colours the strokes begin. */
  start?: string | Uint8Array
  /** What `from` or `start` shows: its strokes are then moved from there to what `text` says, and stay near otherwise. */
  source?: string
  /** The only colours there are. */
  palette?: readonly Rgb[]
  /** In black alone. */
  mono?: boolean
  /** The colour of the paper; white when absent. */
  paper?: Rgb
}

/** A request for a drawing of a photo. */
export type PhotoRequest = DrawRequest & Required<Pick<DrawRequest, 'photo'>>
/** A request for a drawing of a sentence alone. */
export type SentenceRequest = DrawRequest & Required<Pick<DrawRequest, 'text'>> & { strokes?: number }

export function isOfPhoto(request: DrawRequest): request is PhotoRequest {
  return request.photo !== undefined
}

export function isOfSentence(request: DrawRequest): request is SentenceRequest {
  return request.photo === undefined && request.text !== undefined
}

/** One moment of a drawing. */
export interface Frame {
  step: number
  /** The step at which this seed's drawing is done. */
  steps: number
  /** On the last frame the best strokes found, the most important first. */
  strokes: Strokes
  loss: number
  terms: Record<string, number>
  encoder: string
  device: string
  precision: Precision
  seed: number
  /** How many tries there are, and the steps that they have all taken and will take at most. */
  seeds: number
  way: { taken: number; total: number }
  /** The random views of this step. */
  views: readonly View[]
  /** All that it takes to go on from here. */
  tries: readonly Try<Strokes>[]
  /** Milliseconds so far, by what they were spent on. */
  times: Readonly<Record<string, number>>
  /** The photo's rectangle on the canvas. */
  frame: Rectangle
  warnings: string[]
  /** Those of them that are about this photo alone, whoever draws it. */
  hints?: readonly string[]
  /** On the last frame: what each stroke adds to those before it. */
  importance?: Float32Array
  /** On the last frame: which stroke of the frames before it each one is. */
  order?: number[]
  /** The drawing is complete. A last frame without it is of a drawing that was stopped. */
  done: boolean
}

const ORDERS: readonly Order[] = ['importance', 'grow']

/** Throws a FewlineError of kind `call` for numbers that no drawing can be made with. */
export function checkRequest(request: DrawRequest): void {
  if (request.strokes !== 'auto') checkWhole(request.strokes, 'strokes', 1, 512)
  checkWhole(request.iterations, 'iterations', 0, 1_000_000)
  checkWhole(request.seeds, 'seeds', 1, 1000)
  checkWhole(request.seed, 'seed', 0, 2 ** 31 - 1)
  checkWhole(request.thing, 'things before it', 0, 1_000_000)
  checkWhole(request.frameEvery, 'steps to a frame', 1, 1_000_000)
  const {
    width,
    preset,
    from,
    strokes,
    textWeight,
    background,
    emphasis,
    text,
    words,
    detail,
    order,
    behind,
    fidelity,
  } = request
  if (background !== undefined && !BACKGROUNDS.includes(background)) {
    throw wrong(`a background (${BACKGROUNDS.join(', ')})`, `"${background as string}" is none`)
  }
  if (
    emphasis &&
    !(emphasis.data.length === CANVAS ** 2 && emphasis.data.every((value) => value >= -1 && value <= 1))
  ) {
    throw wrong(`an emphasis of ${CANVAS} × ${CANVAS} numbers from -1 to 1`, 'it is none')
  }
  if (detail !== undefined && !(detail >= 0 && detail <= 1)) throw wrong('a detail from 0 to 1', `it is ${detail}`)
  if (fidelity !== undefined && !(fidelity >= 0 && fidelity <= 1)) {
    throw wrong('a fidelity from 0 to 1', `it is ${fidelity}`)
  }
  if (behind !== 'auto') checkWhole(behind, 'strokes behind the subject', 0, 512)
  if (behind !== undefined && behind !== 0) {
    if (from) throw wrong('strokes behind the subject of a photo', 'there are strokes to go on from')
    if (order === 'grow') throw wrong('an order of strokes in front and behind', 'they are to grow')
    if (!isOfPhoto(request)) throw wrong('a photo with something behind its subject', 'there is none')
  }
  if (order !== undefined && !ORDERS.includes(order)) {
    throw wrong(`an order (${ORDERS.join(', ')})`, `"${order}" is none`)
  }
  if (!isOfPhoto(request) && !isOfSentence(request)) throw wrong('a photo or a sentence to draw', 'there is neither')
  if (!isOfPhoto(request) && strokes === 'auto') throw wrong('a number of strokes for a sentence', 'it is auto')
  if (text !== undefined && text.trim() === '') throw wrong('a sentence to draw', 'it is empty')
  if (words?.styleWeight !== undefined && !(words.styleWeight >= 0 && words.styleWeight <= 1e6)) {
    throw wrong('a weight of the style from 0 to 1000000', `it is ${words.styleWeight}`)
  }
  if (words?.source?.trim() === '') throw wrong('a source that says what the drawing is of', 'it is empty')
  if (words?.source !== undefined && !from && words.start === undefined) {
    throw wrong('strokes to move away from a source', 'there are none')
  }
  if (width !== undefined && !(width >= 0.1 && width <= 64)) {
    throw wrong('a stroke width from 0.1 to 64 units', `it is ${width}`)
  }
  if (textWeight !== undefined && !(textWeight >= 0 && textWeight <= 1e6)) {
    throw wrong('a weight of the text from 0 to 1000000', `it is ${textWeight}`)
  }
  if (preset !== undefined && !Object.hasOwn(PRESETS, preset)) {
    throw wrong(`a preset (${Object.keys(PRESETS).join(', ')})`, `"${preset}" is none`)
  }
  if (from && strokes !== undefined && strokes !== 'auto' && strokes !== from.widths.length) {
    throw wrong(`${strokes} strokes to go on from`, `there are ${from.widths.length}`)
  }
  const outside = request.locked?.find((i) => !(from && Number.isInteger(i) && i >= 0 && i < from.widths.length))
  if (outside !== undefined) throw wrong('locked strokes among those to go on from', `there is no stroke ${outside}`)
}

/** Throws a FewlineError of kind `call` unless a value is absent, or a whole number in this range. */
export function checkWhole(value: number | undefined, name: string, least: number, most: number): void {
  if (value === undefined || (Number.isInteger(value) && value >= least && value <= most)) return
  throw wrong(`a whole number of ${name} from ${least} to ${most}`, `it is ${value}`)
}

export function wrong(expected: string, came: string): FewlineError {
  return new FewlineError({ kind: 'call', expected, came, todo: 'choose another value' })
}
