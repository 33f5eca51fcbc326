import { describe, expect, test } from 'vitest'
import { underOpenAiNames } from '../../src/models/names.ts'
import type { Weight } from '../../src/models/weight.ts'
import { sizeOf } from '../../src/tensor.ts'

const weight = (...shape: number[]): Weight => ({
  shape,
  type: 'float32',
  read: () => Float32Array.from({ length: sizeOf(shape) }, (_, i) => i),
})

/** What one tensor of that name becomes. */
function renamed(name: string, given = weight(2)): [string, Weight] {
  return [...underOpenAiNames(new Map([[name, given]]))][0]!
}

test.each([
  // OpenAI's own, also as training programs wrap them.
  ['visual.layer1.0.downsample.0.weight', 'visual.layer1.0.downsample.0.weight'],
  ['transformer.resblocks.3.mlp.c_fc.bias', 'transformer.resblocks.3.mlp.c_fc.bias'],
  ['state_dict.module.visual.conv1.weight', 'visual.conv1.weight'],
  ['text.token_embedding.weight', 'token_embedding.weight'],
  // timm's ResNets.
  ['stem.conv2.conv.weight', 'visual.conv2.weight'],
  ['visual.trunk.stem.conv3.bn.running_mean', 'visual.bn3.running_mean'],
  ['stages.0.2.conv1_1x1.conv.weight', 'visual.layer1.2.conv1.weight'],
  ['stages.3.1.conv2_kxk.bn.bias', 'visual.layer4.1.bn2.bias'],
  ['stages.2.22.conv3_1x1.bn.running_var', 'visual.layer3.22.bn3.running_var'],
  ['stages.1.0.shortcut.conv.conv.weight', 'visual.layer2.0.downsample.0.weight'],
  ['stages.1.0.shortcut.conv.bn.weight', 'visual.layer2.0.downsample.1.weight'],
  ['head.q.weight', 'visual.attnpool.q_proj.weight'],
  ['head.proj.bias', 'visual.attnpool.c_proj.bias'],
  // timm's vision transformers.
  ['patch_embed.proj.weight', 'visual.conv1.weight'],
  ['norm_pre.weight', 'visual.ln_pre.weight'],
  ['norm.bias', 'visual.ln_post.bias'],
  ['blocks.11.norm2.weight', 'visual.transformer.resblocks.11.ln_2.weight'],
  ['blocks.0.attn.qkv.bias', 'visual.transformer.resblocks.0.attn.in_proj_bias'],
  ['blocks.0.attn.proj.weight', 'visual.transformer.resblocks.0.attn.out_proj.weight'],
  ['blocks.5.mlp.fc1.weight', 'visual.transformer.resblocks.5.mlp.c_fc.weight'],
  ['blocks.5.mlp.fc2.bias', 'visual.transformer.resblocks.5.mlp.c_proj.bias'],
  // Hugging Face's.
  ['vision_model.embeddings.class_embedding', 'visual.class_embedding'],
  ['vision_model.embeddings.patch_embedding.weight', 'visual.conv1.weight'],
  ['vision_model.embeddings.position_embedding.weight', 'visual.positional_embedding'],
  ['vision_model.pre_layrnorm.weight', 'visual.ln_pre.weight'],
  ['vision_model.post_layernorm.bias', 'visual.ln_post.bias'],
  ['vision_model.encoder.layers.7.layer_norm1.weight', 'visual.transformer.resblocks.7.ln_1.weight'],
  ['vision_model.encoder.layers.7.self_attn.out_proj.bias', 'visual.transformer.resblocks.7.attn.out_proj.bias'],
  ['text_model.encoder.layers.10.mlp.fc1.weight', 'transformer.resblocks.10.mlp.c_fc.weight'],
  ['text_model.encoder.layers.10.mlp.fc2.weight', 'transformer.resblocks.10.mlp.c_proj.weight'],
  ['text_model.embeddings.token_embedding.weight', 'token_embedding.weight'],
  ['text_model.embeddings.position_embedding.weight', 'positional_embedding'],
  ['text_model.final_layer_norm.weight', 'ln_final.weight'],
  ['logit_scale', 'logit_scale'],
])('%s is %s', (theirs, openAis) => {
  const given = weight(2)
  const [name, { shape, read }] = renamed(theirs, given)
  expect([name, shape, read()]).toEqual([openAis, [2], given.read()])
})

describe('where publishers differ in shape', () => {
  test.each([
    ['visual_projection.weight', 'visual.proj'],
    ['text_projection.weight', 'text_projection'],
    ['head.weight', 'visual.proj'],
  ])('%s is transposed', (theirs, openAis) => {
    const [name, { shape, read }] = renamed(theirs, weight(2, 3))
    expect([name, shape, [...read()]]).toEqual([openAis, [3, 2], [0, 3, 1, 4, 2, 5]])
  })

  test.each([
    ['cls_token', weight(1, 1, 4), [4]],
    ['pos_embed', weight(1, 5, 4), [5, 4]],
    ['head.pos_embed', weight(5, 4), [5, 4]],
    ['pos_embed', weight(2, 5, 4), [2, 5, 4]],
  ])('%s loses sides of 1', (name, given, shape) => {
    expect(renamed(name, given)[1].shape).toEqual(shape)
  })

  const attention = ['q', 'k', 'v'].map((letter) => `text_model.encoder.layers.0.self_attn.${letter}_proj.weight`)

  test('queries, keys and values become one', () => {
    const tensors = underOpenAiNames(new Map(attention.map((name) => [name, weight(2, 2)])))
    expect([...tensors.keys()]).toEqual(['transformer.resblocks.0.attn.in_proj_weight'])
    const [{ shape, read }] = [...tensors.values()] as [Weight]
    expect([shape, [...read()]]).toEqual([
      [6, 2],
      [0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3],
    ])
  })

  test('but not those that do not fit each other, or are not all there', () => {
    const shapes = [weight(2, 2), weight(2, 3), weight(2, 2)]
    expect(underOpenAiNames(new Map(attention.map((name, i) => [name, shapes[i]!]))).size).toBe(3)
    expect(underOpenAiNames(new Map([[attention[0]!, weight(2, 2)]])).size).toBe(1)
  })
})

test('buffers that are no weights are left out', () => {
  const names = ['input_resolution', 'context_length', 'vocab_size', 'attn_mask', 'head.bias']
  expect(underOpenAiNames(new Map(names.map((name) => [name, weight(1)]))).size).toBe(0)
})
