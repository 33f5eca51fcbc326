import { type Engine, openEngine } from '../../engine/engine.ts'
import type { EngineProcess } from '../../engine/protocol.ts'
import type { Entry } from './queue.ts'

/** It begins when nothing more has come for so long, in milliseconds. */
const REST = 500

interface Parts {
  /** A process that works behind all others. */
  startEngine(threads: number): EngineProcess
  /** The next row to look at; undefined when there is none, or there are better things to do. */
  next(): Entry | undefined
  photo(entry: Entry): Promise<Uint8Array>
  /** What will draw badly of a row, and what helps. */
  seen(id: string, hints: string[]): void
}

/** Looks at photos that wait to be drawn, one after another, and tells before they are what will draw badly. */
export interface Scout {
  /** There may be something to look at. */
  soon(): void
  close(): void
}

export function createScout({ startEngine, next, photo, seen }: Parts): Scout {
  let timer: NodeJS.Timeout | undefined
  let engine: Engine | undefined
  let closed = false

  async function look(): Promise<void> {
    if (engine) return
    for (let entry = next(); entry; entry = closed ? undefined : next()) {
      engine ??= openEngine(() => startEngine(1))
      const hints = await hintsOf(engine, photo(entry))
      if (!closed) seen(entry.id, hints)
    }
    engine?.close()
    engine = undefined
  }
  return {
    soon() {
      clearTimeout(timer)
      timer = setTimeout(() => void look(), REST).unref()
    },
    close() {
      closed = true
      clearTimeout(timer)
      engine?.close()
    },
  }
}

/** Of a photo that can't be read nothing: whoever draws it says why. */
async function hintsOf(engine: Engine, photo: Promise<Uint8Array>): Promise<string[]> {
  try {
    const { warnings, hints } = await engine.work('inspect', { photo: await photo, mask: 'auto' })
    return [...warnings, ...hints.map(({ text }) => text)]
  } catch {
    return []
  }
}
