import { checkWhole, type Frame, wrong } from '../drawing/request.ts'
import type { Device } from '../encoder/encoder.ts'
import type { Groups } from '../optimiser/groups.ts'
import type { Try } from '../drawing/tries.ts'
import type { Region } from './region.ts'

/** How a photo is changed: in its tone, in its style, or painted anew. */
export const MODES = ['tone', 'style', 'paint'] as const
export type Mode = (typeof MODES)[number]

/** What is to become of a photo. */
export interface EditRequest {
  /** A picture file, or its bytes; absent with a generator. */
  photo?: string | Uint8Array
  /** Instead of a photo: what makes the picture. */
  generator?: GeneratorFiles
  /** What it should become a picture of. */
  text: string
  /** What it is a picture of now; "a photo" when absent. */
  source?: string
  /** `tone` when absent. */
  mode?: Mode
  /** In how many strokes it is painted; of mode `paint`. */
  strokes?: number
  /** How much it counts that it stays as it is; 1 when absent. */
  keep?: number
  /** Where it may change: a picture (a file or its bytes), white there, in the photo's shape; everywhere when absent. */
  region?: string | Uint8Array
  /** The same in words. */
  where?: string[]
  /** Who looks for them; the best that is installed when absent. */
  finder?: string
  /** `auto` (when absent), the name of a CLIP model that is installed, or the path of its weights. */
  encoder?: string
  /** Instead of the mode's. */
  iterations?: number
  /** 0 when absent. The same seed makes the same change. */
  seed?: number
  device?: Device
  threads?: number
  /** How many pictures the encoder looks at at once, where memory is short. */
  most?: number
  /** A frame is handed out every so many steps; 1 when absent. */
  frameEvery?: number
  /** The tries of a frame of the same request, to go on from them as if nothing had happened. */
  tries?: readonly Try<Groups>[]
}

/** A net that makes pictures, and where it begins. */
export interface GeneratorFiles {
  /** One ONNX file (latent → picture), or two: its mapping and its synthesis. Each a path, or its bytes. */
  files: readonly (string | Uint8Array)[]
  /** A NumPy file, by its path or its bytes, or "random": one of the request's seed. */
  latent: string | Uint8Array
}

/** One moment of an edit: what is said of it is as of a moment of a drawing. */
export interface EditFrame extends Omit<Frame, 'strokes' | 'seeds' | 'tries' | 'frame' | 'importance' | 'order'> {
  /** Of the change; on the last frame those of the best change found. */
  parameters: Groups
  mode: Mode | 'generator'
  /** Where it holds; everywhere when absent. */
  region?: Region
  /** All that it takes to go on from here. */
  tries: readonly Try<Groups>[]
}

/** Throws a FewlineError of kind `call` for what no edit can be made with. */
export function checkEdit({
  photo,
  generator,
  text,
  source,
  mode,
  strokes,
  keep,
  region,
  where,
  iterations,
  seed,
  frameEvery,
}: EditRequest): void {
  if ((photo === undefined) === (generator === undefined))
    throw wrong('a photo to edit, or a generator', photo === undefined ? 'none came' : 'both came')
  if (generator && ![1, 2].includes(generator.files.length))
    throw wrong('a generator of one file or two', `${generator.files.length} came`)
  if (generator && [mode, region, where].some((option) => option !== undefined))
    throw wrong('a generator alone', 'a mode or a region came with it')
  if (text.trim() === '') throw wrong('a sentence that says what the photo should become', 'it is empty')
  if (source?.trim() === '') throw wrong('a source that says what the photo is of', 'it is empty')
  if (mode !== undefined && !MODES.includes(mode))
    throw wrong(`a mode (${MODES.join(', ')})`, `"${mode as string}" is none`)
  if (keep !== undefined && !(keep >= 0 && keep <= 1e6))
    throw wrong('a weight of what is kept from 0 to 1000000', `it is ${keep}`)
  if (region !== undefined && where !== undefined) throw wrong('a region as a picture or in words', 'both came')
  checkWhole(strokes, 'strokes', 1, 512)
  if (strokes !== undefined && mode !== 'paint')
    throw wrong('strokes with the mode paint', `the mode is ${mode ?? 'tone'}`)
  checkWhole(iterations, 'iterations', 0, 1_000_000)
  checkWhole(seed, 'seed', 0, 2 ** 31 - 1)
  checkWhole(frameEvery, 'steps to a frame', 1, 1_000_000)
}
