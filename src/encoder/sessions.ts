import { openCached, type Cache } from '../onnx/cache.ts'
import type { Graph } from '../onnx/graph.ts'
import { openGraph, type Feed, type Session, type SessionOptions } from '../onnx/session.ts'
import type { Tensor } from '../tensor.ts'

/** Graphs that are made ready to run when they are first needed. */
export interface Sessions {
  /** Runs the graph called `key`, which `write` writes. */
  run(key: string, write: () => Graph, feeds: Record<string, Feed>): Promise<Record<string, Tensor>>
  /** Gives back the memory of one graph; it may be needed again all the same. */
  release(key: string): Promise<void>
  dispose(): Promise<void>
}

export interface SessionsOptions extends SessionOptions {
  /** Where graphs are kept from one time to the next, and what tells their weights from others. */
  kept?: { cache: Cache; identity: string }
}

export function openSessions({ kept, ...options }: SessionsOptions): Sessions {
  const open = new Map<string, Promise<Session>>()
  return {
    async run(key, write, feeds) {
      let opening = open.get(key)
      if (!opening) open.set(key, (opening = ready(write())))
      try {
        return await (await opening).run(feeds)
      } catch (error) {
        // What could not be opened may be tried again.
        await opening.catch(() => open.delete(key))
        throw error
      }
    },
    async release(key) {
      const opening = open.get(key)
      open.delete(key)
      await (await opening)?.dispose()
    },
    async dispose() {
      const all = [...open.values()]
      open.clear()
      await Promise.all(all.map(async (opening) => (await opening).dispose()))
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
