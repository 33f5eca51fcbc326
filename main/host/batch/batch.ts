import { createHash } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { Pace } from '../../../src/batch/pace.ts'
import type { DrawRequest } from '../../../src/index.ts'
import {
  type Batch as Told,
  type BatchChange,
  type ExportOptions,
  MOST_PHOTOS,
  type Problem,
  type Settings,
} from '../../api.ts'
import type { Engine } from '../../engine/engine.ts'
import type { EngineProcess } from '../../engine/protocol.ts'
import type { Sketch } from '../../engine/sketch.ts'
import type { Document } from '../document.ts'
import type { Incoming } from '../incoming.ts'
import { problemOf, refuse } from '../problems.ts'
import { bestCrew, drawRows } from './crew.ts'
import type { Job, Outcome } from './drawer.ts'
import { jobFor, photoOf } from './jobs.ts'
import { createKeeper, type Head } from './keeper.ts'
import { type Entry, moved, newId, settingsOf, shownRow, waiting } from './queue.ts'
import { createScout } from './scout.ts'
import { type Store, unkept } from './store.ts'

/** What it takes of the host. */
export interface BatchParts {
  store: Store
  engine: Pick<Engine, 'work'>
  startEngine(threads: number): EngineProcess
  requestFor(document: Document): DrawRequest
  /** Where the results go, when whoever started Fewline has said so. */
  results?: string | undefined
  /** What photos are drawn with until something else is chosen. */
  settings(): Settings
  changed(change: BatchChange): void
  /** What its user should know of how it is drawn. */
  noted(text: string): void
  /** It has ended for a reason that its user should know. */
  failed(problem: Problem): void
}

/** A row with all that belongs to it. */
export interface Looked {
  entry: Entry
  settings: Settings
  /** Undefined when it is gone. */
  photo: Uint8Array | undefined
  /** Undefined when it is not drawn. */
  sketch: Sketch | undefined
}

/** Many photos: a queue that outlives Fewline, and the processes that draw it. */
export interface Batch {
  /** As a window needs it that knows nothing. */
  told(): Told
  /** Photos by path, or as they came. How many are new, and how many were there already. */
  add(photos: readonly (string | Incoming)[]): { added: number; known: number }
  /** Rejects when the results can't be written. */
  start(): Promise<void>
  stop(): void
  /** Starts where an earlier session was interrupted. */
  goOn(): void
  retry(ids: readonly string[]): void
  /** So many places further down, as far as there are some. */
  move(id: string, by: number): void
  /** All but those that are being drawn. */
  remove(ids: readonly string[]): void
  set(settings: Partial<Settings> | null, ids?: readonly string[]): void
  output(output: ExportOptions): void
  folder(path: string): void
  /** Rejects when there is no such row. */
  look(id: string): Promise<Looked>
  /** The document that a row was opened as. */
  opened(id: string, document: string): void
  /** The names of the results in the folder of the store. */
  files(): string[]
  close(): void
}

export function openBatch({ store, engine, ...parts }: BatchParts): Batch {
  /** Ends the processes that draw, while there are some. */
  let stop: AbortController | undefined
  let atOnce: number | undefined
  let pace = new Pace()
  /** Drawers that have nothing to do until there is something, or nobody else draws. */
  let idle: (() => void)[] = []
  let closed = false
  const keeper = createKeeper(store, parts.settings(), {
    head,
    tell: parts.changed,
    failed: (error) => halt(problemOf(error)),
  })
  const { find, inPhase } = keeper
  /** While nothing is drawn: then whoever draws a photo tells of it. */
  const scout = createScout({
    ...parts,
    next: () => (stop ? undefined : inPhase('waiting').find(({ hints }) => !hints)),
    photo: (entry) => photoOf(entry, store),
    seen,
  })
  /** The folder of the user's for results. */
  const chosen = (): string | undefined => parts.results ?? keeper.queue.folder
  const folder = (): string => chosen() ?? store.results

  function head(): Head {
    const { settings, output } = keeper.queue
    const total = pace.ended + inPhase('waiting').length + inPhase('drawing').length
    const secondsLeft = stop && pace.left(total)
    const fixed = parts.results !== undefined
    return { going: stop !== undefined, settings, output, folder: chosen(), fixed, atOnce, secondsLeft }
  }

  /** Changes rows, of which some may be to be drawn now. */
  function changeRows(ids: readonly string[], next: (row: Entry) => Entry): void {
    keeper.changeRows(ids, next)
    wake()
  }
  function seen(id: string, hints: string[]): void {
    const row = find(id)
    if (row && !row.hints) keeper.changeRows([id], (row) => ({ ...row, hints }))
  }
  function wake(): void {
    scout.soon()
    const all = idle
    idle = []
    for (const each of all) each()
  }

  /** What a drawer is to do next: it waits as long as others still draw, for what may be added meanwhile. */
  async function next(): Promise<Job | undefined> {
    while (stop && !stop.signal.aborted) {
      const [entry] = inPhase('waiting')
      if (entry) return begin(entry)
      if (inPhase('drawing').length === 0) break
      await new Promise<void>((resolve) => idle.push(resolve))
    }
    return undefined
  }

  function begin(entry: Entry): Job {
    keeper.changeRows([entry.id], (row) => ({ ...row, phase: 'drawing', share: 0, begun: row.begun + 1 }))
    return jobFor(entry, keeper, store, chosen())
  }

  function ended({ id }: Job, outcome: Outcome): void {
    if (closed) return
    if ('stopped' in outcome) {
      pace.drop(id)
      changeRows([id], (row) => ({ ...waiting(row), begun: 0 }))
      return
    }
    pace.end(id)
    const over = { share: undefined, begun: 0 }
    if ('problem' in outcome) {
      const { problem } = outcome
      changeRows([id], (row) => ({ ...row, ...over, phase: 'failed', problem }))
      // What can't be written for one can't be for the others: they wait until there is a place for them.
      if (problem.kind === 'output') halt(problem)
    } else changeRows([id], (row) => ({ ...row, ...over, phase: 'done', strokes: outcome.strokes }))
  }

  function halt(problem: Problem): void {
    if (!stop || stop.signal.aborted || closed) return
    parts.failed(problem)
    end()
  }
  function end(): void {
    stop?.abort()
    wake()
  }

  async function start(): Promise<void> {
    if (stop) return
    const mine = (stop = new AbortController())
    try {
      if (chosen() === undefined) mkdirSync(store.results, { recursive: true, mode: 0o700 })
      await engine.work('checkFolder', { folder: folder() })
      // Those that could not be written have their place now.
      const unwritten = inPhase('failed').filter(({ problem }) => problem?.kind === 'output')
      keeper.changeRows(
        unwritten.map(({ id }) => id),
        waiting,
      )
      const { count, note } = await bestCrew(
        engine,
        inPhase('waiting').map((row) => settingsOf(keeper.queue, row)),
      )
      atOnce = count
      if (note !== undefined) parts.noted(note)
    } catch (error) {
      stop = undefined
      throw error
    }
    pace = new Pace()
    keeper.change({ going: true })
    void draw(mine, atOnce)
  }

  async function draw(mine: AbortController, width: number): Promise<void> {
    const share = (id: string, share: number): void => {
      pace.way(id, share)
      keeper.share(id, share)
    }
    await drawRows(width, { ...parts, next, share, hints: seen, ended }, mine.signal)
    stop = undefined
    atOnce = undefined
    if (closed) return
    keeper.change({ going: false })
    scout.soon()
  }

  return {
    told: () => ({ ...head(), rows: keeper.queue.rows.map(shownRow) }),
    add(photos) {
      const { rows } = keeper.queue
      const known = new Set(rows.flatMap((row) => [row.path ?? row.hash, resultOf(row)]))
      const fresh = photos.map(entryOf).filter(({ entry: { path, hash } }) => {
        const before = known.size
        return known.add(path ?? hash).size > before
      })
      if (rows.length + fresh.length > MOST_PHOTOS) {
        throw refuse(`at most ${MOST_PHOTOS} photos`, 'these are more', 'remove some that are done')
      }
      const entries = fresh.map(({ entry }) => entry)
      try {
        for (const { entry, bytes } of fresh) if (bytes) store.keep(entry.id, 'photo', bytes)
      } catch (error) {
        for (const entry of entries) store.forget(entry)
        throw unkept(error)
      }
      const first = rows.length === 0 && { settings: parts.settings() }
      keeper.change({ ...first, rows: [...rows, ...entries] }, entries)
      wake()
      return { added: fresh.length, known: photos.length - fresh.length }
    },
    start,
    stop: end,
    goOn() {
      if (keeper.queue.going) start().catch((error: unknown) => parts.failed(problemOf(error)))
      else scout.soon()
    },
    retry(ids) {
      const again = new Set(ids.filter((id) => find(id)?.phase !== 'drawing'))
      for (const id of again) if (find(id)?.phase === 'done') store.forgetSketch(id)
      changeRows([...again], (row) => ({ ...waiting(row), begun: 0, hints: undefined }))
    },
    move: (id, by) => keeper.change({ rows: moved(keeper.queue.rows, id, by) }),
    remove(ids) {
      const which = new Set(ids)
      const gone = new Set(keeper.queue.rows.filter(({ id, phase }) => which.has(id) && phase !== 'drawing'))
      keeper.change({ rows: keeper.queue.rows.filter((row) => !gone.has(row)) })
      for (const entry of gone) store.forget(entry)
    },
    set(settings, ids) {
      const own = (row: Entry) => (settings === null ? undefined : { ...row.own, ...settings })
      if (ids) keeper.changeRows(ids, (row) => ({ ...row, own: own(row) }))
      else keeper.change({ settings: { ...keeper.queue.settings, ...settings } })
    },
    output: (output) => keeper.change({ output }),
    folder: (path) => keeper.change({ folder: path }),
    async look(id) {
      const entry = find(id)
      if (!entry) throw refuse('a photo of the batch', 'it is not there any more', 'choose another')
      const photo = await photoOf(entry, store).catch(() => undefined)
      return { entry, settings: settingsOf(keeper.queue, entry), photo, sketch: store.sketch(id) }
    },
    opened: (id, document) => keeper.changeRows([id], (row) => ({ ...row, document })),
    files: () => inPhase('done').flatMap((row) => (row.folder === undefined ? (row.file ?? []) : [])),
    close() {
      closed = true
      scout.close()
      keeper.close()
      end()
    },
  }
}

/** Where its drawing lies, if that is where its photo might lie as well. */
function resultOf({ folder, file }: Entry): string | undefined {
  return folder !== undefined && file !== undefined ? join(folder, file) : undefined
}

/** A row of a photo, with its bytes where it has no path. */
function entryOf(photo: string | Incoming): { entry: Entry; bytes?: Uint8Array } {
  const fresh = { id: newId(), phase: 'waiting', begun: 0 } as const
  if (typeof photo === 'string') return { entry: { ...fresh, name: basename(photo), path: photo } }
  const { name, bytes } = photo
  const hash = createHash('sha256').update(name).update('\0').update(bytes).digest('hex')
  return { entry: { ...fresh, name, hash }, bytes }
}
