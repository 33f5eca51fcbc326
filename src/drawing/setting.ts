import type { ImageEncoder } from '../encoder/encoder.ts'
import type { Frame as Rectangle } from '../photo/photo.ts'
import type { Stopwatch } from '../stopwatch.ts'
import type { Strokes } from '../strokes/strokes.ts'
import type { Moment, Task } from './descent.ts'

/** A drawing about to be made, from a photo or from a sentence. */
export interface Setting {
  encoder: ImageEncoder
  task: Task<Strokes>
  /** The part of the canvas that the drawing is of, in canvas units. */
  frame: Rectangle
  /** What its owner should know about how it is made, in plain sentences. */
  notes: readonly string[]
  /** Those of them that are about the photo. */
  hints?: readonly string[]
  watch: Stopwatch
  /**
   * A second look at a drawing that is done, and what it has to say; undefined where the drawing stays as it is, or
   * `signal` aborts. `stages` is for `orderOf`.
   */
  revised?(done: Moment<Strokes>, signal?: AbortSignal): Promise<Revision | undefined>
  /** The order in which the strokes that came out are handed over, and what each adds to those before it, where that is known. */
  orderOf(strokes: Strokes, stages?: readonly number[]): { order: number[]; gains?: Float32Array }
}

/** What becomes of a drawing by a second look. */
export interface Revision extends Pick<Moment<Strokes>, 'work' | 'loss' | 'terms'> {
  stages: readonly number[]
  note: string
}
