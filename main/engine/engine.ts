import type { Problem } from '../../src/index.ts'
import { sentence } from '../api.ts'
import type { EngineProcess, Failure, FromEngine, ToEngine } from './protocol.ts'
import type { StreamInput, StreamItem, Streams } from './streams.ts'
import type { Work, WorkInput, WorkResult } from './work.ts'

/** The engine as the host has it: always there, whatever becomes of its process. */
export interface Engine {
  /** Does a piece of work. It is tried once more when the process is lost meanwhile. Rejects with what went wrong. */
  work<W extends keyof Work>(name: W, ...input: Parameters<Work[W]>): Promise<WorkResult<W>>
  /** Begins a stream. It is not begun again when the process is lost: `lost` tells, and whoever asked knows more. */
  stream<S extends keyof Streams>(name: S, input: StreamInput<S>, watcher: Watcher<StreamItem<S>>): Controls
  /** Ends the process for good. */
  close(): void
}

export interface Watcher<Item> {
  item(item: Item): void
  /** The last item has come, or the stream has failed. */
  end(error?: EngineError): void
  /** The process is gone; the next one to ask starts a new one. */
  lost(): void
}

export interface Controls {
  pause(): void
  resume(): void
  /** Of a drawing one more frame comes, then `end`. */
  stop(): void
}

/** An error of the engine's, as data. */
export class EngineError extends Error {
  readonly failure: Failure

  constructor(failure: Failure) {
    super(failure.problem ? sentence(failure.problem) : failure.details)
    this.name = 'EngineError'
    this.failure = failure
  }
}

/** Something that waits for the process's answers. */
interface Asker {
  hear(message: FromEngine): void
  lost(): void
}

/** An engine over processes that `start` makes; `lost` is told when one is gone that was not to end. */
export function openEngine(start: () => EngineProcess, lost: () => void = () => undefined): Engine {
  const askers = new Map<number, Asker>()
  let count = 0
  let closed = false
  let process: EngineProcess | undefined
  launch()

  function launch(): EngineProcess {
    const started = start()
    process = started
    started.onMessage((message) => askers.get(message.id)?.hear(message))
    started.onExit(() => {
      process = undefined
      if (closed) return
      lost()
      const orphans = [...askers.values()]
      askers.clear()
      // Those who ask again find a new process.
      for (const asker of orphans) asker.lost()
    })
    return started
  }

  /** Something new for the process, which is started when there is none. */
  function ask(asker: Asker, message: (id: number) => ToEngine): number {
    const id = ++count
    askers.set(id, asker)
    ;(process ?? launch()).post(message(id))
    return id
  }

  function work<W extends keyof Work>(name: W, input: WorkInput<W> | undefined, tries = 2): Promise<WorkResult<W>> {
    return new Promise((resolve, reject) => {
      const asker: Asker = {
        hear(message) {
          askers.delete(message.id)
          if ('failure' in message) reject(new EngineError(message.failure))
          else if ('result' in message) resolve(message.result as WorkResult<W>)
        },
        lost() {
          if (tries > 1) work(name, input, tries - 1).then(resolve, reject)
          else reject(new EngineError({ problem: STOPPED, details: `the engine's process was lost twice in ${name}` }))
        },
      }
      ask(asker, (id) => ({ id, do: 'work', name, input }))
    })
  }

  return {
    work: (name, ...[input]) => work(name, input),
    stream<S extends keyof Streams>(name: S, input: StreamInput<S>, watcher: Watcher<StreamItem<S>>) {
      const asker: Asker = {
        hear(message) {
          if ('item' in message) {
            watcher.item(message.item as StreamItem<S>)
            return
          }
          askers.delete(message.id)
          watcher.end('failure' in message ? new EngineError(message.failure) : undefined)
        },
        lost: () => watcher.lost(),
      }
      const id = ask(asker, (id) => ({ id, do: 'stream', name, input }))
      const control = (what: 'pause' | 'resume' | 'stop') => () => process?.post({ id, do: what })
      return { pause: control('pause'), resume: control('resume'), stop: control('stop') }
    },
    close() {
      closed = true
      process?.kill()
    },
  }
}

/** What is said when the process is lost over and over. */
export const STOPPED: Problem = {
  kind: 'device',
  expected: 'the engine to keep running',
  came: 'it stopped again and again',
  todo: 'choose fewer strokes, the fast preset, or another encoder, and try again',
}
