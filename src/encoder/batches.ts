import { FewlineError } from '../errors.ts'
import { sizeOf, tensor, type Tensor } from '../tensor.ts'
import type { Comparison, Target } from './encoder.ts'

/** So many pictures are looked at at once: more would need more memory and be no faster. */
export const MOST = 8

/** Some pictures of a batch: from … to, without the last. */
export type Range = readonly [from: number, to: number]

/** The ranges in which n pictures are looked at, at most so many at once. */
export function rangesOf(n: number, most = MOST): Range[] {
  return Array.from({ length: Math.ceil(n / most) }, (_, i) => [i * most, Math.min(n, (i + 1) * most)])
}

/**
 * Some of a batch, in the same memory. A batch of one holds for all, and is given as it is.
 * Throws a FewlineError of kind `call` for a batch that has not so many.
 */
export function within({ data, shape }: Tensor, [from, to]: Range): Tensor {
  const [count = 0] = shape
  if (count === 1) return { data, shape }
  if (count < to) {
    throw new FewlineError({
      kind: 'call',
      expected: `what drawings are compared with to be one or ${to}, as they are`,
      came: `there are ${count}`,
      todo: 'give one for all of them, or one for each',
    })
  }
  const size = sizeOf(shape.slice(1))
  return tensor([to - from, ...shape.slice(1)], data.subarray(from * size, to * size))
}

export function targetWithin(target: Target, range: Range): Target {
  const { layers, embedding } = target
  return {
    ...target,
    layers: layers.map((layer) => within(layer, range)),
    ...(embedding && { embedding: within(embedding, range) }),
  }
}

/** Batches of one shape as one batch. */
export function joined(batches: readonly Tensor[]): Tensor {
  const [first] = batches
  if (batches.length === 1) return first!
  const count = batches.reduce((sum, { shape }) => sum + shape[0]!, 0)
  const all = tensor([count, ...first!.shape.slice(1)])
  batches.reduce((at, { data }) => (all.data.set(data, at), at + data.length), 0)
  return all
}

/** What is said of each range of a batch, one after another, as it is said of the whole: means are weighed. */
export async function inRanges(
  images: Tensor,
  compare: (images: Tensor, range: Range) => Promise<Comparison>,
  most = MOST,
): Promise<Comparison> {
  const [batch = 0] = images.shape
  const whole: Comparison = { loss: 0, terms: {}, each: [], gradient: tensor(images.shape) }
  const ranges = rangesOf(batch, most)
  if (ranges.length === 1) return compare(images, ranges[0]!)
  for (const range of ranges) {
    const { loss, terms, each, gradient } = await compare(within(images, range), range)
    const share = (range[1] - range[0]) / batch
    whole.loss += share * loss
    whole.each.push(...each)
    for (const [name, term] of Object.entries(terms)) whole.terms[name] = (whole.terms[name] ?? 0) + share * term
    const place = within(whole.gradient, range).data
    gradient.data.forEach((g, i) => (place[i] = share * g))
  }
  return whole
}

/**
 * What an encoder saw in some pictures of a batch, in this order. Written over `room`, an earlier result for as many
 * pictures of the same batch, where there is one: a target may take megabytes at every step.
 */
export function targetOfSome(target: Target, pictures: readonly number[], room?: Target): Target {
  const some = (batch: Tensor, place = tensor([pictures.length, ...batch.shape.slice(1)])): Tensor => {
    pictures.forEach((picture, i) => {
      const { data } = within(batch, [picture, picture + 1])
      place.data.set(data, i * data.length)
    })
    return place
  }
  const { layers, embedding } = target
  return {
    ...target,
    layers: layers.map((layer, i) => some(layer, room?.layers[i])),
    ...(embedding && { embedding: some(embedding, room?.embedding) }),
  }
}
