import type { ExportedFile, ExportOrder } from '../engine/export.ts'
import { type Engine, EngineError, STOPPED } from '../engine/engine.ts'
import { refuse } from './problems.ts'

/** What a window waits for, to be stopped by it. */
export interface Waiting {
  /** Does a piece of work, or rejects as soon as the window no longer wants it. */
  begin<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T>
  /** All that is going on ends: nothing of it comes to be. */
  stop(): void
}

export function createWaiting(): Waiting {
  const going = new Set<AbortController>()
  return {
    async begin(work) {
      const stop = new AbortController()
      going.add(stop)
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
      for (const each of going) each.abort(refuse('this to end well', 'it was cancelled', 'begin it again'))
    },
  }
}

/** An export that can be followed and stopped. */
export function exportAtLength(
  engine: Engine,
  order: ExportOrder,
  signal: AbortSignal,
  onProgress: (share: number) => void,
): Promise<ExportedFile> {
  return new Promise((resolve, reject) => {
    const controls = engine.stream('film', order, {
      item: (item) => ('file' in item ? resolve(item.file) : onProgress(item.share)),
      // Where the file came before, this changes nothing.
      end: (error) => reject(error ?? new EngineError({ details: 'an export ended without a file' })),
      lost: () => reject(new EngineError({ problem: STOPPED, details: "the engine's process was lost in an export" })),
    })
    signal.addEventListener('abort', () => controls.stop())
  })
}
