import type { Weight } from './weight.ts'

type Shapes = ReadonlyMap<string, Pick<Weight, 'shape'>>

/** A ResNet's stem and its four stages halve the picture five times. */
const RESNET_STRIDE = 32

/**
 * What kind of CLIP these tensors make, read off their shapes: `resnet-3-4-6-3-w64-e1024-r224` (blocks of each stage, width,
 * embedding, resolution) or `vit-p32-w768-l12-e512-r224` (patch, width, layers, …), or which finder
 * was made of one. Undefined when they make none.
 */
export function architectureOf(tensors: Shapes): string | undefined {
  return finder(tensors) ?? resnet(tensors) ?? transformer(tensors)
}

/** Finders hold a CLIP, or parts of one, and more: OWL-ViT, OWLv2, CLIPSeg, GroupViT. */
function finder(tensors: Shapes): string | undefined {
  const [width, , , patch] = sides(tensors, 'visual.conv1.weight', 4)
  const [tokens] = sides(tensors, 'visual.positional_embedding', 2)
  if (tensors.has('class_head.dense0.weight') && width && patch && tokens) {
    const version = tensors.has('objectness_head.dense0.weight') ? 'owlv2' : 'owlvit'
    return `${version}-p${patch}-w${width}-r${gridOf(tokens) * patch}`
  }
  const [reduced] = sides(tensors, 'decoder.film_mul.weight', 2)
  if (reduced && patch) {
    return `clipseg-rd${reduced}${tensors.has('decoder.transposed_convolution.0.weight') ? '-refined' : ''}`
  }
  const [, groups, breadth] = sides(tensors, 'vision_model.encoder.stages.0.group_token', 3)
  return groups && breadth ? `groupvit-g${groups}-w${breadth}` : undefined
}

function resnet(tensors: Shapes): string | undefined {
  const stages = [1, 2, 3, 4].map((stage) => countOf(tensors, (i) => `visual.layer${stage}.${i}.conv1.weight`))
  const [width] = sides(tensors, 'visual.layer1.0.conv1.weight', 4)
  const [embedding] = sides(tensors, 'visual.attnpool.c_proj.weight', 2)
  const [tokens] = sides(tensors, 'visual.attnpool.positional_embedding', 2)
  if (stages.includes(0) || !width || !embedding || !tokens) return undefined
  return `resnet-${stages.join('-')}-w${width}-e${embedding}-r${gridOf(tokens) * RESNET_STRIDE}`
}

function transformer(tensors: Shapes): string | undefined {
  const layers = countOf(tensors, (i) => `visual.transformer.resblocks.${i}.ln_1.weight`)
  const [width, , , patch] = sides(tensors, 'visual.conv1.weight', 4)
  const [, embedding] = sides(tensors, 'visual.proj', 2)
  const [tokens] = sides(tensors, 'visual.positional_embedding', 2)
  if (!layers || !width || !patch || !embedding || !tokens) return undefined
  return `vit-p${patch}-w${width}-l${layers}-e${embedding}-r${gridOf(tokens) * patch}`
}

/** How many there are, counted from 0. */
function countOf(tensors: Shapes, name: (i: number) => string): number {
  let count = 0
  while (tensors.has(name(count))) count++
  return count
}

/** Of the tensor of that name, if it has `rank` of them. */
function sides(tensors: Shapes, name: string, rank: number): readonly (number | undefined)[] {
  const { shape } = tensors.get(name) ?? { shape: [] }
  return shape.length === rank ? shape : []
}

/** A side of the square of tokens, one of which stands for the whole picture. */
function gridOf(tokens: number): number {
  return Math.round(Math.sqrt(tokens - 1))
}
