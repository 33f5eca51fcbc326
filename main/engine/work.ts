import { inspect, type Inspection, previewPhoto, type Tensor } from '../../src/index.ts'

/** What the engine's process does besides drawing. Inputs and results are plain data. */
export const work = {
  /** What is seen in a photo before it is drawn. */
  inspect: (input: { photo: Uint8Array; mask: string | Tensor }): Promise<Inspection> => inspect(input),
  /** A JPEG for a window. */
  preview: ({ photo, longest }: { photo: Uint8Array; longest?: number }) => previewPhoto(photo, longest),
}

export type Work = typeof work
export type WorkInput<W extends keyof Work> = Parameters<Work[W]>[0]
export type WorkResult<W extends keyof Work> = Awaited<ReturnType<Work[W]>>
