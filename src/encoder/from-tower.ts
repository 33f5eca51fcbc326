import type { SeenLoss } from '../loss/seen.ts'
import type { Graph } from '../onnx/graph.ts'
import type { SessionOptions } from '../onnx/session.ts'
import { tensor, type Tensor } from '../tensor.ts'
import { inRanges, lengthOf, likenessTo, lossWithin, MOST, rangesOf, within, type Range } from './batches.ts'
import { checkedBatch, checkLosses, checkTarget, checkWeights } from './checks.ts'
import type { Comparison, CompareWeights, EncoderOptions, Features, ImageEncoder, Target } from './encoder.ts'
import { eachName, encodeGraph, judgeGraph, layerName, wantedName } from './graphs.ts'
import { attending, placing, reading } from './senses.ts'
import { openSessions } from './sessions.ts'
import type { Tower } from './tower.ts'

/** So many pictures are only looked at at once: a bank of views must not need more memory than the steps after it. */
const SEEN_AT_ONCE = 4

/** Makes an encoder of a tower: features, losses and gradients are graphs, made for each batch size when first needed. */
export function encoderOf(
  tower: Tower,
  { readsOften, ...options }: Pick<SessionOptions, 'device' | 'threads'> & Pick<EncoderOptions, 'readsOften'> = {},
): ImageEncoder {
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
  const encode = async (images: Tensor, weights?: CompareWeights, once = false): Promise<Features> => {
    const count = checkedBatch(images, tower)
    // Filled as it comes: a bank of views is large, and need not be held twice.
    const whole: Tensor[] = []
    const ranges = rangesOf(count, seenAtOnce)
    for (const [i, range] of ranges.entries()) {
      const some = within(images, range)
      const [batch] = some.shape as [number]
      const write = (): Graph => encodeGraph(tower, batch, weights)
      const { embedding, ...results } = await sessions.run(encodeKey(batch, weights), write, { images: some })
      const layers = tower.weights.layers.map((_, i) => results[layerName(i)] ?? tensor([batch, 0]))
      for (const [j, part] of [...layers, ...(embedding ? [embedding] : [])].entries()) {
        const all = (whole[j] ??= tensor([count, ...part.shape.slice(1)]))
        within(all, range).data.set(part.data)
      }
      // What is done once need not stay ready for a second time, nor beside what looks at fewer pictures.
      if (once && lengthOf(ranges[i + 1]) !== batch) await sessions.release(encodeKey(batch, weights))
    }
    const layers = whole.splice(0, tower.weights.layers.length)
    return { layers, ...(whole[0] && { embedding: whole[0] }) }
  }

  const targetOf = async (photo: Tensor, weights = tower.weights, once = false): Promise<Target> => {
    checkWeights(weights, tower)
    return { encoder: name, weights, ...(await encode(photo, weights, once)) }
  }

  /** A target of nothing, in the shapes of what is seen in one picture. */
  const nothingSeen = (weights: CompareWeights): Target => {
    const shapes = new Map(encodeGraph(tower, 1, weights).outputs.map((output) => [output.name, output.shape]))
    const blank = (output: string): Tensor => tensor((shapes.get(output) ?? [1, 0]) as number[])
    const layers = tower.weights.layers.map((_, i) => blank(layerName(i)))
    return { encoder: name, weights, layers, ...(shapes.has('embedding') && { embedding: blank('embedding') }) }
  }

  const judging = (batch: number, losses: readonly SeenLoss[]) => {
    const shapes = losses.map(({ key, wanted }) => [key, ...Object.values(wanted).map(({ shape }) => shape.join(' '))])
    return [`judge ${batch} ${shapes.flat().join(', ')}`, () => judgeGraph(tower, batch, losses)] as const
  }

  const judgeSome = async (images: Tensor, losses: readonly SeenLoss[]): Promise<Comparison> => {
    const [batch] = images.shape as [number]
    const wanted = losses.flatMap((loss, i) =>
      Object.entries(loss.wanted).map(([name, value]) => [wantedName(i, name), value]),
    )
    const feeds = { images, ...(Object.fromEntries(wanted) as Record<string, Tensor>) }
    const { loss, grad_images: gradient, ...each } = await sessions.run(...judging(batch, losses), feeds)
    const terms = Object.entries(each).map(([name, { data }]) => [name.slice(eachName('').length), data] as const)
    return {
      loss: loss!.data[0]!,
      terms: Object.fromEntries(terms.map(([name, data]) => [name, data.reduce((sum, v) => sum + v, 0) / batch])),
      each: Array.from({ length: batch }, (_, i) => Object.fromEntries(terms.map(([name, data]) => [name, data[i]!]))),
      gradient: gradient!,
    }
  }

  const judge = async (pictures: Tensor, losses: readonly SeenLoss[]): Promise<Comparison> => {
    checkLosses(losses, checkedBatch(pictures, tower))
    const some = (images: Tensor, range: Range) =>
      judgeSome(
        images,
        losses.map((loss) => lossWithin(loss, range)),
      )
    return inRanges(pictures, some, atOnce)
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
      if (atOnce === 1) await sessions.open(...judging(1, [likenessTo(nothingSeen(weights), weights)]))
      return targetOf(photo, weights, true)
    },
    async compare(sketch, photo, weights) {
      const batch = checkedBatch(sketch, tower)
      const target = 'layers' in photo ? photo : await targetOf(photo, weights)
      const used = weights ?? target.weights
      checkWeights(used, tower)
      checkTarget(target, used, batch, tower)
      return judge(sketch, [likenessTo(target, used)])
    },
    judge,
    ...reading(tower, sessions, judge, readsOften),
    ...placing(tower, sessions),
    ...attending(tower, sessions),
    async dispose() {
      await sessions.dispose()
      tower.close?.()
    },
  }
}
