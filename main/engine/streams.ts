import { downloadModel, type DownloadProgress } from '../../src/index.ts'
import { drawing } from './drawing.ts'

/** What a stream is given to work with. */
export interface Flow<Item> {
  signal: AbortSignal
  emit(item: Item): void
  /** Waits while the stream is paused, and lets messages be heard. */
  pass(): Promise<void>
}

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
