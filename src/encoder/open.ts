import { stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { deviceFor } from '../devices/devices.ts'
import { FewlineError } from '../errors.ts'
import { openWeights } from '../models/weights.ts'
import { builtin } from './builtin.ts'
import { clipTower } from './clip/clip.ts'
import { openTokenizer } from './clip/vocabulary.ts'
import type { EncoderOptions, ImageEncoder } from './encoder.ts'
import { sturdy } from './sturdy.ts'
import { encoderOf, type Tower } from './tower.ts'

/** Graphs as the runtime has rewritten them: those of two large models. */
const CACHE_BYTES = 3e9

/**
 * Opens an encoder by its name (`builtin`, `RN101`, `ViT-B/32`, …) or the path of its weights; `auto` is the best that
 * is installed. It computes where it was asked to, or where it is fastest, and goes on elsewhere when that fails; its
 * notes say so. Throws a FewlineError of kind `model` for one that is not there or can't be read.
 */
export async function openEncoder(nameOrPath: string, options: EncoderOptions = {}): Promise<ImageEncoder> {
  const tower = await openTower(nameOrPath)
  // For the built-in eye the way to another device is longer than the work there.
  const asked = options.device ?? 'auto'
  const { device, notes } = await deviceFor(tower === builtin && asked === 'auto' ? 'cpu' : asked)
  const first = encoderOf(tower, { ...options, device })
  return sturdy({ ...first, notes }, async (device) => encoderOf(await openTower(nameOrPath), { ...options, device }))
}

async function openTower(nameOrPath: string): Promise<Tower> {
  if (nameOrPath === 'builtin' || nameOrPath === 'auto') return builtin
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
    return clipTower(weights, {
      name: basename(nameOrPath).replace(/\.\w+$/, ''),
      tokenizer: () => openTokenizer([dirname(path), folder]),
      ...(folder && { cache: { folder: join(folder, 'cache'), bytes: CACHE_BYTES } }),
    })
  } catch (error) {
    weights.close()
    throw error
  }
}
