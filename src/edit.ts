import { adamFor, descent, type Moment, type Task } from './drawing/descent.ts'
import { wayOf } from './drawing/tries.ts'
import { photoCanvas, photoIn } from './edit/canvas.ts'
import { changedPhoto } from './edit/large.ts'
import { onCanvas, regionNamed, regionOf, type Region } from './edit/region.ts'
import { paintedStrokes, paintIn } from './edit/paint.ts'
import { checkEdit, type EditFrame, type EditRequest, type Mode } from './edit/request.ts'
import { openStyle, STYLE_SIDE } from './edit/style.ts'
import { tone } from './edit/tone.ts'
import type { Transform } from './edit/transform.ts'
import { openEncoder, readerNamed } from './encoder/open.ts'
import { asRead, TEMPLATES } from './encoder/sentences.ts'
import type { ImageEncoder } from './encoder/encoder.ts'
import { openObjective, type Objective } from './objective/objective.ts'
import { goesFrom, keeps, only, type Want } from './objective/wants.ts'
import type { Groups } from './optimiser/groups.ts'
import type { Original } from './photo/original.ts'
import { fit, openPhoto, photoPixels, type Photo, type PixelBox } from './photo/photo.ts'
import { randomAt } from './random.ts'
import { stopwatch, type Stopwatch } from './stopwatch.ts'
import type { Tensor } from './tensor.ts'
import { CANVAS } from './units.ts'
import { patchBank, viewBankOnPaper, viewsFromBank } from './views/choice.ts'
import type { View } from './views/view.ts'

/** How a photo is changed by one mode. */
interface How {
  open(options: Pick<EditRequest, 'threads' | 'strokes'>): Transform
  iterations: number
  /** Pixels along a side of the canvas. */
  side: number
  /** Random views that it is looked at through in each step, … */
  views: number
  /** … of these, which come again and again: the photo is looked at through each of them once. */
  bank(photo: PixelBox, seed: number): readonly View[]
  wants(image: Tensor, way: readonly [source: string, target: string], keep: number): Want[]
}

/** How much of the photo's area a random view keeps. */
const SHARE = [0.6, 0.9] as const
/** Pixels along a side of a patch, and how far from the right way it may be, as published (CLIPstyler: Kwon & Ye 2022). */
const PATCH = 128
const THRESHOLD = 0.7
/** How much it counts where the whole photo goes, next to its patches, and that what is in it stays where it is. */
const WHOLE = 0.5
const CONTENT = { content: 1, change: 0.2 }

/** It is looked at as a whole: as it is and from one more side, for where it goes and for what is kept. */
const AS_A_WHOLE: Omit<How, 'open' | 'iterations'> = {
  ...{ side: CANVAS, views: 1 },
  bank: (_, seed) => viewBankOnPaper(8, SHARE, seed),
  wants: (image, way, keep) => [goesFrom(image, way, 1, TEMPLATES), ...(keep > 0 ? [keeps(image, keep)] : [])],
}

/** The modes. What they cost is for ViT-B/32 on two processor cores. */
const MODES: Readonly<Record<Mode, How>> = {
  /** A quarter of a minute. */
  tone: { ...AS_A_WHOLE, open: () => tone, iterations: 40 },
  /** Two and a half minutes. */
  style: {
    open: openStyle,
    ...{ iterations: 150, side: STYLE_SIDE, views: 3 },
    bank: (photo, seed) => patchBank(24, STYLE_SIDE, PATCH, photo, seed),
    wants: (image, way, keep) => [
      only('views', goesFrom(image, way, 1, TEMPLATES, THRESHOLD)),
      only('itself', goesFrom(image, way, WHOLE, TEMPLATES)),
      ...(keep > 0 ? [only('itself', keeps(image, keep, CONTENT))] : []),
    ],
  },
  /** Half a minute. */
  paint: { ...AS_A_WHOLE, open: ({ strokes }) => paintIn(strokes), iterations: 80 },
}
/** What a photo is of, when nobody says. */
const SOURCE = 'a photo'
/** In a few steps a long memory of how steep it once was only slows down. */
const ADAM = { beta2: 0.99 }

/**
 * Edits a photo by a sentence, and shows every step how far it is. A photo is changed by a transform of few parameters, an
 * encoder looks at it, losses say whether it goes from what it was towards what the sentence says and how much of it is
 * kept, gradients flow back to the parameters, the optimiser moves them. It is the loop of a drawing on another canvas.
 *
 * The last frame holds the best parameters seen; when `signal` aborts, it comes within one step and is not `done`.
 * `editedPhoto` makes the photo of it. Throws a FewlineError when the request is wrong, or the photo can't be read.
 */
export async function* edit(request: EditRequest, signal?: AbortSignal): AsyncGenerator<EditFrame> {
  checkEdit(request)
  const watch = stopwatch()
  const how = MODES[request.mode ?? 'tone']
  const photo = await openPhoto(request.photo, how.side)
  const { region, notes } = await regionFor(request, photo)
  watch.lap('photo')
  const encoder = await openEncoder(readerNamed(request.encoder ?? 'auto'), request)
  watch.lap('start')
  const transform = how.open(request)
  try {
    const { text, notes: unread } = await asRead(encoder, request.text)
    const task = taskOf({ ...request, text }, photo, { how, transform, encoder, region, watch })
    const warnings = [...photo.warnings, ...notes, ...unread]
    for await (const moment of descent(task, request.tries ?? [], signal)) {
      yield frameOf(moment, { request, task, encoder, region, warnings, watch })
    }
  } finally {
    await transform.dispose?.()
    await encoder.dispose()
  }
}

/** A photo as an edit leaves it, at its full size and in its own depth; `strength` 0..1 of the change. 0 is the photo itself. */
export async function editedPhoto(
  original: Original,
  { parameters, mode, region }: Pick<EditFrame, 'parameters' | 'mode' | 'region'>,
  strength = 1,
): Promise<Original> {
  const transform = MODES[mode].open({})
  try {
    const changed = await changedPhoto(original, transform, parameters, { strength, ...(region && { region }) })
    return { ...original, ...changed }
  } finally {
    await transform.dispose?.()
  }
}

/** The strokes that a photo of this size is painted in, in mode `paint`, and all that an export needs to know of them. */
export function editedStrokes(
  { parameters }: Pick<EditFrame, 'parameters'>,
  { width, height }: { width: number; height: number },
) {
  const frame = fit(width, height)
  return { ...paintedStrokes(parameters, frame), frame }
}

async function regionFor(request: EditRequest, photo: Photo): Promise<{ region?: Region; notes: string[] }> {
  const { region, where, finder, encoder, device, threads } = request
  if (region !== undefined) return { region: await regionOf(region, photo), notes: [] }
  if (where === undefined) return { notes: [] }
  const options = Object.entries({ finder, encoder, device, threads }).filter(([, value]) => value !== undefined)
  return regionNamed(request.photo, where, Object.fromEntries(options))
}

/** The change begins with next to none, is judged by where it leads and by what is kept, and moves by Adam. */
function taskOf(
  { text, source = SOURCE, keep = 1, seed, iterations, frameEvery = 1 }: EditRequest,
  { image, frame }: Photo,
  { how, transform, encoder, region, watch }: Means,
): Task<Groups> {
  const plan = { iterations: iterations ?? how.iterations, seeds: 1, trial: Infinity }
  const canvas = photoCanvas(transform, image, frame, region && onCanvas(region, frame, how.side))
  const bank = how.bank(photoPixels(frame, how.side), seed ?? 0)
  const wants = how.wants(image, [source, text], keep)
  let objective: Promise<Objective<Groups>> | undefined
  return {
    ...{ plan, canvas, seed, frameEvery },
    optimiser: adamFor(transform.rates, plan.iterations, ADAM),
    begin(seed) {
      const work = transform.init(randomAt(seed), photoIn(image, frame))
      return { work, start: work }
    },
    objectiveOf: () => (objective ??= openObjective({ canvas, encoder, wants, bank }, watch)),
    viewsAt: (seed, step) => viewsFromBank(bank, how.views, seed, step),
    stepped: () => watch.lap('optimiser'),
  }
}

/** What an edit is made by. */
interface Means {
  how: How
  transform: Transform
  encoder: ImageEncoder
  region: Region | undefined
  watch: Stopwatch
}

function frameOf(
  { work, tries, end, terms, ...moment }: Moment<Groups>,
  about: {
    request: EditRequest
    task: Task<Groups>
    encoder: ImageEncoder
    region: Region | undefined
    warnings: readonly string[]
    watch: Stopwatch
  },
): EditFrame {
  const { request, task, encoder, region, warnings, watch } = about
  return {
    ...{ ...moment, parameters: work, mode: request.mode ?? 'tone', terms: { ...terms } },
    ...{ steps: task.plan.iterations, way: wayOf(tries, task.plan), tries, times: { ...watch.times } },
    ...{ encoder: encoder.name, device: encoder.device, precision: encoder.precision ?? 'single' },
    ...(region && { region }),
    ...{ warnings: [...warnings, ...(encoder.notes ?? [])], done: end === 'done' },
  }
}
