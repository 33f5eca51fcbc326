import type { Weight } from './weight.ts'

/** What another publisher calls a tensor, what OpenAI calls it, and how the two differ in shape. */
type Rule = readonly [from: RegExp, to: string | ((...found: string[]) => string), change?: (weight: Weight) => Weight]

/**
 * Training programs wrap a model in the first two, finders the CLIP in them; open_clip keeps towers of other makers in the
 * last.
 */
const WRAPPING = /^(state_dict\.)?(module\.)?(owlvit\.|owlv2\.|clip\.)?(visual\.trunk\.|text\.)?/

/** Buffers that are no weights. Only timm gives the projection of a vision transformer a bias, of zeros. */
const DROPPED = /^(input_resolution|context_length|vocab_size|attn_mask|head\.bias)$/

/** The names of no publisher are those of another, so one table serves for all; OpenAI's own pass through it. */
const RULES: readonly Rule[] = [
  // timm's ResNets (byobnet.py, _convert_openai_clip).
  [/^stem\.conv(\d)\.conv\./, 'visual.conv$1.'],
  [/^stem\.conv(\d)\.bn\./, 'visual.bn$1.'],
  [/^stages\.(\d+)\.(\d+)\.conv(\d)_(?:1x1|kxk)\.(conv|bn)\./, (_, s, b, i, kind) => `${stage(s, b)}.${kind}${i}.`],
  [/^stages\.(\d+)\.(\d+)\.shortcut\.conv\.conv\./, (_, s, b) => `${stage(s, b)}.downsample.0.`],
  [/^stages\.(\d+)\.(\d+)\.shortcut\.conv\.bn\./, (_, s, b) => `${stage(s, b)}.downsample.1.`],
  [/^head\.pos_embed$/, 'visual.attnpool.positional_embedding', (weight) => last(weight, 2)],
  [/^head\.([qkv])\./, 'visual.attnpool.$1_proj.'],
  [/^head\.proj\./, 'visual.attnpool.c_proj.'],

  // timm's vision transformers (vision_transformer.py, _convert_openai_clip).
  [/^cls_token$/, 'visual.class_embedding', (weight) => last(weight, 1)],
  [/^pos_embed$/, 'visual.positional_embedding', (weight) => last(weight, 2)],
  [/^patch_embed\.proj\./, 'visual.conv1.'],
  [/^norm_pre\./, 'visual.ln_pre.'],
  [/^norm\./, 'visual.ln_post.'],
  [/^head\.weight$/, 'visual.proj', transposed],
  [/^blocks\.(\d+)\.norm(\d)\./, 'visual.transformer.resblocks.$1.ln_$2.'],
  [/^blocks\.(\d+)\.attn\.qkv\./, 'visual.transformer.resblocks.$1.attn.in_proj_'],
  [/^blocks\.(\d+)\.attn\.proj\./, 'visual.transformer.resblocks.$1.attn.out_proj.'],
  [/^blocks\.(\d+)\.mlp\.fc1\./, 'visual.transformer.resblocks.$1.mlp.c_fc.'],
  [/^blocks\.(\d+)\.mlp\.fc2\./, 'visual.transformer.resblocks.$1.mlp.c_proj.'],

  // Hugging Face's transformers (convert_clip_original_pytorch_to_hf.py); "layrnorm" is theirs.
  [/^vision_model\.embeddings\.class_embedding$/, 'visual.class_embedding'],
  [/^vision_model\.embeddings\.patch_embedding\./, 'visual.conv1.'],
  [/^vision_model\.embeddings\.position_embedding\.weight$/, 'visual.positional_embedding'],
  [/^vision_model\.pre_lay(?:er|r)norm\./, 'visual.ln_pre.'],
  [/^vision_model\.post_layernorm\./, 'visual.ln_post.'],
  [/^visual_projection\.weight$/, 'visual.proj', transposed],
  [/^text_model\.embeddings\.token_embedding\./, 'token_embedding.'],
  [/^text_model\.embeddings\.position_embedding\.weight$/, 'positional_embedding'],
  [/^text_model\.final_layer_norm\./, 'ln_final.'],
  [/^text_projection\.weight$/, 'text_projection', transposed],
  [/^(vision|text)_model\.encoder\.layers\.(\d+)\.layer_norm(\d)\./, (_, t, i, n) => `${block(t, i)}.ln_${n}.`],
  [/^(vision|text)_model\.encoder\.layers\.(\d+)\.self_attn\./, (_, t, i) => `${block(t, i)}.attn.`],
  [/^(vision|text)_model\.encoder\.layers\.(\d+)\.mlp\.fc1\./, (_, t, i) => `${block(t, i)}.mlp.c_fc.`],
  [/^(vision|text)_model\.encoder\.layers\.(\d+)\.mlp\.fc2\./, (_, t, i) => `${block(t, i)}.mlp.c_proj.`],

  // The blocks of finders that have more than CLIP's: the decoder of CLIPSeg, the stages of GroupViT.
  [/^(decoder|vision_model\.encoder\.stages\.\d+)\.layers\.(\d+)\.layer_norm(\d)\./, '$1.resblocks.$2.ln_$3.'],
  [/^(decoder|vision_model\.encoder\.stages\.\d+)\.layers\.(\d+)\.self_attn\./, '$1.resblocks.$2.attn.'],
  [/^(decoder|vision_model\.encoder\.stages\.\d+)\.layers\.(\d+)\.mlp\.fc1\./, '$1.resblocks.$2.mlp.c_fc.'],
  [/^(decoder|vision_model\.encoder\.stages\.\d+)\.layers\.(\d+)\.mlp\.fc2\./, '$1.resblocks.$2.mlp.c_proj.'],
]

/** timm and Hugging Face's names → OpenAI's; tensors that none of them has keep theirs. */
export function underOpenAiNames(tensors: ReadonlyMap<string, Weight>): Map<string, Weight> {
  const renamed = new Map<string, Weight>()
  for (const [name, weight] of tensors) {
    const bare = name.replace(WRAPPING, '')
    if (!DROPPED.test(bare)) renamed.set(...rename(bare, weight))
  }
  return joinProjections(renamed)
}

function rename(name: string, weight: Weight): [string, Weight] {
  const rule = RULES.find(([from]) => from.test(name))
  if (!rule) return [name, weight]
  const [from, to, change = same] = rule
  // Typed apart, as `replace` is.
  return [typeof to === 'string' ? name.replace(from, to) : name.replace(from, to), change(weight)]
}

/** Attention projects to queries, keys and values at once with OpenAI, and one by one with Hugging Face. */
function joinProjections(tensors: Map<string, Weight>): Map<string, Weight> {
  for (const name of [...tensors.keys()]) {
    const [, attention, kind] = /^(.*\bresblocks\.\d+\.attn)\.q_proj\.(weight|bias)$/.exec(name) ?? []
    if (attention === undefined || kind === undefined) continue
    const names = ['q', 'k', 'v'].map((letter) => `${attention}.${letter}_proj.${kind}`)
    const parts = names.map((part) => tensors.get(part)).filter((part) => part !== undefined)
    if (parts.length < 3 || !parts.every(({ shape }) => String(shape) === String(parts[0]!.shape))) continue
    for (const part of names) tensors.delete(part)
    tensors.set(`${attention}.in_proj_${kind}`, joined(parts))
  }
  return tensors
}

function stage(index: string, block: string): string {
  return `visual.layer${Number(index) + 1}.${block}`
}

function block(tower: string, index: string): string {
  return `${tower === 'vision' ? 'visual.' : ''}transformer.resblocks.${index}`
}

function same(weight: Weight): Weight {
  return weight
}

/** Without leading sides of 1, down to `rank` sides. */
function last({ shape, type, read }: Weight, rank: number): Weight {
  const extra = Math.max(0, shape.length - rank)
  return { shape: shape.slice(0, extra).every((side) => side === 1) ? shape.slice(extra) : shape, type, read }
}

function transposed(weight: Weight): Weight {
  const { shape, type, read } = weight
  const [rows, columns] = shape
  if (shape.length !== 2 || rows === undefined || columns === undefined) return weight
  return {
    shape: [columns, rows],
    type,
    read() {
      const numbers = read()
      const out = new Float32Array(numbers.length)
      for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) out[j * rows + i] = numbers[i * columns + j]!
      return out
    },
  }
}

/** One after another along the first side. */
function joined(parts: readonly Weight[]): Weight {
  const [first = 0, ...rest] = parts[0]!.shape
  return {
    shape: [first * parts.length, ...rest],
    type: parts[0]!.type,
    read() {
      const numbers = parts.map((part) => part.read())
      const out = new Float32Array(numbers.reduce((sum, { length }) => sum + length, 0))
      numbers.reduce((at, part) => (out.set(part, at), at + part.length), 0)
      return out
    },
  }
}
