import type { BatchChange, Settings } from '../../api.ts'
import { type Entry, type Queue, shownRow, waiting } from './queue.ts'
import { type Store, unkept } from './store.ts'

/** Windows are told of changes at most this often, in milliseconds. */
const TELL_EVERY = 100

/** What holds for the batch besides its rows, as windows are told. */
export type Head = Omit<BatchChange, 'rows' | 'order'>

/** The queue: whatever changes in it is on the disk at once, and soon told. */
export interface Keeper {
  readonly queue: Queue
  find(id: string): Entry | undefined
  inPhase(phase: Entry['phase']): Entry[]
  /** `rows`: those that are new. */
  change(next: Partial<Queue>, rows?: readonly Entry[]): void
  changeRows(ids: readonly string[], next: (row: Entry) => Entry): void
  /** How much of a row is drawn: told, and not worth to be kept. */
  share(id: string, share: number): void
  /** Keeps all as it is to be found again, and tells nothing more. */
  close(): void
}

/** `failed` hears why something could not be kept; `tell` is given what has changed. */
export function createKeeper(
  store: Store,
  settings: Settings,
  { head, tell, failed }: { head(): Head; tell(change: BatchChange): void; failed(error: unknown): void },
): Keeper {
  let queue = store.open(settings)
  const untold = new Set<string>()
  let isOrderUntold = false
  let timer: NodeJS.Timeout | undefined
  let closed = false

  function tellSoon(ids: Iterable<string>, order: boolean): void {
    for (const id of ids) untold.add(id)
    isOrderUntold ||= order
    if (!closed) timer ??= setTimeout(tellNow, TELL_EVERY).unref()
  }
  function tellNow(): void {
    timer = undefined
    const rows = queue.rows.filter(({ id }) => untold.has(id)).map(shownRow)
    const order = isOrderUntold && { order: queue.rows.map(({ id }) => id) }
    untold.clear()
    isOrderUntold = false
    tell({ ...head(), rows, ...order })
  }
  function keep(): void {
    try {
      store.write(queue)
    } catch (error) {
      failed(unkept(error))
    }
  }
  return {
    get queue() {
      return queue
    },
    find: (id) => queue.rows.find((row) => row.id === id),
    inPhase: (phase) => queue.rows.filter((row) => row.phase === phase),
    change(next, rows = []) {
      queue = { ...queue, ...next }
      keep()
      tellSoon(
        rows.map(({ id }) => id),
        next.rows !== undefined,
      )
    },
    changeRows(ids, next) {
      const which = new Set(ids)
      queue = { ...queue, rows: queue.rows.map((row) => (which.has(row.id) ? next(row) : row)) }
      keep()
      tellSoon(ids, false)
    },
    share(id, share) {
      queue = { ...queue, rows: queue.rows.map((row) => (row.id === id ? { ...row, share } : row)) }
      tellSoon([id], false)
    },
    close() {
      closed = true
      clearTimeout(timer)
      const rest = (row: Entry): Entry => (row.phase === 'drawing' ? { ...waiting(row), begun: 0 } : row)
      queue = { ...queue, rows: queue.rows.map(rest) }
      keep()
    },
  }
}
