import { stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { FewlineError } from '../errors.ts'
import { openWeights } from '../models/weights.ts'
import { builtin } from './builtin.ts'
import { clipTower } from './clip/clip.ts'
import { openTokenizer } from './clip/vocabulary.ts'
import type { EncoderOptions, ImageEncoder } from './encoder.ts'
import { encoderOf } from './tower.ts'

/** Graphs as the runtime has rewritten them: those of two large models. */
const CACHE_BYTES = 3e9

/**
 * Opens an encoder by its name (`builtin`, `RN101`, `ViT-B/32`, …) or the path of its weights; `auto` is the best that
 * is installed. Throws a FewlineError of kind `model` for one that is not there or can't be read.
 */
export async function openEncoder(nameOrPath: string, options: EncoderOptions = {}): Promise<ImageEncoder> {
  if (nameOrPath === 'builtin' || nameOrPath === 'auto') return encoderOf(builtin, options)
  const path = nameOrPath
  const about = await stat(path).catch(() => undefined)
  if (!about) {
    throw new FewlineError({
      kind: 'model',
      expected: 'an encoder that is installed (builtin)',
      came: `"${nameOrPath}" is not`,
      todo: 'use --encoder builtin',
    })
  }
  const folder = process.env['FEWLINE_MODELS'] ?? ''
  const weights = openWeights(path)
  try {
    const tower = clipTower(weights, {
      name: basename(nameOrPath).replace(/\.\w+$/, ''),
      tokenizer: () => openTokenizer([dirname(path), folder]),
      ...(folder && { cache: { folder: join(folder, 'cache'), bytes: CACHE_BYTES } }),
    })
    return encoderOf(tower, options)
  } catch (error) {
    weights.close()
    throw error
  }
}
