import { basename, dirname } from 'node:path'
import type { Choice } from '../devices/choose.ts'
import { deviceFor } from '../devices/devices.ts'
import { cacheFolder, modelsFolder } from '../models/folder.ts'
import { bestInstalled, listModels, locateModel, notInstalled } from '../models/store.ts'
import { openWeights, type Weights } from '../models/weights.ts'
import { FewlineError } from '../errors.ts'
import { sizeOf } from '../tensor.ts'
import type { Cache } from '../onnx/cache.ts'
import { builtin } from './builtin.ts'
import { clipTower } from './clip/clip.ts'
import { MEASURES, randomWeights } from './clip/random.ts'
import { numbersSeen } from './clip/seen.ts'
import { openTokenizer } from './clip/vocabulary.ts'
import type { Device, EncoderOptions, ImageEncoder } from './encoder.ts'
import { encoderOf } from './from-tower.ts'
import { sturdy } from './sturdy.ts'
import type { Tower } from './tower.ts'

/** How much disk the prepared graphs of all models may take: about those of four sketches with RN101. */
const CACHE_BYTES = 3e9
/** Before a model's name: random weights instead of its own, to measure with. */
const RANDOM = 'random:'

/**
 * Opens an encoder: `builtin`, a CLIP model by its name (`RN101`, `ViT-B/32`, …) or by the path of its weights, or `auto`:
 * the best model that is installed, else the built-in one. It computes where it was asked to, or where that is fastest, and
 * goes on elsewhere when a device gives out; its notes say so. Throws a FewlineError of kind `model` when the weights are
 * not there or can't be read, and of kind `call` for a name that means nothing.
 */
export async function openEncoder(nameOrPath: string, options: EncoderOptions = {}): Promise<ImageEncoder> {
  const name = encoderNamed(nameOrPath)
  const tower = openTower(name)
  const { device, precision, notes } = await deviceOf(name, options.device)
  const first = encoderOf({ ...tower, precision: options.precision ?? precision }, { ...options, device })
  const openOn = async (other: string) => encoderOf(openTower(name), { ...options, device: other })
  return sturdy({ ...first, notes }, openOn, options.most)
}

/** Where an encoder will compute. For the built-in eye the way to another device is longer than the work there. */
export async function deviceOf(nameOrPath: string, asked: Device = 'auto'): Promise<Choice> {
  return deviceFor(asked === 'auto' && encoderNamed(nameOrPath) === builtin.name ? 'cpu' : asked)
}

/** The encoder that a name stands for: `auto` is the best model that is installed, else the built-in one. */
export function encoderNamed(nameOrPath: string): string {
  return nameOrPath === 'auto' ? (bestInstalled() ?? builtin.name) : nameOrPath
}

/**
 * How many numbers of a model see, how many a picture becomes in it, and how many read; none of the built-in one. Throws as
 * `openEncoder` does.
 */
export function numbersIn(name: string): { seeing: number; seen: number; reading: number } {
  if (name === builtin.name) return { seeing: 0, seen: 0, reading: 0 }
  const weights = weightsNamed(name)
  const sizes = Array.from(weights.tensors, ([path, { shape }]) => [path.startsWith('visual.'), sizeOf(shape)] as const)
  weights.close()
  const sumOf = (sees: boolean) => sizes.reduce((sum, [of, size]) => (of === sees ? sum + size : sum), 0)
  return { seeing: sumOf(true), seen: numbersSeen(weights.tensors), reading: sumOf(false) }
}

function openTower(nameOrPath: string): Tower {
  if (nameOrPath === builtin.name) return builtin
  if (nameOrPath.startsWith(RANDOM)) return randomTower(nameOrPath.slice(RANDOM.length), cacheFolder())
  const path = pathOf(nameOrPath)
  return openClip(path, path === nameOrPath ? basename(path).replace(/\.[^.]*$/, '') : nameOrPath)
}

function pathOf(nameOrPath: string): string {
  const path = locateModel(nameOrPath)
  if (path === undefined) throw notInstalled(nameOrPath)
  return path
}

function weightsNamed(name: string): Weights {
  return name.startsWith(RANDOM) ? weightsAtRandom(name.slice(RANDOM.length)) : openWeights(pathOf(name))
}

/**
 * A CLIP model of the real shapes with random weights, so that speed and memory can be measured without a download. Its
 * graphs are kept in `folder`. Throws a FewlineError of kind `call` for a name it doesn't know.
 */
export function openRandomEncoder(
  name: string,
  { folder, ...options }: EncoderOptions & { folder: string },
): ImageEncoder {
  return encoderOf(randomTower(name, folder), options)
}

/** Where the graphs of all models are kept. */
export function graphCache(): Cache {
  return { folder: cacheFolder(), bytes: CACHE_BYTES }
}

function randomTower(name: string, folder: string): Tower {
  const cache = { folder, bytes: CACHE_BYTES }
  return clipTower(weightsAtRandom(name), { name, tokenizer: () => Promise.resolve(letters), cache })
}

function weightsAtRandom(name: string): Weights {
  const measures = Object.hasOwn(MEASURES, name) ? MEASURES[name] : undefined
  if (!measures) {
    throw new FewlineError({
      kind: 'call',
      expected: `a model (${Object.keys(MEASURES).join(', ')})`,
      came: `"${name}" is none`,
      todo: 'choose one of these',
    })
  }
  return { tensors: randomWeights(measures), identity: `random ${name}`, close: () => undefined }
}

/** Random weights make nothing of words: their letters do for tokens, without a vocabulary. */
function letters(prompt: string): number[] {
  const [start, end, most] = [49406, 49407, 75]
  return [start, ...Buffer.from(prompt).subarray(0, most), end]
}

function openClip(path: string, name: string): Tower {
  const weights = openWeights(path)
  try {
    return clipTower(weights, {
      name,
      tokenizer: () => openTokenizer([dirname(path), modelsFolder()]),
      cache: graphCache(),
    })
  } catch (error) {
    weights.close()
    throw error
  }
}

/** What an encoder's name stands for where sentences are read. Throws a FewlineError when it is `auto`, and none is installed. */
export function readerNamed(encoder: string): string {
  const name = encoder === 'auto' ? bestInstalled() : encoder
  if (name === undefined) throw notInstalled(listModels()[0]!.name)
  return name
}
