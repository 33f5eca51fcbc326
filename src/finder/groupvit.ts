import { bicubic } from '../encoder/clip/bicubic.ts'
import type { Named } from '../encoder/clip/named.ts'
import type { TextManner } from '../encoder/clip/text.ts'
import { gelu, headsFor, layerNorm, linear, transformer } from '../encoder/clip/transformer.ts'
import { softmax } from '../encoder/labels.ts'
import { dot, rowsOf, unit } from '../encoder/vectors.ts'
import type { GraphBuilder } from '../onnx/builder.ts'
import { laterConstant, type Value } from '../onnx/graph.ts'
import { tensor, type Tensor } from '../tensor.ts'
import { together } from './boxes.ts'
import type { Finder, FinderOptions, Sight } from './finder.ts'
import { IMAGENET } from './imagenet.ts'
import { sorted } from './meaning.ts'
import { checkWeights, openModel, phraseReader, remembered, type Model } from './model.ts'
import { onSquare } from './square.ts'
import { onPhoto, thingsIn } from './things.ts'

/** The side of the pictures that it is shown: twice what it was trained with, as the authors test it. */
const SIZE = 448
const TEMPLATE = 'a photo of a @.'
/** Everything else, for which the authors have the other names of a data set. */
const OTHER = ['other', 'background', 'wall', 'floor', 'sky', 'ground']
/** Of all names only so many count in one picture, … */
const NAMES = 5
/** … and a scale beyond this is a mistake. */
const MOST_SCALE = 100

/** Heads that share the width, where a model departs from the published one. */
export interface Heads {
  vision?: number
  text?: number
}

/** The groups that GroupViT makes of a picture. */
export interface Groups {
  /** What each is, in the space of the texts. [groups, d] */
  meanings: Tensor
  /** What the whole picture is. [d] */
  whole: Float32Array
  /** How much each patch belongs to each group. [patches, groups] */
  belongs: Tensor
}

const LICENCE = 'The weights of GroupViT may be used for research and evaluation only, never commercially.'

/**
 * GroupViT (Xu et al. 2022): a picture's patches gather in 64 groups and those in 8, each of which means a part of it, learned
 * from texts alone. Its weights are for research, not for trade.
 */
export async function groupvitFinder(path: string, options: FinderOptions, heads: Heads = {}): Promise<Finder> {
  const model = await openGroupvit(path, options, heads)
  const look = remembered(async (sight: Sight) => {
    const square = onSquare(sight.picture, SIZE)
    const plane = SIZE * SIZE
    const data = square.data.map((value, i) => {
      const c = Math.floor(i / plane)
      return (value - IMAGENET.mean[c]!) / IMAGENET.deviation[c]!
    })
    return groupsIn(model, { ...square, data }, heads)
  })
  const read = phraseReader(model, TEMPLATE)
  return {
    name: 'groupvit',
    notes: [...model.notes, LICENCE],
    async find(sight, { words = [] }) {
      const { meant, others } = sorted(words)
      const labels = [...meant, ...others, ...OTHER.filter((other) => !words.some((phrase) => phrase.includes(other)))]
      const texts = (await read(labels)).map(unit)
      const groups = await look(sight)
      const scale = Math.exp(model.weights.read('logit_scale').data[0]!)
      const likely = groupScores(groups, texts, scale)
      const own = strongest(groups.belongs)
      const side = Math.round(Math.sqrt(own.length))
      return together(
        meant.map((phrase, i) => {
          const map = tensor(
            [side, side],
            Float32Array.from(own, (group) => likely[group]![i]!),
          )
          return thingsIn(onPhoto(map, sight), phrase, sight)
        }),
      )
    },
    dispose: () => model.dispose(),
  }
}

/** How likely each group is each of the texts (unit vectors), as the authors segment: only the picture's best names count. */
export function groupScores({ meanings, whole }: Groups, texts: readonly Float32Array[], scale: number): number[][] {
  const logits = (row: Float32Array): number[] =>
    texts.map((text) => Math.min(scale, MOST_SCALE) * dot(unit(row), text))
  const best = logits(whole)
    .map((logit, i) => ({ logit, i }))
    .sort((a, b) => b.logit - a.logit)
  const counting = new Set(best.slice(0, NAMES).map(({ i }) => i))
  return rowsOf(meanings).map((row) => {
    const all = softmax(logits(row))
    const among = softmax(logits(row).map((logit, i) => (counting.has(i) ? logit : -Infinity)))
    return all.map((value, i) => value * among[i]!)
  })
}

/** The group that each patch belongs to most. */
export function strongest(belongs: Tensor): number[] {
  return rowsOf(belongs).map((row) => row.reduce((best, value, i) => (value > row[best]! ? i : best), 0))
}

/** Opens the weights of GroupViT. Throws a FewlineError of kind `model` for others. */
export async function openGroupvit(path: string, options: FinderOptions, { text }: Heads = {}): Promise<Model> {
  const manner: TextManner = {
    ...(text !== undefined && { heads: text }),
    projected: (g, x, weights) => projected(g, x, weights, 'text_projection.'),
  }
  const model = await openModel(path, options, manner)
  checkWeights(model, 'GroupViT', 'vision_model.encoder.stages.0.group_token', 'visual_projection.0.weight')
  return model
}

/** The groups in pictures [1, 3, h, w] around ImageNet's mean. */
export async function groupsIn(model: Model, pictures: Tensor, heads: Heads = {}): Promise<Groups> {
  const write = (g: GraphBuilder): void => {
    for (const [name, value] of Object.entries(
      groupGraph(g, g.input('pictures', pictures.shape), model.weights, heads),
    ))
      g.output(name, value)
  }
  const { meanings, whole, belongs } = await model.run(`groups ${pictures.shape.join(' ')}`, write, { pictures })
  return { meanings: meanings!, whole: whole!.data, belongs: belongs! }
}

function groupGraph(g: GraphBuilder, pictures: Value, all: Named, { vision }: Heads): Record<string, Value> {
  const weights = all.within('vision_model.')
  let x = embedded(g, pictures, weights.within('embeddings.'))
  const [, , width] = g.shapes.of(x) as [number, number, number]
  const heads = vision ?? headsFor(width)
  let groups: Value | undefined
  let belongs: Value | undefined
  const stages = weights.within('encoder.')
  for (let i = 0; i < stages.count('stages.'); i++) {
    const stage = stages.within(`stages.${i}.`)
    const [, count] = g.shapes.of(x) as [number, number]
    const own = stage.has('group_token') ? groupTokens(g, stage, groups) : undefined
    const tokens = own ? g.op('Concat', [x, own], { axis: 1 }) : x
    const seen = transformer(g, tokens, stage.within('resblocks.'), { heads, activation: gelu }).layers.at(-1)!
    if (!own) {
      x = seen
      continue
    }
    const part = (from: number, to: number): Value => g.op('Slice', [seen, g.ints([from]), g.ints([to]), g.ints([1])])
    groups = part(count, 2 ** 31 - 1)
    const { gathered, soft } = gather(g, part(0, count), groups, stage.within('downsample.'), heads)
    x = gathered
    const shares = g.op('Transpose', [soft], { perm: [0, 2, 1] })
    belongs = belongs ? g.op('MatMul', [belongs, shares]) : shares
  }
  const last = layerNorm(g, x, weights, 'layernorm')
  const [, count] = g.shapes.of(last) as [number, number]
  const flat = g.op('Reshape', [last, g.ints([count, width])])
  const mean = g.op('ReduceMean', [flat], { axes: [0], keepdims: 1 })
  const [, patches, kinds] = g.shapes.of(belongs!) as [number, number, number]
  return {
    meanings: projected(g, flat, all, 'visual_projection.'),
    whole: projected(g, mean, all, 'visual_projection.'),
    belongs: g.op('Reshape', [belongs!, g.ints([patches, kinds])]),
  }
}

/** Pictures as tokens [1, patches, width]; no class token. Where they have another size, their places lie closer. */
function embedded(g: GraphBuilder, pictures: Value, weights: Named): Value {
  const kernel = 'patch_embeddings.projection.weight'
  const [width, , patch] = weights.shape(kernel, 4) as [number, number, number]
  const inputs = [kernel, 'patch_embeddings.projection.bias'].map((name) => g.constant(weights.constant(name)))
  const patches = g.op('Conv', [pictures, ...inputs], { strides: [patch, patch] })
  const [, , rows, columns] = g.shapes.of(patches) as [number, number, number, number]
  const flat = g.op('Transpose', [g.op('Reshape', [patches, g.ints([1, width, -1])])], { perm: [0, 2, 1] })
  const places = laterConstant([rows * columns, width], () => {
    const { data } = weights.read('position_embeddings')
    const side = Math.round(Math.sqrt(data.length / width))
    return rows === side && columns === side ? data : bicubic(tensor([side, side, width], data), rows, columns).data
  })
  return g.op('Add', [layerNorm(g, flat, weights, 'layernorm'), g.constant(places)])
}

/** A stage's own groups, told what those of the stage before have become. */
function groupTokens(g: GraphBuilder, stage: Named, before?: Value): Value {
  const own = g.constant(stage.constant('group_token'))
  if (!before) return own
  const projector = stage.within('group_projector.')
  return g.op('Add', [own, acrossTokens(g, layerNorm(g, before, projector, '0'), projector.within('1.'))])
}

/** Tokens gather in groups, each in the one that it is most like; `soft` [1, groups, tokens] is how much so. */
function gather(g: GraphBuilder, tokens: Value, before: Value, weights: Named, heads: number) {
  const x = layerNorm(g, tokens, weights, 'norm_x')
  const mixed = acrossTokens(g, layerNorm(g, before, weights, 'norm_tokens'), weights.within('mlp_inter.'))
  const groups = asked(
    g,
    layerNorm(g, mixed, weights, 'norm_post_tokens'),
    x,
    weights.within('pre_assign_attn.'),
    heads,
  )
  const assign = weights.within('assign.')
  const line = (input: Value, name: string): Value => linear(g, input, assign, `${name}.weight`, `${name}.bias`)
  const [, , width] = g.shapes.of(x) as [number, number, number]
  const keys = g.op('Transpose', [line(x, 'k_proj')], { perm: [0, 2, 1] })
  const raw = g.op('Mul', [g.op('MatMul', [line(groups, 'q_proj'), keys]), g.scalar(width ** -0.5)])
  const best = g.op('ReduceMax', [raw], { axes: [1], keepdims: 1 })
  const hard = g.op('Cast', [g.op('GreaterOrEqual', [raw, best])], { to: 1 })
  // One more than its members: a group of none stays nothing.
  const sizes = g.op('Add', [g.op('ReduceSum', [hard, g.ints([2])], { keepdims: 1 }), g.scalar(1)])
  const sums = g.op('MatMul', [g.op('Div', [hard, sizes]), line(x, 'v_proj')])
  const made = g.op('Add', [line(sums, 'proj'), groups])
  const channels = mlp(g, layerNorm(g, made, weights, 'norm_new_x'), weights.within('mlp_channels.'))
  return { gathered: g.op('Add', [made, channels]), soft: g.op('Softmax', [raw], { axis: 1 }) }
}

/** Groups that look at tokens. */
function asked(g: GraphBuilder, groups: Value, tokens: Value, weights: Named, heads: number): Value {
  const attn = weights.within('attn.')
  const [, , width] = g.shapes.of(groups) as [number, number, number]
  const side = width / heads
  const split = (input: Value, name: string, perm: number[]): Value => {
    const all = linear(g, input, attn, `${name}_proj.weight`, `${name}_proj.bias`)
    const count = g.shapes.of(all)[1]!
    return g.op('Transpose', [g.op('Reshape', [all, g.ints([1, count, heads, side])])], { perm })
  }
  const queries = g.op('Mul', [split(groups, 'q', [0, 2, 1, 3]), g.scalar(side ** -0.5)])
  const attention = g.op('Softmax', [g.op('MatMul', [queries, split(tokens, 'k', [0, 2, 3, 1])])], { axis: -1 })
  const seen = g.op('Transpose', [g.op('MatMul', [attention, split(tokens, 'v', [0, 2, 1, 3])])], {
    perm: [0, 2, 1, 3],
  })
  const joined = g.op('Reshape', [seen, g.ints([1, -1, width])])
  const x = g.op('Add', [groups, linear(g, joined, attn, 'out_proj.weight', 'out_proj.bias')])
  const y = g.op('Add', [x, mlp(g, layerNorm(g, x, weights, 'norm2'), weights.within('mlp.'))])
  return layerNorm(g, y, weights, 'norm_post')
}

function mlp(g: GraphBuilder, x: Value, weights: Named): Value {
  return linear(g, gelu(g, linear(g, x, weights, 'fc1.weight', 'fc1.bias')), weights, 'fc2.weight', 'fc2.bias')
}

/** A perceptron along the tokens instead of along their numbers. */
function acrossTokens(g: GraphBuilder, x: Value, weights: Named): Value {
  const turned = (value: Value): Value => g.op('Transpose', [value], { perm: [0, 2, 1] })
  return turned(mlp(g, turned(x), weights))
}

/** Two layers with a batch norm between them, [n, width] → [n, d]. */
function projected(g: GraphBuilder, x: Value, all: Named, name: string): Value {
  const weights = all.within(name)
  const norm = ['1.weight', '1.bias', '1.running_mean', '1.running_var'].map((part) =>
    g.constant(weights.constant(part)),
  )
  const first = linear(g, x, weights, '0.weight', '0.bias')
  const normed = g.op('BatchNormalization', [first, ...norm], { epsilon: 1e-5 })
  return linear(g, g.op('Relu', [normed]), weights, '3.weight', '3.bias')
}
