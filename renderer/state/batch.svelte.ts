import type {
  Batch,
  BatchChange,
  BatchPicture,
  BatchRow,
  Door,
  ExportOptions,
  Settings,
  Source,
} from '../../main/api.ts'
import { DEFAULT_SETTINGS } from '../../main/api.ts'
import type { Ask } from './offers.svelte.ts'
import { unhurried } from './pace.ts'

/** Settings follow a slider at most this often, in milliseconds. */
const PAUSE = 150

type Head = Omit<Batch, 'rows'>

const NOTHING: Head = { going: false, settings: DEFAULT_SETTINGS, output: { format: 'svg' }, fixed: false }

/** Many photos, as the host has them: it tells what changes, to every window. */
export function createBatch(door: Door, ask: Ask) {
  let head = $state.raw<Head>(NOTHING)
  let known = $state.raw<ReadonlyMap<string, BatchRow>>(new Map())
  let order = $state.raw<readonly string[]>([])
  /** It is shown in place of the page. */
  let shown = $state(false)
  let chosen = $state<string | undefined>()
  /** How far it is that photos are handed to the host. */
  let adding = $state.raw<{ done: number; total: number } | undefined>()
  /** What was changed here and is not yet sent: of all photos, or of that row. */
  let pending = $state.raw<{ id: string | undefined; settings: Partial<Settings> } | undefined>()
  const pictures = new Map<string, Promise<BatchPicture | undefined>>()

  const rows = $derived(order.flatMap((id) => known.get(id) ?? []))
  const row = $derived(chosen === undefined ? undefined : known.get(chosen))
  const settings = $derived({
    ...head.settings,
    ...(pending?.id === undefined && pending?.settings),
    ...row?.own,
    ...(pending?.id !== undefined && pending.id === chosen && pending.settings),
  })

  function take({ rows, order: next, ...rest }: BatchChange): void {
    head = rest
    if (rows.length > 0) known = new Map([...known, ...rows.map((each) => [each.id, each] as const)])
    if (!next) return
    order = next
    const left = new Set(next)
    known = new Map([...known].filter(([id]) => left.has(id)))
    if (chosen !== undefined && !left.has(chosen)) chosen = undefined
  }
  door.on('batch', take)

  const changes = unhurried(async () => {
    if (!pending) return
    const { id, settings } = pending
    await ask('batchSet', { settings, ...(id !== undefined && { ids: [id] }) })
    // What it has become is told by then, or soon.
    if (pending.settings === settings) pending = undefined
  }, PAUSE)

  const inPhase = (phase: BatchRow['phase']): BatchRow[] => rows.filter((each) => each.phase === phase)

  return {
    get rows() {
      return rows
    },
    /** The row chosen. */
    get row() {
      return row
    },
    get going() {
      return head.going
    },
    get folder() {
      return head.folder
    },
    /** The folder was named when Fewline was started. */
    get fixed() {
      return head.fixed
    },
    get output() {
      return head.output
    },
    get atOnce() {
      return head.atOnce
    },
    get secondsLeft() {
      return head.secondsLeft
    },
    get shown() {
      return shown
    },
    set shown(next: boolean) {
      shown = next
    },
    get adding() {
      return adding
    },
    /** What the row chosen is drawn with, or all without one. */
    get settings() {
      return settings
    },
    /** What all are drawn with that have no settings of their own. */
    get shared() {
      return head.settings
    },
    inPhase,
    choose: (id: string | undefined) => {
      void changes.now()
      chosen = id
    },
    change(next: Partial<Settings>) {
      const id = row?.id
      if (pending && pending.id !== id) void changes.now()
      pending = { id, settings: { ...(pending?.id === id && pending?.settings), ...next } }
      changes.soon()
    },
    /** The row chosen is drawn like the others again. */
    likeOthers: () => void (row && ask('batchSet', { settings: null, ids: [row.id] })),
    changeOutput: (output: ExportOptions) => void ask('batchOutput', { output }),
    chooseFolder: async () => (await ask('batchFolder', {}))?.chosen ?? false,
    /** Hands photos to the host, one after another. How many were there already. */
    async add(sources: readonly (() => Promise<Source>)[]): Promise<number> {
      shown = true
      let before = 0
      for (const [done, source] of sources.entries()) {
        adding = { done, total: sources.length }
        before += (await ask('batchAdd', { source: await source() }))?.known ?? 0
      }
      adding = undefined
      return before
    },
    async start() {
      await changes.now()
      await ask('batchStart', {})
    },
    stop: () => void ask('batchStop', {}),
    retry: (all: readonly BatchRow[]) => void ask('batchRetry', { ids: all.map(({ id }) => id) }),
    remove: (all: readonly BatchRow[]) => void ask('batchRemove', { ids: all.map(({ id }) => id) }),
    /** So many places further down. */
    move: ({ id }: BatchRow, by: number) => void ask('batchMove', { id, by }),
    save: () => ask('batchSave', {}),
    /** How a row looks; asked for once for each state that it is in. */
    pictureOf({ id, phase, strokes }: BatchRow): Promise<BatchPicture | undefined> {
      const key = `${id} ${phase === 'done' ? (strokes ?? 0) : 'photo'}`
      const asked = pictures.get(key) ?? ask('batchPicture', { id })
      pictures.set(key, asked)
      return asked
    },
    /** At first, and whenever the connection is there again. */
    async begin() {
      const reply = await ask('batch', {})
      if (!reply) return
      const { rows, ...rest } = reply.batch
      take({ ...rest, rows, order: rows.map(({ id }) => id) })
      pictures.clear()
    },
  }
}
export type BatchState = ReturnType<typeof createBatch>
