import type { Weight } from '../../models/weight.ts'
import { randomFrom, type Random } from '../../random.ts'
import { sizeOf } from '../../tensor.ts'

/** The measures of a model. `patch` is there for a vision transformer, four numbers of `layers` for a residual network. */
export interface Measures {
  resolution: number
  width: number
  layers: number | readonly [number, number, number, number]
  patch?: number
  embedding: number
  text: { width: number; layers: number; context: number; vocabulary: number }
}

const TEXT = { width: 512, layers: 12, context: 77, vocabulary: 49408 }
const RESNET = { resolution: 224, width: 64, text: TEXT } as const
const TRANSFORMER = { resolution: 224, width: 768, layers: 12, embedding: 512, text: TEXT } as const

/** The models that OpenAI published, as far as Fewline uses them (Radford et al. 2021, tables 19 and 20). */
export const MEASURES: Readonly<Record<string, Measures>> = {
  RN50: { ...RESNET, layers: [3, 4, 6, 3], embedding: 1024 },
  RN101: { ...RESNET, layers: [3, 4, 23, 3], embedding: 512 },
  RN50x4: { resolution: 288, width: 80, layers: [4, 6, 10, 6], embedding: 640, text: { ...TEXT, width: 640 } },
  'ViT-B/32': { ...TRANSFORMER, patch: 32 },
  'ViT-B/16': { ...TRANSFORMER, patch: 16 },
}

/**
 * Weights of the real names and shapes and of sensible size, but random: they see nothing, at the real speed. Nothing is
 * kept: each read makes the numbers again.
 */
export function randomWeights(measures: Measures): Map<string, Weight> {
  const shapes = new Map([...imageShapes(measures), ...textShapes(measures)])
  return new Map(Array.from(shapes, ([name, shape], i) => [name, randomWeight(name, shape, i)]))
}

export type Shapes = [name: string, shape: number[]][]

function imageShapes({ resolution, width, layers, patch, embedding }: Measures): Shapes {
  if (typeof layers === 'number') {
    const places = (resolution / patch!) ** 2 + 1
    return under('visual.', [
      ['conv1.weight', [width, 3, patch!, patch!]],
      ['class_embedding', [width]],
      ['positional_embedding', [places, width]],
      ...normShapes('ln_pre', width),
      ...blockShapes('transformer.resblocks.', layers, width),
      ...normShapes('ln_post', width),
      ['proj', [width, embedding]],
    ])
  }
  const half = width / 2
  const last = 32 * width
  return under('visual.', [
    ...convShapes('conv1', 'bn1', half, 3, 3),
    ...convShapes('conv2', 'bn2', half, half, 3),
    ...convShapes('conv3', 'bn3', width, half, 3),
    ...layers.flatMap((count, stage) => stageShapes(`layer${stage + 1}.`, count, width * 2 ** stage, stage > 0)),
    ['attnpool.positional_embedding', [(resolution / 32) ** 2 + 1, last]],
    ...['q', 'k', 'v'].flatMap((name) => linearShapes(`attnpool.${name}_proj.`, last, last)),
    ...linearShapes('attnpool.c_proj.', embedding, last),
  ])
}

function stageShapes(prefix: string, count: number, planes: number, halved: boolean): Shapes {
  const out = 4 * planes
  const block = (i: number): Shapes => {
    const into = i > 0 ? out : halved ? 2 * planes : planes
    return under(`${prefix}${i}.`, [
      ...convShapes('conv1', 'bn1', planes, into, 1),
      ...convShapes('conv2', 'bn2', planes, planes, 3),
      ...convShapes('conv3', 'bn3', out, planes, 1),
      ...(i === 0 ? convShapes('downsample.0', 'downsample.1', out, into, 1) : []),
    ])
  }
  return Array.from({ length: count }, (_, i) => block(i)).flat()
}

function textShapes({ embedding, text: { width, layers, context, vocabulary } }: Measures): Shapes {
  return [
    ['token_embedding.weight', [vocabulary, width]],
    ['positional_embedding', [context, width]],
    ...blockShapes('transformer.resblocks.', layers, width),
    ...normShapes('ln_final', width),
    ['text_projection', [width, embedding]],
    ['logit_scale', []],
  ]
}

function blockShapes(prefix: string, layers: number, width: number): Shapes {
  const block: Shapes = [
    ...normShapes('ln_1', width),
    ['attn.in_proj_weight', [3 * width, width]],
    ['attn.in_proj_bias', [3 * width]],
    ...linearShapes('attn.out_proj.', width, width),
    ...normShapes('ln_2', width),
    ...linearShapes('mlp.c_fc.', 4 * width, width),
    ...linearShapes('mlp.c_proj.', width, 4 * width),
  ]
  return Array.from({ length: layers }, (_, i) => under(`${prefix}${i}.`, block)).flat()
}

function convShapes(conv: string, norm: string, out: number, into: number, side: number): Shapes {
  const statistics: Shapes = [
    [`${norm}.running_mean`, [out]],
    [`${norm}.running_var`, [out]],
  ]
  return [[`${conv}.weight`, [out, into, side, side]], ...normShapes(norm, out), ...statistics]
}

export function normShapes(name: string, width: number): Shapes {
  return [
    [`${name}.weight`, [width]],
    [`${name}.bias`, [width]],
  ]
}

export function linearShapes(prefix: string, out: number, into: number): Shapes {
  return under(prefix, [
    ['weight', [out, into]],
    ['bias', [out]],
  ])
}

function under(prefix: string, shapes: Shapes): Shapes {
  return shapes.map(([name, shape]) => [prefix + name, shape])
}

export function randomWeight(name: string, shape: number[], seed: number): Weight {
  return { shape, type: 'float32', read: () => filled(name, shape, randomFrom(seed)) }
}

/** Matrices keep the size of what they are fed (He et al. 2015); norms scale by about one, and a block's last by less. */
function filled(name: string, shape: readonly number[], random: Random): Float32Array {
  const numbers = new Float32Array(sizeOf(shape))
  const perOutput = shape.length > 1 && !name.includes('embedding') ? sizeOf(shape.slice(1)) : undefined
  const spread = perOutput === undefined ? 0.05 : Math.sqrt(6 / perOutput)
  const centre = /running_var$|logit_scale$/.test(name)
    ? 1
    : /(bn|ln|downsample\.1).*weight$/.test(name)
      ? gain(name)
      : 0
  // A generator for each number would take longer than the model: a short run of numbers is repeated at odd places.
  const run = Float32Array.from({ length: 4099 }, () => centre + spread * (2 * random() - 1))
  for (let at = 0; at < numbers.length; at += run.length) numbers.set(run.subarray(0, numbers.length - at), at)
  return numbers
}

function gain(name: string): number {
  return name.includes('bn3') ? 0.25 : 1
}
