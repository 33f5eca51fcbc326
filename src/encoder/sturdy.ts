import { FewlineError } from '../errors.ts'
import { tensor, type Tensor } from '../tensor.ts'
import type { Comparison, Features, ImageEncoder, Target } from './encoder.ts'

/**
 * The same encoder, which goes on where a device gives out: short of memory it looks at fewer pictures at a time, and
 * when that is not enough, or the device fails, the processor takes over. `openOn` opens the encoder on another device.
 * What happened is told in `notes`.
 */
export function sturdy(first: ImageEncoder, openOn: (device: string) => Promise<ImageEncoder>): ImageEncoder {
  const notes = [...(first.notes ?? [])]
  let encoder = first
  /** How many pictures at a time. */
  let most = Infinity

  const inPieces = async <Result>(batch: number, work: Piecework<Result>): Promise<Result[]> => {
    for (;;) {
      try {
        const results: Result[] = []
        for (let from = 0; from < batch; from += most) {
          results.push(await work(encoder, { from, to: Math.min(batch, from + most), batch }))
        }
        return results
      } catch (error) {
        await giveWay(error, Math.min(most, batch))
      }
    }
  }

  /** Asks for less next time, or throws the error when there is nothing less to ask for. */
  const giveWay = async (error: unknown, pictures: number): Promise<void> => {
    const kind = error instanceof FewlineError ? error.problem.kind : undefined
    if (kind === 'memory' && pictures > 1) {
      most = Math.ceil(pictures / 2)
      notes.push(`Memory was too short for ${pictures} pictures at once: Fewline looks at ${most} at a time.`)
    } else if ((kind === 'memory' || kind === 'device') && encoder.device !== 'cpu') {
      const failed = encoder
      const reason = kind === 'memory' ? 'ran out of memory' : 'failed'
      notes.push(`The device ${failed.device} ${reason}: the processor goes on from there.`)
      encoder = await openOn('cpu')
      most = Infinity
      await failed.dispose().catch(() => undefined)
    } else throw error
  }

  const { encodeText, relevance } = first
  return {
    name: first.name,
    resolution: first.resolution,
    sees: first.sees,
    notes,
    get device() {
      return encoder.device
    },
    encode: async (images) =>
      featuresOf(await inPieces(batchOf(images), (now, part) => now.encode(pieceOf(images, part)))),
    prepare: async (photo, weights) => {
      const parts = await inPieces(batchOf(photo), (now, part) => now.prepare(pieceOf(photo, part), weights))
      return { ...parts[0]!, ...featuresOf(parts) }
    },
    compare: async (sketch, photo, weights) =>
      comparisonOf(
        batchOf(sketch),
        await inPieces(batchOf(sketch), (now, part) =>
          now.compare(
            pieceOf(sketch, part),
            'layers' in photo ? pieceOfTarget(photo, part) : pieceOf(photo, part),
            weights,
          ),
        ),
      ),
    ...(encodeText && {
      encodeText: async (prompts) => joined(await inPieces(1, (now) => now.encodeText!(prompts))),
    }),
    ...(first.compareText && {
      compareText: async (sketch, text) => {
        const parts = await inPieces(batchOf(sketch), (now, part) => now.compareText!(pieceOf(sketch, part), text))
        return comparisonOf(
          batchOf(sketch),
          parts.map((part) => ({ ...part, terms: {} })),
        )
      },
    }),
    ...(relevance && { relevance: async (photo) => (await inPieces(1, (now) => now.relevance!(photo)))[0]! }),
    dispose: () => encoder.dispose(),
  }
}

/** Pictures `from` up to (not with) `to` of a batch. */
interface Part {
  from: number
  to: number
  batch: number
}
type Piecework<Result> = (encoder: ImageEncoder, part: Part) => Promise<Result>

function batchOf({ shape }: Tensor): number {
  return shape[0] ?? 1
}

/** That part of a batch; one picture that is compared with all of them stays whole. */
function pieceOf(whole: Tensor, { from, to, batch }: Part): Tensor {
  const [count = 1, ...rest] = whole.shape
  if (count !== batch) return whole
  const size = whole.data.length / count
  return tensor([to - from, ...rest], whole.data.subarray(from * size, to * size))
}

function pieceOfTarget({ layers, embedding, ...rest }: Target, part: Part): Target {
  return {
    ...rest,
    layers: layers.map((layer) => pieceOf(layer, part)),
    ...(embedding && { embedding: pieceOf(embedding, part) }),
  }
}

function featuresOf(parts: readonly { layers: readonly Tensor[]; embedding?: Tensor }[]): Features {
  const embeddings = parts.flatMap(({ embedding }) => embedding ?? [])
  return {
    layers: parts[0]!.layers.map((_, i) => joined(parts.map(({ layers }) => layers[i]!))),
    ...(embeddings.length > 0 && { embedding: joined(embeddings) }),
  }
}

/** Means over the whole batch, of means over its parts. */
function comparisonOf(batch: number, parts: readonly Comparison[]): Comparison {
  if (parts.length === 1) return parts[0]!
  const shares = parts.map(({ gradient }) => batchOf(gradient) / batch)
  const mean = (of: (part: Comparison) => number): number =>
    parts.reduce((sum, part, i) => sum + shares[i]! * of(part), 0)
  const names = Object.keys(parts[0]!.terms)
  return {
    loss: mean(({ loss }) => loss),
    terms: Object.fromEntries(names.map((name) => [name, mean(({ terms }) => terms[name]!)])),
    gradient: joined(
      parts.map(({ gradient: { data, shape } }, i) => ({ shape, data: data.map((g) => shares[i]! * g) })),
    ),
  }
}

/** Tensors one after the other along their first axis. */
function joined(parts: readonly Tensor[]): Tensor {
  if (parts.length === 1) return parts[0]!
  const whole = tensor([parts.reduce((sum, part) => sum + batchOf(part), 0), ...parts[0]!.shape.slice(1)])
  let at = 0
  for (const { data } of parts) {
    whole.data.set(data, at)
    at += data.length
  }
  return whole
}
