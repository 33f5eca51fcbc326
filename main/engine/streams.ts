import { downloadModel, type DownloadProgress } from '../../src/index.ts'
import { drawing } from './drawing.ts'
import type { Flow } from './flow.ts'

/** What the engine's process does at length, telling of it as it goes. */
export const streams = {
  draw: drawing,

  async download({ name }: { name: string }, { signal, emit }: Flow<DownloadProgress>): Promise<void> {
    await downloadModel(name, { signal, onProgress: emit })
  },
}

export type Streams = typeof streams
export type StreamInput<S extends keyof Streams> = Parameters<Streams[S]>[0]
export type StreamItem<S extends keyof Streams> = Parameters<Parameters<Streams[S]>[1]['emit']>[0]
