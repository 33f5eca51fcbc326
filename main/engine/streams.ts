import { downloadModel, type DownloadProgress } from '../../src/index.ts'
import { drawing } from './drawing.ts'
import { editing } from './editing.ts'
import { exportAs, type ExportedFile, type ExportOrder } from './export.ts'
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

  /** An export that takes long: how far it is, and the file at the end. */
  async film(
    order: ExportOrder,
    { signal, emit, pass }: Flow<{ share: number } | { file: ExportedFile }>,
  ): Promise<void> {
    await pass()
    const file = await exportAs(order, { signal, onProgress: (share) => emit({ share }) })
    if (!signal.aborted) emit({ file })
  },
}

export type Streams = typeof streams
export type StreamInput<S extends keyof Streams> = Parameters<Streams[S]>[0]
export type StreamItem<S extends keyof Streams> = Parameters<Parameters<Streams[S]>[1]['emit']>[0]
