import { FewlineError } from '../errors.ts'
import type { Tensor } from '../tensor.ts'
import { inRanges, joined, lossWithin, MOST, rangesOf, targetWithin, within } from './batches.ts'
import type { Features, ImageEncoder, Target } from './encoder.ts'

/**
 * The same encoder, which goes on where a device gives out: short of memory it looks at fewer pictures at a time, when half
 * precision fails single precision takes over, and when that is not enough, the processor. `openOn` opens the encoder in
 * single precision on a device; `most` is how many pictures at a time it begins with, at most. What happened is told in
 * `notes`.
 */
export function sturdy(
  first: ImageEncoder,
  openOn: (device: string) => Promise<ImageEncoder>,
  most = Number.MAX_SAFE_INTEGER,
): ImageEncoder {
  const notes = [...(first.notes ?? [])]
  let encoder = first

  /** Tries it until it goes well. */
  const insist = async <Result>(batch: number, work: () => Promise<Result>): Promise<Result> => {
    for (;;) {
      try {
        return await work()
      } catch (error) {
        await giveWay(error, Math.min(most, batch, encoder.atOnce ?? MOST))
      }
    }
  }

  /** Asks for less next time, or throws the error when there is nothing less to ask for. */
  const giveWay = async (error: unknown, pictures: number): Promise<void> => {
    const kind = error instanceof FewlineError ? error.problem.kind : undefined
    if (kind === 'memory' && pictures > 1) {
      most = Math.ceil(pictures / 2)
      notes.push(`Memory was too short for ${pictures} pictures at once: Fewline looks at ${most} at a time.`)
    } else if (kind === 'device' && encoder.precision === 'half') {
      notes.push(`The device ${encoder.device} failed in half precision: single precision goes on from there.`)
      await change(encoder.device)
    } else if ((kind === 'memory' || kind === 'device') && encoder.device !== 'cpu') {
      const reason = kind === 'memory' ? 'ran out of memory' : 'failed'
      notes.push(`The device ${encoder.device} ${reason}: the processor goes on from there.`)
      await change('cpu')
      most = Number.MAX_SAFE_INTEGER
    } else throw error
  }

  const change = async (device: string): Promise<void> => {
    const failed = encoder
    encoder = await openOn(device)
    await failed.dispose().catch(() => undefined)
  }

  /** Features of a batch, of as many pictures at a time as will do. */
  const inPieces = <Seen extends Features | Target>(
    images: Tensor,
    see: (images: Tensor) => Promise<Seen>,
  ): Promise<Seen> =>
    insist(batchOf(images), async () => {
      const parts: Seen[] = []
      for (const range of rangesOf(batchOf(images), most)) parts.push(await see(within(images, range)))
      return { ...parts[0]!, ...joinedFeatures(parts) }
    })

  const { compareText, encodePlaces, encodeText, readable, relevance } = first
  return {
    name: first.name,
    resolution: first.resolution,
    sees: first.sees,
    ...(first.textScale !== undefined && { textScale: first.textScale }),
    notes,
    get device() {
      return encoder.device
    },
    get precision() {
      return encoder.precision ?? 'single'
    },
    encode: (images) => inPieces(images, (some) => encoder.encode(some)),
    prepare: (photo, weights) => inPieces(photo, (some) => encoder.prepare(some, weights)),
    compare: (sketch, photo, weights) =>
      insist(batchOf(sketch), () =>
        inRanges(
          sketch,
          (some, range) =>
            encoder.compare(some, 'layers' in photo ? targetWithin(photo, range) : within(photo, range), weights),
          most,
        ),
      ),
    judge: (pictures, losses) =>
      insist(batchOf(pictures), () =>
        inRanges(
          pictures,
          (some, range) =>
            encoder.judge(
              some,
              losses.map((loss) => lossWithin(loss, range)),
            ),
          most,
        ),
      ),
    ...(readable && { readable }),
    ...(encodeText && { encodeText: (prompts) => insist(1, () => encoder.encodeText!(prompts)) }),
    ...(compareText && {
      compareText: (sketch, text) =>
        insist(batchOf(sketch), () =>
          inRanges(sketch, (some, range) => encoder.compareText!(some, within(text, range)), most),
        ),
    }),
    ...(first.stride !== undefined && { stride: first.stride }),
    ...(encodePlaces && { encodePlaces: (picture) => insist(1, () => encoder.encodePlaces!(picture)) }),
    ...(relevance && { relevance: (photo) => insist(1, () => encoder.relevance!(photo)) }),
    dispose: () => encoder.dispose(),
  }
}

function batchOf({ shape }: Tensor): number {
  return shape[0] ?? 1
}

function joinedFeatures(parts: readonly { layers: readonly Tensor[]; embedding?: Tensor }[]): Features {
  const embeddings = parts.flatMap(({ embedding }) => embedding ?? [])
  return {
    layers: parts[0]!.layers.map((_, i) => joined(parts.map(({ layers }) => layers[i]!))),
    ...(embeddings.length > 0 && { embedding: joined(embeddings) }),
  }
}
