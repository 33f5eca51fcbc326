import { FewlineError } from '../errors.ts'
import { sizeOf, tensor, type Tensor } from '../tensor.ts'
import { likeness } from '../loss/likeness.ts'
import type { SeenLoss } from '../loss/seen.ts'
import type { Comparison, CompareWeights, Target } from './encoder.ts'

/** So many pictures are looked at at once at most: more would need more memory and be no faster. */
export const MOST = 8

/** Some pictures of a batch: from … to, without the last. */
export type Range = readonly [from: number, to: number]

/** The ranges in which n pictures are looked at, at most so many at once. */
export function rangesOf(n: number, most = MOST): Range[] {
  return Array.from({ length: Math.ceil(n / most) }, (_, i) => [i * most, Math.min(n, (i + 1) * most)])
}

export function lengthOf([from, to]: Range = [0, 0]): number {
  return to - from
}

/**
 * Some of a batch, in the same memory. A batch of one holds for all, and is given as it is.
 * Throws a FewlineError of kind `call` for a batch that has not so many.
 */
export function within({ data, shape }: Tensor, range: Range): Tensor {
  const [count = 0] = shape
  if (count === 1) return { data, shape }
  checkReach(count, range)
  return rows({ data, shape }, range)
}

/** What is wanted of some pictures of a batch. */
export function lossWithin(loss: SeenLoss, range: Range): SeenLoss {
  const wanted = Object.entries(loss.wanted).map(([name, value]) => [name, within(value, range)])
  return { ...loss, wanted: Object.fromEntries(wanted) as SeenLoss['wanted'] }
}

/** How many pictures a target is of. */
export function picturesIn({ chosen, layers }: Target): number {
  return chosen?.length ?? layers[0]?.shape[0] ?? 0
}

/** A target of some of the pictures of another, in this order. Nothing is copied. */
export function targetOfSome(target: Target, pictures: readonly number[]): Target {
  return { ...target, chosen: pictures.map((picture) => target.chosen?.[picture] ?? picture) }
}

/** `within`, for a target. */
export function targetWithin(target: Target, range: Range): Target {
  const count = picturesIn(target)
  if (count === 1) return target
  checkReach(count, range)
  return targetOfSome(
    target,
    Array.from({ length: range[1] - range[0] }, (_, i) => range[0] + i),
  )
}

/** Looking like the pictures of a target: like all of them, or each like its own. */
export function likenessTo(target: Target, weights: CompareWeights = target.weights): SeenLoss {
  const layers = target.layers.map((layer, i) => (weights.layers[i] ? chosenOf(layer, target) : layer))
  const embedding = target.embedding && weights.embedding > 0 && chosenOf(target.embedding, target)
  return likeness({ layers, ...(embedding && { embedding }) }, weights)
}

/** What was seen in the chosen pictures, as one batch. One picture's is where it was; several are copied together. */
function chosenOf(batch: Tensor, { chosen }: Target): Tensor {
  return chosen ? joined(chosen.map((picture) => rows(batch, [picture, picture + 1]))) : batch
}

function checkReach(count: number, [, to]: Range): void {
  if (count >= to) return
  throw new FewlineError({
    kind: 'call',
    expected: `what drawings are compared with to be one or ${to}, as they are`,
    came: `there are ${count}`,
    todo: 'give one for all of them, or one for each',
  })
}

function rows({ data, shape }: Tensor, [from, to]: Range): Tensor {
  const size = sizeOf(shape.slice(1))
  return tensor([to - from, ...shape.slice(1)], data.subarray(from * size, to * size))
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
    for (let i = 0; i < place.length; i++) place[i] = share * gradient.data[i]!
  }
  return whole
}
