import {
  draw,
  downloadModel,
  moreCarefully,
  type DownloadProgress,
  type DrawRequest,
  type Frame,
} from '../../src/index.ts'

/** What a stream is given to work with. */
export interface Flow<Item> {
  signal: AbortSignal
  emit(item: Item): void
  /** Waits while the stream is paused, and lets messages be heard. */
  pass(): Promise<void>
}

/** What the engine's process does at length, telling of it as it goes. */
export const streams = {
  /**
   * Draws to the end, one frame an item. To pause is not to ask for the next one. The more processes this drawing has
   * already lost, the more carefully.
   */
  async draw({ losses = 0, ...request }: DrawRequest & { losses?: number }, flow: Flow<Frame>): Promise<void> {
    const { signal, emit, pass } = flow
    for await (const frame of draw({ ...request, ...moreCarefully(losses) }, signal)) {
      // Nobody at the other end asks through which views it was looked at.
      emit({ ...frame, views: [] })
      await pass()
    }
  },

  async download({ name }: { name: string }, { signal, emit }: Flow<DownloadProgress>): Promise<void> {
    await downloadModel(name, { signal, onProgress: emit })
  },
}

export type Streams = typeof streams
export type StreamInput<S extends keyof Streams> = Parameters<Streams[S]>[0]
export type StreamItem<S extends keyof Streams> = Parameters<Parameters<Streams[S]>[1]['emit']>[0]
