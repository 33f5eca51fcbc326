import { type Engine, EngineError, STOPPED } from '../engine/engine.ts'
import type { Making, StreamInput, StreamItem } from '../engine/streams.ts'
import { refuse } from './problems.ts'

/** What a window waits for, to be stopped by it. */
export interface Waiting {
  /**
   * Does a piece of work, or rejects as soon as the window no longer wants it. Of a `kind` there is one: what is begun takes
   * the place of what was.
   */
  begin<T>(work: (signal: AbortSignal) => Promise<T>, kind?: 'open' | 'preview'): Promise<T>
  /** All that is going on ends: nothing of it comes to be. */
  stop(): void
}

export function createWaiting(): Waiting {
  const going = new Map<AbortController, string | undefined>()
  return {
    async begin(work, kind) {
      for (const [other, its] of going) if (kind !== undefined && its === kind) other.abort(SUPERSEDED)
      const stop = new AbortController()
      going.set(stop, kind)
      const { signal } = stop
      const stopped = new Promise<never>((_, reject) =>
        signal.addEventListener('abort', () => reject(signal.reason as Error)),
      )
      try {
        return await Promise.race([work(signal), stopped])
      } finally {
        going.delete(stop)
      }
    },
    stop() {
      for (const each of going.keys()) each.abort(CANCELLED)
    },
  }
}

/** What makes a film: as a file, or as pictures for a video. */
export type Maker = 'film' | 'pages'
export type MadeBy<M extends Maker> = Extract<StreamItem<M>, { made: unknown }>['made']
export type OnProgress = (share: number) => void

/** Has an engine make a film, and tells how far it is. Rejects as soon as `signal` says so; the engine ends it when it can. */
export function makeAtLength<M extends Maker>(
  engine: Engine,
  maker: M,
  order: StreamInput<M>,
  signal: AbortSignal,
  onProgress: OnProgress = () => undefined,
): Promise<MadeBy<M>> {
  return new Promise((resolve, reject) => {
    const controls = engine.stream(maker, order, {
      item(item) {
        const told = item as Making<MadeBy<M>>
        if ('made' in told) resolve(told.made)
        else onProgress(told.share)
      },
      // Where the film came before, this changes nothing.
      end: (error) => reject(error ?? new EngineError({ details: 'an export ended without a file' })),
      lost: () => reject(new EngineError({ problem: STOPPED, details: "the engine's process was lost in an export" })),
    })
    signal.addEventListener('abort', () => {
      controls.stop()
      reject(signal.reason as Error)
    })
  })
}

const CANCELLED = refuse('this to end well', 'it was cancelled', 'begin it again')
const SUPERSEDED = refuse('this to end well', 'another one was asked for', 'wait for that')
