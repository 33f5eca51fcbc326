import type { Weights } from '../../models/weights.ts'
import type { Cache } from '../../onnx/cache.ts'
import { FewlineError } from '../../errors.ts'
import type { Seen, TextTower, Tower } from '../tower.ts'
import { named, type Named } from './named.ts'
import { normalised } from './preprocess.ts'
import { placeMeanings, resnet, RESNET_STRIDE, resnetResolution } from './resnet.ts'
import { embedTokens, textMeasures, textTransformer, type TextManner } from './text.ts'
import type { Tokenizer } from './tokenizer.ts'
import { patchMeanings, transformerResolution, visionTransformer } from './vit.ts'

/** What a CLIP tower needs besides its weights. */
export interface ClipParts {
  name: string
  tokenizer: () => Promise<Tokenizer>
  cache?: Cache
}

/**
 * CLIP (Radford et al. 2021) from its weights alone: which of the architectures it is, and all its measures, are read off
 * the tensors. Throws a FewlineError of kind `model` when they are not those of a CLIP model.
 */
export function clipTower(weights: Weights, { name, tokenizer, cache }: ClipParts): Tower {
  const all = named(weights.tensors)
  const visual = all.within('visual.')
  const kind = visual.has('class_embedding') ? transformerKind(visual) : resnetKind(visual)
  return {
    name,
    ...kind,
    sees: 'photo',
    build: (g, images) => kind.build(g, normalised(g, images)),
    places: (g, images) => kind.places(g, normalised(g, images)),
    ...(all.has('token_embedding.weight') && { text: textTower(all, tokenizer) }),
    ...(cache && { kept: { cache, identity: weights.identity } }),
    close: () => weights.close(),
  }
}

type Kind = Pick<Tower, 'resolution' | 'stride' | 'weights' | 'build' | 'attends' | 'atOnce'> &
  Required<Pick<Tower, 'places'>>

/** The layers that count are CLIPasso's (Vinker et al. 2022): the third and the fourth, of five. */
function resnetKind(weights: Named): Kind {
  if (!weights.has('attnpool.positional_embedding')) throw noClip()
  return {
    resolution: resnetResolution(weights),
    weights: { layers: [0, 0, 1, 1, 0], embedding: 0.1 },
    build: (g, pictures): Seen => resnet(g, pictures, weights),
    places: (g, pictures) => placeMeanings(g, pictures, weights),
    stride: RESNET_STRIDE,
    // Convolutions keep a processor busy with one picture; five at once take four times the memory, and as long.
    atOnce: 1,
  }
}

/** The blocks that count lie a third and two thirds of the way up. */
function transformerKind(weights: Named): Kind {
  const blocks = weights.count('transformer.resblocks.')
  const counting = [Math.round(blocks / 3) - 1, Math.round((2 * blocks) / 3) - 1].map((block) => Math.max(0, block))
  return {
    resolution: transformerResolution(weights),
    weights: { layers: Array.from({ length: blocks }, (_, i) => Number(counting.includes(i))), embedding: 0.1 },
    build: (g, pictures): Seen => visionTransformer(g, pictures, weights),
    places: (g, pictures) => patchMeanings(g, pictures, weights),
    stride: weights.shape('conv1.weight', 4)[2]!,
    attends: true,
  }
}

/** The side of a CLIP, or of a model made of one, that reads. */
export function textTower(weights: Named, tokenizer: () => Promise<Tokenizer>, manner: TextManner = {}): TextTower {
  const { context, width } = textMeasures(weights)
  return {
    context,
    width,
    scale: Math.exp(weights.read('logit_scale').data[0]!),
    async tokenize(prompts) {
      const tokens = await tokenizer()
      return prompts.map(tokens)
    },
    embedder() {
      const table = weights.read('token_embedding.weight')
      const positions = weights.read('positional_embedding')
      return (row) => embedTokens(row, table, positions)
    },
    build: (g, tokens, mask) => textTransformer(g, tokens, mask, weights, manner),
  }
}

function noClip(): FewlineError {
  return new FewlineError({
    kind: 'model',
    expected: 'the weights of a CLIP model',
    came: 'these are of another kind',
    todo: 'choose RN50, RN101, RN50x4, ViT-B/32 or ViT-B/16',
  })
}
