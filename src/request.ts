import type { Device } from './encoder/encoder.ts'
import { FewlineError } from './errors.ts'
import type { Frame as Rectangle } from './photo/photo.ts'
import type { Strokes } from './strokes/strokes.ts'

export interface DrawRequest {
  /** A picture file, or its bytes. */
  photo: string | Uint8Array
  /** How many, 1–512; 16 when absent, or as many as `from` has. */
  strokes?: number
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
  /** What to draw: `auto` finds the subject, `none` draws everything, else a picture file, white where the subject is. */
  mask?: string
  /** Where strokes begin: along the photo's lines, or as scribbles where lines are likely (the paper's way). */
  placement?: 'traced' | 'sampled'
  device?: Device
  threads?: number
  /** Strokes to go on from, instead of a first placement. */
  from?: Strokes
  /** Which of `from`'s strokes stay as they are. */
  locked?: number[]
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
  seed: number
  seeds: number
  /** The photo's rectangle on the canvas. */
  frame: Rectangle
  warnings: string[]
  /** On the last frame: what each stroke adds to those before it. */
  importance?: Float32Array
  /** The drawing is complete. A last frame without it is of a drawing that was stopped. */
  done: boolean
}

/** Iterations, and what they cost for 16 strokes on two CPU cores with the built-in encoder. */
export const PRESETS = {
  /** A quarter of a second. */
  fast: { iterations: 40 },
  /** About a second. */
  standard: { iterations: 150 },
} as const
export type Preset = keyof typeof PRESETS

/** Throws a FewlineError of kind `call` for numbers that no drawing can be made with. */
export function checkRequest(request: DrawRequest): void {
  checkWhole(request.strokes, 'strokes', 1, 512)
  checkWhole(request.iterations, 'iterations', 0, 1_000_000)
  checkWhole(request.seeds, 'seeds', 1, 1000)
  checkWhole(request.seed, 'seed', 0, 2 ** 31 - 1)
  const { width, preset, from, strokes } = request
  if (width !== undefined && !(width >= 0.1 && width <= 64)) {
    throw wrong('a stroke width from 0.1 to 64 units', `it is ${width}`)
  }
  if (preset !== undefined && !Object.hasOwn(PRESETS, preset)) {
    throw wrong(`a preset (${Object.keys(PRESETS).join(', ')})`, `"${preset}" is none`)
  }
  if (from && strokes !== undefined && strokes !== from.widths.length) {
    throw wrong(`${strokes} strokes to go on from`, `there are ${from.widths.length}`)
  }
  const outside = request.locked?.find((i) => !(from && Number.isInteger(i) && i >= 0 && i < from.widths.length))
  if (outside !== undefined) throw wrong('locked strokes among those to go on from', `there is no stroke ${outside}`)
}

function checkWhole(value: number | undefined, name: string, least: number, most: number): void {
  if (value === undefined || (Number.isInteger(value) && value >= least && value <= most)) return
  throw wrong(`a whole number of ${name} from ${least} to ${most}`, `it is ${value}`)
}

function wrong(expected: string, came: string): FewlineError {
  return new FewlineError({ kind: 'call', expected, came, todo: 'choose another value' })
}
