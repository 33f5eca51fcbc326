import { expect, test } from 'vitest'
import type { ModelProgress } from '../../main/api.ts'
import type { Engine, Watcher } from '../../main/engine/engine.ts'
import { createDownloads } from '../../main/host/downloads.ts'

/** An engine whose process is lost as often as is asked, and what it was asked for. */
function fragileEngine() {
  const watchers: Watcher<unknown>[] = []
  const stream = (_name: string, _input: unknown, watcher: Watcher<unknown>) => {
    watchers.push(watcher)
    return { pause: () => undefined, resume: () => undefined, stop: () => undefined }
  }
  return { engine: { stream } as unknown as Engine, watchers }
}

test('a download goes on when the engine is lost, unless it was to be stopped', () => {
  const { engine, watchers } = fragileEngine()
  const told: ModelProgress['phase'][] = []
  const downloads = createDownloads(engine, ({ phase }) => told.push(phase))
  downloads.begin('RN50', 100)
  watchers[0]!.lost()
  expect([watchers.length, downloads.has('RN50')]).toEqual([2, true])
  downloads.stop('RN50')
  watchers[1]!.lost()
  expect([watchers.length, downloads.has('RN50'), told]).toEqual([2, false, ['stopped']])
})
