import { downloadModel, type DownloadProgress, type Pages } from '../../src/index.ts'
import type { VideoOptions } from '../api.ts'
import { drawing } from './drawing.ts'
import { editing } from './editing.ts'
import { exportAs, type ExportedFile, type ExportOrder, pagesOf } from './export.ts'
import type { Flow } from './flow.ts'
import { sketch } from './sketch.ts'

/** What the engine's process does at length, telling of it as it goes. */
export const streams = {
  draw: drawing,
  edit: editing,
  sketch,

  async download({ name }: { name: string }, { signal, emit }: Flow<DownloadProgress>): Promise<void> {
    await downloadModel(name, { signal, onProgress: emit })
  },

  /** An export that takes long: how far it is, and what was made at the end. */
  film: atLength<ExportOrder, ExportedFile>(exportAs),
  pages: atLength<ExportOrder<VideoOptions>, Pages>(pagesOf),
}

/** What a stream tells of something that takes long. */
export type Making<Made> = { share: number } | { made: Made }

type Long = Parameters<typeof pagesOf>[1]

function atLength<Order, Made>(make: (order: Order, long: Long) => Promise<Made>) {
  return async (order: Order, { signal, emit, pass }: Flow<Making<Made>>): Promise<void> => {
    await pass()
    const made = await make(order, { signal, onProgress: (share) => emit({ share }) })
    if (!signal.aborted) emit({ made })
  }
}

export type Streams = typeof streams
export type StreamInput<S extends keyof Streams> = Parameters<Streams[S]>[0]
export type StreamItem<S extends keyof Streams> = Parameters<Parameters<Streams[S]>[1]['emit']>[0]
