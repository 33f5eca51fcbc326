import type { ModelProgress } from '../api.ts'
import type { Controls, Engine } from '../engine/engine.ts'
import { problemOf } from './problems.ts'

/** The downloads that are going on, of which every window is told. */
export interface Downloads {
  has(name: string): boolean
  begin(name: string, bytes: number): void
  stop(name: string): void
}

export function createDownloads(engine: Engine, tell: (progress: ModelProgress) => void): Downloads {
  const going = new Map<string, Controls & { stopped?: boolean }>()

  function begin(name: string, bytes: number): void {
    const files = new Map<string, number>()
    const received = () => [...files.values()].reduce((sum, done) => sum + done, 0)
    const finish = (phase: 'done' | 'stopped' | 'failed', error?: unknown) => {
      going.delete(name)
      const problem = error === undefined ? {} : { problem: problemOf(error) }
      tell({ name, phase, received: received(), total: bytes, ...problem })
    }
    const controls = engine.stream(
      'download',
      { name },
      {
        item(file) {
          files.set(file.name, file.done)
          tell({ name, phase: 'downloading', received: received(), total: Math.max(bytes, received()) })
        },
        end(error) {
          if (going.get(name)?.stopped) finish('stopped')
          else finish(error ? 'failed' : 'done', error)
        },
        lost() {
          if (going.get(name)?.stopped) finish('stopped')
          // What has come is kept, so that it goes on from there.
          else begin(name, bytes)
        },
      },
    )
    going.set(name, controls)
  }

  return {
    has: (name) => going.has(name),
    begin(name, bytes) {
      if (!going.has(name)) begin(name, bytes)
    },
    stop(name) {
      const download = going.get(name)
      if (!download) return
      download.stopped = true
      download.stop()
    },
  }
}
