import type { ImageEncoder } from '../encoder/encoder.ts'
import type { Frame as Rectangle } from '../photo/photo.ts'
import type { Stopwatch } from '../stopwatch.ts'
import type { Strokes } from '../strokes/strokes.ts'
import type { Task } from './descent.ts'

/** A drawing about to be made, from a photo or from a sentence. */
export interface Setting {
  encoder: ImageEncoder
  task: Task<Strokes>
  /** The part of the canvas that the drawing is of, in canvas units. */
  frame: Rectangle
  /** What its owner should know about how it is made, in plain sentences. */
  notes: readonly string[]
  watch: Stopwatch
  /** The order in which the strokes that came out are handed over, and what each adds to those before it, where that is known. */
  orderOf(strokes: Strokes): { order: number[]; gains?: Float32Array }
}
