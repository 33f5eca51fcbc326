import { adamFor, descent, type Moment, type Task } from './drawing/descent.ts'
import { wayOf } from './drawing/tries.ts'
import { photoCanvas } from './edit/canvas.ts'
import { changedPhoto } from './edit/large.ts'
import { onCanvas, regionNamed, regionOf, type Region } from './edit/region.ts'
import { checkEdit, type EditFrame, type EditRequest } from './edit/request.ts'
import { tone } from './edit/tone.ts'
import { openEncoder, readerNamed } from './encoder/open.ts'
import { asRead, TEMPLATES } from './encoder/sentences.ts'
import type { ImageEncoder } from './encoder/encoder.ts'
import { openObjective, type Objective } from './objective/objective.ts'
import { goesFrom, keeps } from './objective/wants.ts'
import type { Groups } from './optimiser/groups.ts'
import type { Original } from './photo/original.ts'
import { openPhoto, type Photo } from './photo/photo.ts'
import { randomAt } from './random.ts'
import { stopwatch, type Stopwatch } from './stopwatch.ts'
import { viewBankOnPaper, viewsFromBank } from './views/choice.ts'

/** How a photo is changed, by mode: what it costs is for ViT-B/32 on two processor cores. */
const MODES = {
  /** A quarter of a minute. */
  tone: { transform: tone, iterations: 40, views: 1 },
}
/** What a photo is of, when nobody says. */
const SOURCE = 'a photo'
/** How much of the photo's area a random view keeps. */
const SHARE = [0.6, 0.9] as const
/** Random views that are used again and again; the photo is looked at through each of them once. */
const BANK = 8
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
  const photo = await openPhoto(request.photo)
  const { region, notes } = await regionFor(request, photo)
  watch.lap('photo')
  const encoder = await openEncoder(readerNamed(request.encoder ?? 'auto'), request)
  watch.lap('start')
  try {
    const { text, notes: unread } = await asRead(encoder, request.text)
    const task = taskOf({ ...request, text }, photo, encoder, region, watch)
    const warnings = [...photo.warnings, ...notes, ...unread]
    for await (const moment of descent(task, request.tries ?? [], signal)) {
      yield frameOf(moment, { request, task, encoder, region, warnings, watch })
    }
  } finally {
    await encoder.dispose()
  }
}

/** A photo as an edit leaves it, at its full size and in its own depth; `strength` 0..1 of the change. 0 is the photo itself. */
export async function editedPhoto(
  original: Original,
  { parameters, mode, region }: Pick<EditFrame, 'parameters' | 'mode' | 'region'>,
  strength = 1,
): Promise<Original> {
  const changed = await changedPhoto(original, MODES[mode].transform, parameters, {
    strength,
    ...(region && { region }),
  })
  return { ...original, ...changed }
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
  { text, source = SOURCE, mode = 'tone', keep = 1, seed, iterations, frameEvery = 1 }: EditRequest,
  { image, frame }: Photo,
  encoder: ImageEncoder,
  region: Region | undefined,
  watch: Stopwatch,
): Task<Groups> {
  const how = MODES[mode]
  const plan = { iterations: iterations ?? how.iterations, seeds: 1, trial: Infinity }
  const canvas = photoCanvas(how.transform, image, frame, region && onCanvas(region, frame))
  const bank = viewBankOnPaper(BANK, SHARE, seed ?? 0)
  const wants = [goesFrom(image, [source, text], 1, TEMPLATES), ...(keep > 0 ? [keeps(image, keep)] : [])]
  let objective: Promise<Objective<Groups>> | undefined
  return {
    ...{ plan, canvas, seed, frameEvery },
    optimiser: adamFor(how.transform.rates, plan.iterations, ADAM),
    begin(seed) {
      const work = how.transform.init(randomAt(seed))
      return { work, start: work }
    },
    objectiveOf: () => (objective ??= openObjective({ canvas, encoder, wants, bank }, watch)),
    viewsAt: (seed, step) => viewsFromBank(bank, how.views, seed, step),
    stepped: () => watch.lap('optimiser'),
  }
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
