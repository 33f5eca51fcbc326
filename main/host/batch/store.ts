import { mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { writeWhole } from '../../../src/temporary.ts'
import { batchRow } from '../../api/batch.ts'
import { drawing, moment, seedResult } from '../../api/drawing.ts'
import { exportOptions } from '../../api/exports.ts'
import { rectangle } from '../../api/values.ts'
import { decode, encode, type Settings, StudioError } from '../../api.ts'
import type { Sketch } from '../../engine/sketch.ts'
import { listed, ownFolder, takeLeft } from '../own-folder.ts'
import { refuse } from '../problems.ts'
import { soundSettings } from '../settings.ts'
import { type Entry, type Queue, resumed } from './queue.ts'

const entry = batchRow.extend({
  path: z.string().optional(),
  hash: z.string().optional(),
  folder: z.string().optional(),
  begun: z.int().min(0).default(0),
  document: z.string().optional(),
})
/** Looked at part by part: one that is not understood does not cost the others. */
const stored = z.object({
  going: z.boolean().catch(false),
  settings: z.record(z.string(), z.unknown()).catch({}),
  output: exportOptions.catch({ format: 'svg' }),
  folder: z.string().optional().catch(undefined),
  rows: z.array(z.unknown()).catch([]),
})
const sketch = z.object({
  drawing,
  frame: rectangle,
  moments: z.array(moment),
  seeds: z.array(seedResult),
})

type Kind = 'photo' | 'sketch' | 'picture'
const KINDS: readonly Kind[] = ['photo', 'sketch', 'picture']
const QUEUE = 'queue.json'

/** Keeps the batch, in a folder that this process has to itself: what it says is on the disk when a function returns. */
export interface Store {
  /** The folder for results that have no other. */
  readonly results: string
  /** What was kept, with what processes that are no more have left behind. */
  open(settings: Settings): Queue
  write(queue: Queue): void
  /** The copy of a photo, or a small picture of it. */
  keep(id: string, kind: 'photo' | 'picture', bytes: Uint8Array): void
  read(id: string, kind: 'photo' | 'picture'): Uint8Array<ArrayBuffer> | undefined
  keepSketch(id: string, sketch: Sketch): void
  /** Undefined when it is not drawn yet, or can't be read. */
  sketch(id: string): Sketch | undefined
  /** It is to be drawn anew. */
  forgetSketch(id: string): void
  /** Nothing of it is needed any more. */
  forget(entry: Entry): void
}

export function openStore(folder: string): Store {
  const own = ownFolder(folder)
  const results = join(own, 'results')
  const place = (id: string, kind: Kind): string => join(own, `${id}.${kind}`)

  return {
    results,
    open(settings) {
      const left = takeLeft(folder)
      const queues = [own, ...left].map((from) => readQueue(from, settings))
      for (const from of left) moveAll(from, own)
      const known = new Map(queues.flatMap(({ rows }) => rows.map((row) => [row.id, row])))
      const [first = queues[0]!] = queues.filter(({ rows }) => rows.length > 0)
      const queue = { ...first, rows: [...known.values()] }
      if (left.length > 0) writeQueue(own, queue)
      // Only now: until then it can be taken over again.
      for (const from of left) rmSync(from, { recursive: true, force: true })
      return resumed(queue)
    },
    write: (queue) => writeQueue(own, queue),
    keep: (id, kind, bytes) => writeWhole(place(id, kind), bytes, 0o600),
    read(id, kind) {
      try {
        return new Uint8Array(readFileSync(place(id, kind)))
      } catch {
        return undefined
      }
    },
    keepSketch: (id, made) => writeWhole(place(id, 'sketch'), encode(made), 0o600),
    sketch(id) {
      try {
        return sketch.parse(decode(readFileSync(place(id, 'sketch'))))
      } catch {
        return undefined
      }
    },
    forgetSketch: (id) => rmSync(place(id, 'sketch'), { force: true }),
    forget({ id, file, folder: elsewhere }) {
      for (const kind of KINDS) rmSync(place(id, kind), { force: true })
      if (file !== undefined && elsewhere === undefined) rmSync(join(results, file), { force: true })
    },
  }
}

/** Why something could not be kept. */
export function unkept(error: unknown): StudioError {
  if (error instanceof StudioError) return error
  const { code = 'an unknown error' } = error as NodeJS.ErrnoException
  const came = code === 'ENOSPC' || code === 'EDQUOT' ? 'the disk is full' : `the system reported ${code}`
  return refuse("to keep the batch in Fewline's folder", came, 'free some space, and start the batch again', 'output')
}

function readQueue(folder: string, settings: Settings): Queue {
  const { rows, settings: kept, ...rest } = parse(folder)
  return {
    ...rest,
    settings: soundSettings(kept, settings),
    rows: rows.flatMap((row) => entry.safeParse(row).data ?? []),
  }
}

/** Moves the files that another process has kept. A result whose name is taken here is made again when it is asked for. */
function moveAll(from: string, to: string): void {
  for (const inner of ['', 'results']) {
    mkdirSync(join(to, inner), { recursive: true, mode: 0o700 })
    const taken = new Set(listed(join(to, inner)))
    const files = listed(join(from, inner)).filter((name) => name !== QUEUE && name !== 'results' && !taken.has(name))
    for (const name of files) renameSync(join(from, inner, name), join(to, inner, name))
  }
}

function parse(folder: string): z.infer<typeof stored> {
  try {
    return stored.parse(JSON.parse(readFileSync(join(folder, QUEUE), 'utf8')))
  } catch {
    return stored.parse({})
  }
}

function writeQueue(folder: string, queue: Queue): void {
  writeWhole(join(folder, QUEUE), JSON.stringify(queue), 0o600)
}
