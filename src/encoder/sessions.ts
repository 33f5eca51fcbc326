import { FewlineError } from '../errors.ts'
import { openCached, type Cache } from '../onnx/cache.ts'
import type { Graph } from '../onnx/graph.ts'
import { openGraph, type Feed, type Session, type SessionOptions } from '../onnx/session.ts'
import type { Tensor } from '../tensor.ts'

/** Graphs that are made ready to run when they are first needed. */
export interface Sessions {
  /** Makes the graph called `key`, which `write` writes, ready beforehand. */
  open(key: string, write: () => Graph): Promise<void>
  /** Runs the graph called `key`, which `write` writes. */
  run(key: string, write: () => Graph, feeds: Record<string, Feed>): Promise<Record<string, Tensor>>
  /** Gives back the memory of one graph; it may be needed again all the same. */
  release(key: string): Promise<void>
  dispose(): Promise<void>
}

export interface SessionsOptions extends SessionOptions {
  /** Where graphs are kept from one time to the next, and what tells their weights from others. */
  kept?: { cache: Cache; identity: string }
  /** A run whose results are not all finite has failed, as it may in half precision. */
  finite?: boolean
}

/** A graph, and how many runs of it are under way. */
interface Open {
  session: Promise<Session>
  running: number
  /** Nobody may begin another run; the last one gives the memory back. */
  released: boolean
}

export function openSessions({ kept, finite, ...options }: SessionsOptions): Sessions {
  const all = new Map<string, Open>()
  const release = async (key: string): Promise<void> => {
    const open = all.get(key)
    if (!open) return
    all.delete(key)
    open.released = true
    await closeUnused(open)
  }
  const opened = (key: string, write: () => Graph): Open => {
    const known = all.get(key)
    if (known) return known
    const open = { session: ready(write()), running: 0, released: false }
    all.set(key, open)
    // What could not be opened may be tried again.
    open.session.catch(() => all.delete(key))
    return open
  }
  return {
    async open(key, write) {
      await opened(key, write).session
    },
    async run(key, write, feeds) {
      const open = opened(key, write)
      open.running++
      try {
        const results = await (await open.session).run(feeds)
        if (finite) checkFinite(results, options.device)
        return results
      } finally {
        open.running--
        await closeUnused(open)
      }
    },
    release,
    async dispose() {
      await Promise.all([...all.keys()].map(release))
    },
  }

  async function ready(graph: Graph): Promise<Session> {
    if (!kept) return openGraph(graph, options)
    const large = { ...options, lean: true }
    const onProcessor = !options.device || options.device === 'auto' || options.device === 'cpu'
    if (!onProcessor) return openGraph(graph, large)
    // A folder that can't be written, or a full disk, costs time and memory but no drawing; what is wrong with the graph
    // itself is told by the second try.
    return openCached(graph, kept.identity, kept.cache, large).catch(() => openGraph(graph, large))
  }
}

function checkFinite(results: Readonly<Record<string, Tensor>>, device = 'cpu'): void {
  const name = Object.keys(results).find((key) => !results[key]!.data.every(Number.isFinite))
  if (name === undefined) return
  throw new FewlineError({
    kind: 'device',
    expected: `to compute with ${device} in half precision`,
    came: `"${name}" left its range`,
    todo: 'compute in single precision',
  })
}

/** What could not be opened need not be closed. */
async function closeUnused({ session, running, released }: Open): Promise<void> {
  if (!released || running > 0) return
  await session.then(
    (opened) => opened.dispose(),
    () => undefined,
  )
}
