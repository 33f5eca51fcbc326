import { gradientOf } from '../autodiff/gradient.ts'
import { FewlineError } from '../errors.ts'
import { featureLoss } from '../loss/features.ts'
import { GraphBuilder } from '../onnx/builder.ts'
import type { Value } from '../onnx/graph.ts'
import { writeModel } from '../onnx/protobuf.ts'
import { openSession, type Session } from '../onnx/session.ts'
import type { Tensor } from '../tensor.ts'
import type { CompareWeights, EncoderOptions, Features, ImageEncoder, Target } from './encoder.ts'

/** An image model as a graph: all that one encoder has of its own. */
export interface Tower {
  name: string
  resolution: number
  weights: CompareWeights
  /** What a drawing is compared with: the photo's lines, or the photo itself. */
  sees: 'lines' | 'photo'
  /** Adds the model to a graph: from pictures [n, 3, r, r] to its layers, and its embedding if it has one. */
  build(g: GraphBuilder, images: Value, batch: number): { layers: Value[]; embedding?: Value }
}

/** Makes an encoder of a tower: features, loss and gradient are graphs, made for each batch size when first needed. */
export function encoderOf(tower: Tower, options: EncoderOptions = {}): ImageEncoder {
  const { name, resolution } = tower
  const sessions = new Map<string, Promise<Session>>()
  const session = (key: string, write: () => Uint8Array): Promise<Session> => {
    let opening = sessions.get(key)
    if (!opening) sessions.set(key, (opening = openSession(write(), options)))
    return opening
  }

  const encode = async (images: Tensor): Promise<Features> => {
    const batch = checkedBatch(images, resolution)
    const results = await (await session(`encode ${batch}`, () => encodeGraph(tower, batch))).run({ images })
    const { embedding, ...layers } = results
    const inOrder = Object.keys(layers).map((_, i) => layers[layerName(i)]!)
    return { layers: inOrder, ...(embedding && { embedding }) }
  }

  const prepare = async (photo: Tensor, weights = tower.weights): Promise<Target> => {
    checkWeights(weights, tower)
    return { encoder: name, weights, ...(await encode(photo)) }
  }

  return {
    name,
    resolution,
    sees: tower.sees,
    device: options.device && options.device !== 'auto' ? options.device : 'cpu',
    encode,
    prepare,
    async compare(sketch, photo, weights) {
      const batch = checkedBatch(sketch, resolution)
      const target = 'layers' in photo ? photo : await prepare(photo, weights)
      const used = weights ?? target.weights
      checkWeights(used, tower)
      const feeds: Record<string, Tensor> = { images: sketch }
      target.layers.forEach((layer, i) => {
        if (used.layers[i]) feeds[wantedName(i)] = layer
      })
      if (target.embedding && used.embedding > 0) feeds['wanted_embedding'] = target.embedding
      const shapes = Object.fromEntries(Object.entries(feeds).map(([key, { shape }]) => [key, shape]))
      const key = `compare ${JSON.stringify([shapes, used])}`
      const results = await (await session(key, () => compareGraph(tower, batch, shapes, used))).run(feeds)
      const { loss, grad_images: gradient, ...terms } = results
      const numbers = Object.entries(terms).map(([term, value]) => [term, value.data[0]!] as const)
      return { loss: loss!.data[0]!, terms: Object.fromEntries(numbers), gradient: gradient! }
    },
    async dispose() {
      await Promise.all([...sessions.values()].map(async (opening) => (await opening).dispose()))
      sessions.clear()
    },
  }
}

function encodeGraph(tower: Tower, batch: number): Uint8Array {
  const g = new GraphBuilder()
  const { layers, embedding } = tower.build(g, pictures(g, tower, batch), batch)
  layers.forEach((layer, i) => g.output(layerName(i), layer))
  if (embedding) g.output('embedding', embedding)
  return writeModel(g.toGraph())
}

function compareGraph(
  tower: Tower,
  batch: number,
  shapes: Record<string, number[]>,
  weights: CompareWeights,
): Uint8Array {
  const g = new GraphBuilder()
  const seen = tower.build(g, pictures(g, tower, batch), batch)
  const input = (key: string): Value => (shapes[key] ? g.input(key, shapes[key]) : '')
  const wanted = { layers: seen.layers.map((_, i) => input(wantedName(i))), embedding: input('wanted_embedding') }
  const { loss, terms } = featureLoss(g, seen, wanted, weights)
  g.output('loss', loss)
  for (const [name, term] of Object.entries(terms)) g.output(name, term)
  return writeModel(gradientOf(g.toGraph(), 'loss', ['images']))
}

function pictures(g: GraphBuilder, { resolution }: Tower, batch: number): Value {
  return g.input('images', [batch, 3, resolution, resolution])
}

const layerName = (i: number): string => `layer_${i}`
const wantedName = (i: number): string => `wanted_${i}`

function checkedBatch({ shape, data }: Tensor, resolution: number): number {
  const [batch = 0, channels, height, width] = shape
  const fits = shape.length === 4 && batch > 0 && channels === 3 && height === resolution && width === resolution
  if (fits && data.length === batch * 3 * resolution ** 2) return batch
  throw new FewlineError({
    kind: 'call',
    expected: `pictures of shape [n, 3, ${resolution}, ${resolution}]`,
    came: `they have shape [${shape.join(', ')}]`,
    todo: "resize them to the encoder's resolution",
  })
}

function checkWeights(weights: CompareWeights, tower: Tower): void {
  const layers = tower.weights.layers.length
  const someCount = weights.layers.some((w) => w > 0) || weights.embedding > 0
  if (weights.layers.length === layers && someCount) return
  throw new FewlineError({
    kind: 'call',
    expected: `${layers} layer weights for ${tower.name}, not all of them 0`,
    came: `[${weights.layers.join(', ')}] came`,
    todo: 'give one weight for each layer',
  })
}
