import type { Graph } from '../onnx/graph.ts'
import type { SessionOptions } from '../onnx/session.ts'
import { tensor, type Tensor } from '../tensor.ts'
import { chosenOf, inRanges, MOST, picturesIn, rangesOf, targetWithin, within } from './batches.ts'
import { checkedBatch, checkTarget, checkWeights } from './checks.ts'
import type { Comparison, CompareWeights, Features, ImageEncoder, Target } from './encoder.ts'
import { compareGraph, eachName, encodeGraph, layerName, wantedName } from './graphs.ts'
import { attending, reading } from './senses.ts'
import { openSessions } from './sessions.ts'
import type { Tower } from './tower.ts'

/** So many pictures are only looked at at once: a bank of views must not need more memory than the steps after it. */
const SEEN_AT_ONCE = 4

/** Makes an encoder of a tower: features, losses and gradients are graphs, made for each batch size when first needed. */
export function encoderOf(tower: Tower, options: Pick<SessionOptions, 'device' | 'threads'> = {}): ImageEncoder {
  const { name, resolution, sees, precision = 'single', kept, optimisation } = tower
  const device = options.device && options.device !== 'auto' ? options.device : 'cpu'
  const atOnce = device === 'cpu' ? (tower.atOnce ?? MOST) : MOST
  const seenAtOnce = Math.min(atOnce, SEEN_AT_ONCE)
  const finite = precision === 'half'
  const sessions = openSessions({
    ...options,
    device,
    finite,
    ...(kept && { kept }),
    ...(optimisation && { optimisation }),
  })
  const encodeKey = (batch: number, weights?: CompareWeights): string =>
    `encode ${batch} ${weights ? JSON.stringify(weights) : 'all'}`

  /** All layers and the embedding, or only those that count: the others are empty then, [n, 0]. */
  const encode = async (images: Tensor, weights?: CompareWeights): Promise<Features> => {
    const count = checkedBatch(images, tower)
    // Filled as it comes: a bank of views is large, and need not be held twice.
    const whole: Tensor[] = []
    for (const range of rangesOf(count, seenAtOnce)) {
      const some = within(images, range)
      const [batch] = some.shape as [number]
      const write = (): Graph => encodeGraph(tower, batch, weights)
      const { embedding, ...results } = await sessions.run(encodeKey(batch, weights), write, { images: some })
      const layers = tower.weights.layers.map((_, i) => results[layerName(i)] ?? tensor([batch, 0]))
      for (const [i, part] of [...layers, ...(embedding ? [embedding] : [])].entries()) {
        const all = (whole[i] ??= tensor([count, ...part.shape.slice(1)]))
        within(all, range).data.set(part.data)
      }
    }
    const layers = whole.splice(0, tower.weights.layers.length)
    return { layers, ...(whole[0] && { embedding: whole[0] }) }
  }

  const targetOf = async (photo: Tensor, weights = tower.weights): Promise<Target> => {
    checkWeights(weights, tower)
    return { encoder: name, weights, ...(await encode(photo, weights)) }
  }

  const comparing = (batch: number, pictures: number, weights: CompareWeights) =>
    [
      `compare ${batch} ${pictures} ${JSON.stringify(weights)}`,
      () => compareGraph(tower, batch, pictures, weights),
    ] as const

  const compareSome = async (images: Tensor, target: Target, weights: CompareWeights): Promise<Comparison> => {
    const [batch] = images.shape as [number]
    const feeds: Record<string, Tensor> = { images }
    target.layers.forEach((layer, i) => {
      if (weights.layers[i]) feeds[wantedName(i)] = chosenOf(layer, target)
    })
    if (target.embedding && weights.embedding > 0) feeds['wanted_embedding'] = chosenOf(target.embedding, target)
    const results = await sessions.run(...comparing(batch, picturesIn(target), weights), feeds)
    const { loss, grad_images: gradient, ...terms } = results
    const names = Object.keys(terms).filter((name) => eachName(name) in terms)
    const termsOf = (value: (name: string) => number) => Object.fromEntries(names.map((name) => [name, value(name)]))
    return {
      loss: loss!.data[0]!,
      terms: termsOf((name) => terms[name]!.data[0]!),
      each: Array.from({ length: batch }, (_, i) => termsOf((name) => terms[eachName(name)]!.data[i]!)),
      gradient: gradient!,
    }
  }

  return {
    name,
    resolution,
    device,
    precision,
    sees,
    atOnce,
    encode: (images) => encode(images),
    async prepare(photo, weights = tower.weights) {
      checkWeights(weights, tower)
      // Making a graph ready takes memory, so where it is known already it comes before there is a target to keep.
      if (atOnce === 1) await sessions.open(...comparing(1, 1, weights))
      const target = await targetOf(photo, weights)
      // What is done once need not stay ready for a second time.
      for (const [from, to] of rangesOf(photo.shape[0]!, seenAtOnce))
        await sessions.release(encodeKey(to - from, weights))
      return target
    },
    async compare(sketch, photo, weights) {
      const batch = checkedBatch(sketch, tower)
      const target = 'layers' in photo ? photo : await targetOf(photo, weights)
      const used = weights ?? target.weights
      checkWeights(used, tower)
      checkTarget(target, used, batch, tower)
      return inRanges(sketch, (images, range) => compareSome(images, targetWithin(target, range), used), atOnce)
    },
    ...reading(tower, sessions, atOnce),
    ...attending(tower, sessions),
    async dispose() {
      await sessions.dispose()
      tower.close?.()
    },
  }
}
