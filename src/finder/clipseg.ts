import { attend, layerNorm, linear, perceptron, transformer } from '../encoder/clip/transformer.ts'
import { patchTokens } from '../encoder/clip/vit.ts'
import type { GraphBuilder } from '../onnx/builder.ts'
import type { Value } from '../onnx/graph.ts'
import { tensor, type Tensor } from '../tensor.ts'
import { together } from './boxes.ts'
import type { Finder, FinderOptions, Sight } from './finder.ts'
import { IMAGENET } from './imagenet.ts'
import { sorted } from './meaning.ts'
import { checkWeights, evened, openModel, phraseReader, remembered, sigmoid, type Model } from './model.ts'
import { planesOf, resampled } from './resample.ts'
import { thingsIn, unbent } from './things.ts'

/** The side of the pictures that it is shown. */
const SIZE = 352
/** A pixel that scores more is taken. */
const YES = 0.4

/** Where a model departs from the published one. */
export interface Measures {
  /** The blocks whose output the decoder sees, counted from 0. */
  extracted?: readonly number[]
  heads?: { vision?: number; text?: number; decoder?: number }
  size?: number
}

const EXTRACTED = [3, 6, 9]
const DECODER_HEADS = 4

/** CLIPSeg (Lüddecke and Ecker 2022): masks from words. Only the decoder needs the words, so that a photo is seen once. */
export async function clipsegFinder(path: string, options: FinderOptions, measures: Measures = {}): Promise<Finder> {
  const model = await openClipseg(path, options, measures)
  const look = remembered((sight: Sight) => {
    const { data } = resampled(sight.picture, SIZE, SIZE, 'bilinear')
    const planes = planesOf({ width: SIZE, height: SIZE, data }, IMAGENET.mean, IMAGENET.deviation)
    return activations(model, tensor([1, 3, SIZE, SIZE], planes), measures)
  })
  const read = phraseReader(model)
  const maps = remembered<Sight, Map<string, Promise<Tensor>>>(async () => new Map())
  return {
    name: 'clipseg',
    notes: model.notes,
    async find(sight, { words = [] }) {
      const { meant, others } = sorted(words)
      const seen = await look(sight)
      const known = await maps(sight)
      // All that are new are read at once.
      await read([...meant, ...others].filter((phrase) => !known.has(phrase)))
      const mapOf = (phrase: string): Promise<Tensor> => {
        const before = known.get(phrase)
        if (before) return before
        const map = read([phrase]).then(([text]) => likely(text!, seen, model, measures))
        known.set(phrase, map)
        map.catch(() => known.delete(phrase))
        return map
      }
      const against: Tensor[] = []
      for (const phrase of others) against.push(await mapOf(phrase))
      const found = []
      for (const phrase of meant) {
        const map = await mapOf(phrase)
        // What looks more like something that is not meant is not meant.
        const data = map.data.map((value, i) => (against.some((other) => other.data[i]! > value) ? 0 : value))
        found.push(thingsIn(unbent({ ...map, data }, sight), phrase, sight))
      }
      return together(found)
    },
    dispose: () => model.dispose(),
  }
}

/** [SIZE, SIZE]: how likely each pixel is what a text says, ½ where one would say yes as soon as no. */
async function likely(text: Float32Array, seen: readonly Tensor[], model: Model, measures: Measures): Promise<Tensor> {
  const { data, shape } = await segment(model, seen, text, measures)
  return { data: data.map((logit) => evened(sigmoid(logit), YES)), shape }
}

/** Opens the weights of CLIPSeg. Throws a FewlineError of kind `model` for others. */
export async function openClipseg(path: string, options: FinderOptions, { heads }: Measures = {}): Promise<Model> {
  const model = await openModel(path, options, heads?.text === undefined ? {} : { heads: heads.text })
  checkWeights(model, 'CLIPSeg', 'decoder.film_mul.weight', 'visual.conv1.weight')
  return model
}

/**
 * What the decoder needs of pictures [1, 3, s, s] (around ImageNet's mean): an array [1, 1 + patches, d] for each of its
 * blocks.
 */
export async function activations(model: Model, pictures: Tensor, measures: Measures = {}): Promise<Tensor[]> {
  const extracted = measures.extracted ?? EXTRACTED
  const write = (g: GraphBuilder): void => {
    const visual = model.weights.within('visual.')
    const tokens = patchTokens(g, g.input('pictures', pictures.shape), visual)
    const { layers } = transformer(g, tokens, visual.within('transformer.resblocks.'), {
      blocks: Math.max(...extracted) + 1,
      ...(measures.heads?.vision !== undefined && { heads: measures.heads.vision }),
    })
    // The deepest first, as the decoder takes them.
    extracted.toReversed().forEach((block, i) => {
      const decoder = model.weights.within(`decoder.reduces.${i}.`)
      g.output(`seen_${i}`, linear(g, layers[block]!, decoder, 'weight', 'bias'))
    })
  }
  const seen = await model.run(`seen ${pictures.shape.join(' ')}`, write, { pictures })
  return extracted.map((_, i) => seen[`seen_${i}`]!)
}

/** Logits of each pixel [s, s] for what `condition` [d] means: a text, a picture, or something between the two. */
export async function segment(
  model: Model,
  seen: readonly Tensor[],
  condition: Float32Array,
  measures: Measures = {},
): Promise<Tensor> {
  const write = (g: GraphBuilder): void => {
    const inputs = seen.map(({ shape }, i) => g.input(`seen_${i}`, shape))
    g.output('logits', decoded(g, inputs, g.input('condition', [1, condition.length]), model, measures))
  }
  const feeds = Object.fromEntries(seen.map((one, i) => [`seen_${i}`, one]))
  const { logits } = await model.run(`decode ${seen[0]!.shape.join(' ')}`, write, {
    ...feeds,
    condition: tensor([1, condition.length], condition),
  })
  return tensor(logits!.shape.slice(-2), logits!.data)
}

function decoded(g: GraphBuilder, seen: readonly Value[], condition: Value, model: Model, measures: Measures): Value {
  const decoder = model.weights.within('decoder.')
  const heads = measures.heads?.decoder ?? DECODER_HEADS
  let x = seen[0]!
  seen.forEach((own, i) => {
    if (i > 0) x = g.op('Add', [own, x])
    // The words come in once: each channel is scaled and shifted as they say (FiLM: Dumoulin et al. 2018).
    else x = filmed(g, x, condition, decoder)
    const block = decoder.within(`resblocks.${i}.`)
    x = layerNorm(g, g.op('Add', [x, attend(g, x, block.within('attn.'), { heads }).output]), block, 'ln_1')
    x = layerNorm(g, g.op('Add', [x, perceptron(g, x, block.within('mlp.'), relu)]), block, 'ln_2')
  })
  const [, tokens, width] = g.shapes.of(x) as [number, number, number]
  const side = Math.round(Math.sqrt(tokens - 1))
  const patches = g.op('Slice', [x, g.ints([1]), g.ints([2 ** 31 - 1]), g.ints([1])])
  const map = g.op('Reshape', [g.op('Transpose', [patches], { perm: [0, 2, 1] }), g.ints([1, width, side, side])])
  const head = decoder.within('transposed_convolution.')
  if (!head.has('0.weight')) return enlarged(g, map, head, '')
  const first = [map, g.constant(head.constant('0.weight')), g.constant(head.constant('0.bias'))]
  const fine = relu(g, g.op('Conv', first, { pads: [1, 1, 1, 1] }))
  return enlarged(g, relu(g, enlarged(g, fine, head, '2.')), head, '4.')
}

function filmed(g: GraphBuilder, x: Value, condition: Value, decoder: Model['weights']): Value {
  const [factor, shift] = ['film_mul', 'film_add'].map((name) =>
    linear(g, condition, decoder, `${name}.weight`, `${name}.bias`),
  )
  return g.op('Add', [g.op('Mul', [x, factor!]), shift!])
}

/** A transposed convolution that makes each pixel a square. */
function enlarged(g: GraphBuilder, x: Value, weights: Model['weights'], name: string): Value {
  const [, , side] = weights.shape(`${name}weight`, 4) as [number, number, number]
  const inputs = [x, g.constant(weights.constant(`${name}weight`)), g.constant(weights.constant(`${name}bias`))]
  return g.op('ConvTranspose', inputs, { strides: [side, side], kernel_shape: [side, side] })
}

function relu(g: GraphBuilder, x: Value): Value {
  return g.op('Relu', [x])
}
