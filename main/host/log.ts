import type { Drawing, Frame, Moment, SeedResult } from '../api.ts'
import { createHistory, createSeeds } from './history.ts'

/** What is kept of a run as its frames come. */
export interface Log {
  readonly moments: readonly Moment[]
  readonly seeds: SeedResult[]
  /** Strokes as they stand; undefined before the first frame. */
  readonly drawing: Drawing | undefined
  readonly last: Frame | undefined
  note(frame: Frame): void
}

/** What is known of the strokes of the first frames. */
export type Marks = Partial<Pick<Drawing, 'locked' | 'painted'>>

export function createLog(marks: Marks = {}): Log {
  const history = createHistory()
  const seeds = createSeeds()
  let last: Frame | undefined
  return {
    get moments() {
      return history.moments
    },
    get seeds() {
      return seeds.results()
    },
    get drawing() {
      return last && drawingOf(last, marks)
    },
    get last() {
      return last
    },
    note(frame) {
      last = frame
      const moment = momentOf(frame)
      seeds.note(moment)
      history.note(moment, frame.order !== undefined)
    },
  }
}

/** Its arrays stay where they are in the message that brought them. */
function momentOf({ step, seed, loss, terms, strokes }: Frame): Moment {
  return { step, seed, loss, terms, strokes }
}

/** The drawing that a frame shows, with its locked strokes where the frame has put them. */
function drawingOf({ strokes, order, importance }: Frame, { locked = [], painted }: Marks): Drawing {
  const now = order ? locked.map((stroke) => order.indexOf(stroke)) : [...locked]
  return { strokes, locked: now, ...(importance && { importance }), ...(painted && { painted }) }
}
