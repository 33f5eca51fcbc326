import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { type Bytes, CANVAS, decode, type Editing, encode, type MadeEdit, MOST_EDITS, type ShownEdit } from '../api.ts'
import { bytes, floats, list } from '../api/values.ts'
import { madeEdit, shownEdit } from '../api/words.ts'
import type { Change, EditingItem, EditingOrder } from '../engine/editing.ts'
import { type Controls, type Engine, EngineError, STOPPED } from '../engine/engine.ts'
import { problemOf } from './problems.ts'

/** An edit of the photo with all that it takes to make the photo of it. */
export type Edit = MadeEdit & { change: Change }

/** The edits of a document's photo, oldest first, and which of them is shown. */
export interface Edits {
  made: readonly Edit[]
  shown: ShownEdit
}

export const NO_EDITS: Edits = { made: [], shown: { strength: 1 } }

/** Numbers of all groups of parameters together, and how many groups. */
const MOST_NUMBERS = 2 ** 23
const MOST_GROUPS = 256

/** Longer sides of a region are at most those of the canvas, or of a picture of it. */
const MOST_SIDE = 16 * CANVAS

const region = z
  .object({ data: bytes, width: z.int().min(1).max(MOST_SIDE), height: z.int().min(1).max(MOST_SIDE) })
  .refine(({ data, width, height }) => data.length === width * height)
const parameters = z
  .record(z.string().max(100), floats)
  .refine((groups) => Object.keys(groups).length <= MOST_GROUPS)
  .refine((groups) => Object.values(groups).reduce((sum, { length }) => sum + length, 0) <= MOST_NUMBERS)
const change = z.object({ mode: z.string().max(64), parameters, region: region.optional() })
const kept = z.object({ made: list(madeEdit.extend({ change }), MOST_EDITS), shown: shownEdit })

export function packEdits({ made, shown }: Edits): Bytes {
  return encode({ made, shown })
}

/** None when they can't be read: whoever made them. */
export function unpackEdits(packed: Uint8Array): Edits | undefined {
  try {
    return kept.parse(decode(packed))
  } catch {
    return undefined
  }
}

/** As a window is told of them. */
export const toldEdit = ({ id, text, mode, preview }: Edit): MadeEdit => ({ id, text, mode, preview })

/** What is shown of the photo; undefined when that is the photo itself. */
export function changeOf({ made }: Edits, { edit, strength }: ShownEdit): Change | undefined {
  return strength === 0 ? undefined : made.find(({ id }) => id === edit)?.change
}

/** With one more, which is shown. */
export function withEdit({ made }: Edits, edit: Edit): Edits {
  return { made: [...made, edit].slice(-MOST_EDITS), shown: { edit: edit.id, strength: 1 } }
}

/** An edit that is being made. */
export interface EditRun {
  readonly state: Editing
  /** It ends with the best so far. */
  stop(): void
  /** It ends, and nobody is told. */
  abandon(): void
}

/** Edits by the engine. When its process is lost, the edit is begun once more. */
export function startEdit(engine: Engine, order: EditingOrder, tell: (state: Editing, made?: Edit) => void): EditRun {
  let state: Editing = { phase: 'going', share: 0 }
  let losses = 0
  let stopping = false
  let controls: Controls = begin()

  function begin(): Controls {
    return engine.stream('edit', order, { item: hear, end, lost })
  }
  const isOver = (): boolean => state.phase !== 'going'
  function enter(next: Editing, made?: Edit): void {
    state = next
    tell(next, made)
  }
  function hear(item: EditingItem): void {
    if (isOver()) return
    if ('change' in item) finish(item)
    else {
      const { preview: before } = state
      const { preview, ...rest } = item
      enter({ phase: 'going', ...rest, ...(preview ? { preview: jpeg(preview) } : before && { preview: before }) })
    }
  }
  function finish({ change, preview, done, warnings }: Extract<EditingItem, { change: Change }>): void {
    const { text, mode = change.mode } = order
    const made: Edit = { id: randomUUID(), text, mode, preview: jpeg(preview), change }
    enter({ phase: done ? 'done' : 'stopped', share: 1, made: toldEdit(made), warnings }, made)
  }
  function end(error?: EngineError): void {
    if (isOver()) return
    enter(error ? { phase: 'failed', share: 0, problem: problemOf(error) } : { phase: 'stopped', share: 0 })
  }
  function lost(): void {
    if (isOver()) return
    if (stopping) end()
    else if (++losses > 1) end(new EngineError({ problem: STOPPED, details: "the engine's process was lost twice" }))
    else controls = begin()
  }

  return {
    get state() {
      return state
    },
    stop() {
      stopping = true
      controls.stop()
    },
    abandon() {
      state = { phase: 'stopped', share: 0 }
      controls.stop()
    },
  }
}

const jpeg = (preview: Uint8Array) => ({ type: 'image/jpeg' as const, bytes: preview as Bytes })
