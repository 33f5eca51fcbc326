import { randomBytes } from 'node:crypto'
import type { BatchRow, ExportOptions, Problem, Settings } from '../../api.ts'

/** A photo of the batch, with what windows need not know. */
export interface Entry extends BatchRow {
  /** Where its photo lies; without it, that is kept with the batch. */
  path?: string | undefined
  /** By what a photo without a path is known again. */
  hash?: string | undefined
  /** The folder that `file` lies in; without it, that of results that have no other. */
  folder?: string | undefined
  /** How often it was begun and came to no end. */
  begun: number
  /** The document that it was opened as. */
  document?: string | undefined
}

/** All that is known of the batch. */
export interface Queue {
  /** It is to go on when Fewline is started again. */
  going: boolean
  settings: Settings
  output: ExportOptions
  folder?: string | undefined
  rows: readonly Entry[]
}

/** How often a photo is begun that ends Fewline, or its engine, each time. */
const MOST_BEGUN = 3

const CLOSED: Problem = {
  kind: 'device',
  expected: 'the photo to be drawn',
  came: `Fewline was closed ${MOST_BEGUN} times before it was`,
  todo: 'draw it by itself, or try it again',
}

export const newId = (): string => randomBytes(6).toString('hex')

/** As a queue is when its process has gone: what was being drawn waits again, unless it is what ended the process. */
export function resumed(queue: Queue): Queue {
  const rows = queue.rows.map((row): Entry => {
    if (row.phase !== 'drawing') return row
    return row.begun < MOST_BEGUN ? waiting(row) : { ...row, phase: 'failed', share: undefined, problem: CLOSED }
  })
  return { ...queue, rows }
}

/** As a row is before it is drawn. */
export function waiting(row: Entry): Entry {
  return { ...row, phase: 'waiting', share: undefined, problem: undefined }
}

/** A row so many places further down, as far as there are some. The others stay as they are to each other. */
export function moved(rows: readonly Entry[], id: string, by: number): readonly Entry[] {
  const at = rows.findIndex((each) => each.id === id)
  const row = rows[at]
  if (!row) return rows
  const to = Math.max(0, at + by)
  const others = rows.filter((each) => each !== row)
  return [...others.slice(0, to), row, ...others.slice(to)]
}

/** What a row is drawn with. */
export function settingsOf({ settings }: Queue, { own }: Entry): Settings {
  return { ...settings, ...own }
}

/** The row as windows know it. */
export function shownRow({ id, name, phase, share, hints, problem, strokes, file, own }: Entry): BatchRow {
  return { id, name, phase, share, hints, problem, strokes, file, own }
}
