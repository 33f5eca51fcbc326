import { basename, dirname } from 'node:path'
import { cacheFolder, modelsFolder } from '../models/folder.ts'
import { locateModel, notInstalled } from '../models/store.ts'
import { openWeights } from '../models/weights.ts'
import { FewlineError } from '../errors.ts'
import { builtin } from './builtin.ts'
import { clipTower } from './clip/clip.ts'
import { MEASURES, randomWeights } from './clip/random.ts'
import { openTokenizer } from './clip/vocabulary.ts'
import type { EncoderOptions, ImageEncoder } from './encoder.ts'
import { encoderOf, type Tower } from './tower.ts'

/** How much disk the prepared graphs of all models may take: about those of four sketches with RN101. */
const CACHE_BYTES = 3e9

/**
 * Opens an encoder: `builtin`, `auto` (the built-in one), a CLIP model by its name (`RN101`, `ViT-B/32`, …) or by the path
 * of its weights. Throws a FewlineError of kind `model` when the weights are not there or can't be read, and of kind
 * `call` for a name that means nothing.
 */
export async function openEncoder(nameOrPath: string, options: EncoderOptions = {}): Promise<ImageEncoder> {
  if (nameOrPath === 'builtin' || nameOrPath === 'auto') return encoderOf(builtin, options)
  const path = locateModel(nameOrPath)
  if (path === undefined) throw notInstalled(nameOrPath)
  return encoderOf(openClip(path, path === nameOrPath ? basename(path).replace(/\.[^.]*$/, '') : nameOrPath), options)
}

/**
 * A CLIP model of the real shapes with random weights, so that speed and memory can be measured without a download. Its
 * graphs are kept in `folder`. Throws a FewlineError of kind `call` for a name it doesn't know.
 */
export function openRandomEncoder(
  name: string,
  { folder, ...options }: EncoderOptions & { folder: string },
): ImageEncoder {
  const measures = Object.hasOwn(MEASURES, name) ? MEASURES[name] : undefined
  if (!measures) {
    throw new FewlineError({
      kind: 'call',
      expected: `a model (${Object.keys(MEASURES).join(', ')})`,
      came: `"${name}" is none`,
      todo: 'choose one of these',
    })
  }
  const weights = { tensors: randomWeights(measures), identity: `random ${name}`, close: () => undefined }
  const tokenizer = () => openTokenizer([modelsFolder()])
  return encoderOf(clipTower(weights, { name, tokenizer, cache: { folder, bytes: CACHE_BYTES } }), options)
}

function openClip(path: string, name: string): Tower {
  const weights = openWeights(path)
  try {
    return clipTower(weights, {
      name,
      tokenizer: () => openTokenizer([dirname(path), modelsFolder()]),
      cache: { folder: cacheFolder(), bytes: CACHE_BYTES },
    })
  } catch (error) {
    weights.close()
    throw error
  }
}
