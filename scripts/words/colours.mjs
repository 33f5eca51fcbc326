/*
 * A CLIP written by hand that knows colours and nothing else: a picture means its mean colour next to grey, a patch its
 * own, a text the mean of its words' colours. With it the README's pictures of words are made and tests have something
 * that understands, where nothing was downloaded. Its attention is even, its perceptrons are nothing.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

/** What words mean: how much red, green and blue lie above grey. */
export const WORDS = {
  ...{ red: [1, -0.6, -0.6], green: [-0.6, 0.8, -0.6], blue: [-0.6, -0.3, 1], yellow: [0.9, 0.8, -0.9] },
  ...{ orange: [1, 0.1, -0.9], pink: [1, -0.1, 0.4], purple: [0.5, -0.8, 0.7], white: [1, 1, 1], black: [-1, -1, -1] },
  ...{ bright: [1, 1, 1], dark: [-1, -1, -1], warm: [0.9, 0.1, -0.9], cold: [-0.8, 0, 0.9] },
  ...{ sunset: [1, 0, -0.7], night: [-0.9, -0.8, -0.1], snow: [0.8, 0.9, 1], sea: [-0.8, 0.1, 0.6] },
  ...{ grass: [-0.5, 0.7, -0.7], sky: [-0.4, 0.3, 0.9], sand: [0.7, 0.4, -0.4] },
}

/** Of pictures and of texts: how wide, and how many blocks. */
const [SEEN, READ] = [
  { width: 64, layers: 3 },
  { width: 32, layers: 1 },
]
const [RESOLUTION, PATCH, EMBEDDING, CONTEXT, VOCABULARY] = [64, 16, 8, 77, 49408]
/** What CLIP's preparation takes off a colour and divides it by. */
const [MEAN, DEVIATION] = [
  [0.48145466, 0.4578275, 0.40821073],
  [0.26862954, 0.26130258, 0.27577711],
]
/** How far a colour reaches into a token, next to what every token holds: norms hardly change it then. */
const REACH = 0.25
/** What every embedding holds besides its colour, so that grey means something too. */
const ALWAYS = 0.2
/** The first tokens are single bytes, and those that end a word. */
const FIRST = 512
const MERGES = 48894

/** Writes the weights and the vocabulary into a folder; gives the path of the weights. */
export function writeColours(folder) {
  const { merges, numbers } = vocabulary(Object.keys(WORDS))
  const rest = Array.from({ length: MERGES + 10 - merges.length }, (_, i) => `unused${i} unused`)
  writeFileSync(join(folder, 'bpe_simple_vocab_16e6.txt.gz'), gzipSync(['"words"', ...merges, ...rest].join('\n')))
  const path = join(folder, 'colours.safetensors')
  writeFileSync(
    path,
    safetensors({ ...pictureTower(), ...textTower(numbers), logit_scale: made([], () => Math.log(100)) }),
  )
  return path
}

/** Pairs that join each word from its letters, and the number of the token that it becomes. */
function vocabulary(words) {
  const merges = []
  const numbers = words.map((word) => {
    let parts = [...word].with(-1, `${word.at(-1)}</w>`)
    // As a tokenizer does it: the pair that has stood first the longest is joined first.
    for (const merge of merges) parts = joined(parts, merge)
    while (parts.length > 1) {
      merges.push(`${parts[0]} ${parts[1]}`)
      parts = joined(parts, merges.at(-1))
    }
    return FIRST + merges.findIndex((merge) => merge.replace(' ', '') === parts[0])
  })
  return { merges, numbers }
}

function joined(parts, merge) {
  const next = []
  for (let i = 0; i < parts.length; i++)
    next.push(`${parts[i]} ${parts[i + 1]}` === merge ? parts[i] + parts[++i] : parts[i])
  return next
}

function pictureTower() {
  const { width, layers } = SEEN
  const places = 1 + (RESOLUTION / PATCH) ** 2
  return under('visual.', {
    'conv1.weight': made([width, 3, PATCH, PATCH], (channel, colour) =>
      signed(channel, (of) => (of === colour ? (REACH * DEVIATION[colour]) / PATCH ** 2 : 0)),
    ),
    class_embedding: made([width], held),
    positional_embedding: made([places, width], (place, channel) =>
      place === 0 ? 0 : held(channel) + signed(channel, (of) => REACH * (MEAN[of] - 0.5)),
    ),
    ...norm('ln_pre', width),
    ...under('transformer.', blocks(width, layers, 1)),
    ...norm('ln_post', width),
    proj: projection(width),
  })
}

function textTower(numbers) {
  const { width, layers } = READ
  const colours = new Map(numbers.map((number, i) => [number, Object.values(WORDS)[i]]))
  return {
    'token_embedding.weight': made(
      [VOCABULARY, width],
      (token, channel) => held(channel) + signed(channel, (of) => (REACH * (colours.get(token)?.[of] ?? 0)) / 2),
    ),
    positional_embedding: made([CONTEXT, width], () => 0),
    // A text begins and ends with tokens that say nothing.
    ...under('transformer.', blocks(width, layers, 3)),
    ...norm('ln_final', width),
    text_projection: projection(width),
  }
}

/** A token holds each colour twice, the second time as its opposite, and then ones and minus ones: their mean is nothing. */
function signed(channel, value) {
  return channel < 3 ? value(channel) : channel < 6 ? -value(channel - 3) : 0
}
function held(channel) {
  return channel < 6 ? 0 : channel % 2 === 0 ? 1 : -1
}

/** In the first of the blocks every token learns the mean colour of all that it sees, `gain` times; the others do nothing. */
function blocks(width, layers, gain) {
  const block = (first) => ({
    ...norm('ln_1', width),
    'attn.in_proj_weight': made([3 * width, width], (to, from) => Number(to === 2 * width + from)),
    'attn.in_proj_bias': made([3 * width], () => 0),
    'attn.out_proj.weight': made([width, width], (to, from) => (first && to === from && to < 6 ? gain : 0)),
    'attn.out_proj.bias': made([width], () => 0),
    ...norm('ln_2', width),
    'mlp.c_fc.weight': made([4 * width, width], () => 0),
    'mlp.c_fc.bias': made([4 * width], () => 0),
    'mlp.c_proj.weight': made([width, 4 * width], () => 0),
    'mlp.c_proj.bias': made([width], () => 0),
  })
  const all = Array.from({ length: layers }, (_, i) => under(`resblocks.${i}.`, block(i === 0)))
  return Object.assign({}, ...all)
}

/** The colour, and what every token holds. */
function projection(width) {
  return made([width, EMBEDDING], (from, to) =>
    to === 7 ? ALWAYS * Number(from === 6) : Number(from === to && to < 3),
  )
}

function norm(name, width) {
  return { [`${name}.weight`]: made([width], () => 1), [`${name}.bias`]: made([width], () => 0) }
}

function under(prefix, tensors) {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [prefix + name, tensor]))
}

/** A tensor of this shape, each number by its place along the first two sides. */
function made(shape, at) {
  const [rows = 1, columns = 1, ...inner] = shape
  const each = inner.reduce((product, side) => product * side, 1)
  const data = new Float32Array(rows * columns * each)
  for (let row = 0, i = 0; row < rows; row++)
    for (let column = 0; column < columns; column++, i += each) data.fill(at(row, column), i, i + each)
  return { shape, data }
}

/** A file of tensors: the length of a heading, the heading, the numbers. */
function safetensors(tensors) {
  let end = 0
  const entries = Object.entries(tensors).map(([name, { shape, data }]) => {
    const begin = end
    end += data.byteLength
    return [name, { dtype: 'F32', shape, data_offsets: [begin, end] }]
  })
  const heading = Buffer.from(JSON.stringify(Object.fromEntries(entries)))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(heading.length))
  return Buffer.concat([length, heading, ...Object.values(tensors).map(({ data }) => Buffer.from(data.buffer))])
}
