import { createHash } from 'node:crypto'
import { encode } from '../api.ts'
import { EngineError, openEngine, STOPPED } from '../engine/engine.ts'
import type { EngineProcess } from '../engine/protocol.ts'
import type { StreamInput } from '../engine/streams.ts'
import { type MadeBy, makeAtLength, type Maker, type OnProgress } from './long.ts'

/** Films in the making, and the last one that was made. */
export interface Films {
  /**
   * Makes a film. One that was asked for already is not made again: who asks waits for the same. Rejects as soon as `signal`
   * says so; the work ends when nobody waits for it any more.
   */
  make<M extends Maker>(
    maker: M,
    order: StreamInput<M>,
    signal: AbortSignal,
    onProgress: OnProgress,
  ): Promise<MadeBy<M>>
  close(): void
}

interface Film {
  readonly key: string
  readonly made: Promise<unknown>
  /** Those who wait for it. */
  readonly watchers: Set<OnProgress>
  readonly stop: AbortController
}

export function createFilms(start: () => EngineProcess): Films {
  let last: Film | undefined
  const going = new Set<Film>()

  function begin<M extends Maker>(key: string, maker: M, order: StreamInput<M>): Film {
    const stop = new AbortController()
    const watchers = new Set<OnProgress>()
    const tell: OnProgress = (share) => watchers.forEach((watcher) => watcher(share))
    const made = makeApart(start, maker, order, stop.signal, tell)
    const film: Film = { key, made, watchers, stop }
    going.add(film)
    made.then(
      () => going.delete(film),
      () => {
        going.delete(film)
        if (last === film) last = undefined
      },
    )
    return film
  }

  return {
    make<M extends Maker>(maker: M, order: StreamInput<M>, signal: AbortSignal, onProgress: OnProgress) {
      const key = keyOf(maker, order)
      const known = [...going, ...(last ? [last] : [])].find((film) => film.key === key && !film.stop.signal.aborted)
      const film = known ?? begin(key, maker, order)
      last = film
      return joined(film, signal, onProgress) as Promise<MadeBy<M>>
    },
    close() {
      for (const { stop } of going) stop.abort(new EngineError({ problem: STOPPED, details: 'Fewline was closed' }))
    },
  }
}

/** Waits for a film; whoever waits last ends it. */
function joined({ made, watchers, stop }: Film, signal: AbortSignal, onProgress: OnProgress): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const watch: OnProgress = (share) => onProgress(share)
    watchers.add(watch)
    signal.addEventListener('abort', () => {
      watchers.delete(watch)
      if (watchers.size === 0) stop.abort(signal.reason)
      reject(signal.reason as Error)
    })
    made.then(resolve, reject).finally(() => watchers.delete(watch))
  })
}

/**
 * In a process of its own, which can be ended at any moment: what writes pictures down does not stop in the middle. A
 * drawing that is going on is not held up by it either.
 */
function makeApart<M extends Maker>(
  start: () => EngineProcess,
  maker: M,
  order: StreamInput<M>,
  signal: AbortSignal,
  onProgress: OnProgress,
): Promise<MadeBy<M>> {
  const engine = openEngine(start)
  return makeAtLength(engine, maker, order, signal, onProgress).finally(() => engine.close())
}

/** Films that are made of the same are the same. */
function keyOf(maker: Maker, order: unknown): string {
  return createHash('sha256').update(encode({ maker, order })).digest('hex')
}
