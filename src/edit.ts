import { descent, type Moment, type Task } from './drawing/descent.ts'
import { wayOf } from './drawing/tries.ts'
import { changing } from './edit/changing.ts'
import { generating, openedGenerator } from './edit/generating.ts'
import { changedPhoto } from './edit/large.ts'
import { HOW } from './edit/modes.ts'
import { paintedStrokes } from './edit/paint.ts'
import { checkEdit, type EditFrame, type EditRequest, type GeneratorFiles } from './edit/request.ts'
import type { Setting } from './edit/setting.ts'
import { wrong } from './drawing/request.ts'
import { openEncoder, readerNamed } from './encoder/open.ts'
import { asRead, TEMPLATES } from './encoder/sentences.ts'
import type { ImageEncoder } from './encoder/encoder.ts'
import { openObjective, type Objective } from './objective/objective.ts'
import type { Groups } from './optimiser/groups.ts'
import type { Original } from './photo/original.ts'
import { fit } from './photo/photo.ts'
import { stopwatch, type Stopwatch } from './stopwatch.ts'
import { viewsFromBank } from './views/choice.ts'

/**
 * Edits a photo by a sentence, and shows every step how far it is. A photo is changed by a transform of few parameters (or
 * a generator's picture by its latent), an encoder looks at it, losses say whether it goes from what it was towards what
 * the sentence says and how much of it is kept, gradients flow back to the parameters, the optimiser moves them. It is the
 * loop of a drawing on another canvas.
 *
 * The last frame holds the best parameters seen; when `signal` aborts, it comes within one step and is not `done`.
 * `editedPhoto` makes the photo of it. Throws a FewlineError when the request is wrong, or the photo can't be read.
 */
export async function* edit(request: EditRequest, signal?: AbortSignal): AsyncGenerator<EditFrame> {
  checkEdit(request)
  const watch = stopwatch()
  const { photo, generator } = request
  const setting = await (generator ? generating({ ...request, generator }) : changing({ ...request, photo: photo! }))
  watch.lap('photo')
  try {
    const encoder = await openEncoder(readerNamed(request.encoder ?? 'auto'), request)
    watch.lap('start')
    try {
      const { text, notes } = await asRead(encoder, request.text, TEMPLATES)
      const task = taskOf({ ...request, text }, setting, encoder, watch)
      const warnings = [...setting.notes, ...notes]
      for await (const moment of descent(task, request.tries ?? [], signal)) {
        yield frameOf(moment, { setting, task, encoder, warnings, watch })
      }
    } finally {
      await encoder.dispose()
    }
  } finally {
    await setting.dispose()
  }
}

/** A photo as an edit leaves it, at its full size and in its own depth; `strength` 0..1 of the change. 0 is the photo itself. */
export async function editedPhoto(
  original: Original,
  { parameters, mode, region }: Pick<EditFrame, 'parameters' | 'mode' | 'region'>,
  strength = 1,
): Promise<Original> {
  if (mode === 'generator') throw wrong('an edit of a photo', "it is of a generator's picture")
  const transform = HOW[mode].open({})
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
  { width, height }: Pick<Original, 'width' | 'height'>,
) {
  const frame = fit(width, height)
  return { ...paintedStrokes(parameters, frame), frame }
}

/** The picture that a generator makes of the latent that an edit leaves, by the generator and the seed of its request. */
export async function generatedPicture(
  files: GeneratorFiles,
  { parameters: { latent } }: Pick<EditFrame, 'parameters'>,
  { seed = 0, threads }: Pick<EditRequest, 'seed' | 'threads'> = {},
): Promise<Original> {
  const generator = await openedGenerator(files, seed, threads)
  try {
    const { width, height } = generator
    const planes = (await generator.make(latent!)).output.data
    const plane = width * height
    const data = Uint8Array.from({ length: 3 * plane }, (_, i) =>
      Math.round(255 * planes[(i % 3) * plane + Math.floor(i / 3)]!),
    )
    return { data, width, height, channels: 3, warnings: [] }
  } finally {
    await generator.dispose()
  }
}

/** The change begins with next to none, is judged by where it leads and by what is kept, and moves by Adam. */
function taskOf(
  { text, seed, iterations, frameEvery = 1 }: EditRequest,
  { canvas, begin, optimiser, wants, bank, views, ...usual }: Setting,
  encoder: ImageEncoder,
  watch: Stopwatch,
): Task<Groups> {
  const plan = { iterations: iterations ?? usual.iterations, seeds: 1, trial: Infinity }
  let objective: Promise<Objective<Groups>> | undefined
  return {
    ...{ plan, canvas, seed, frameEvery, optimiser: optimiser(plan.iterations) },
    begin(seed) {
      const work = begin(seed)
      return { work, start: work }
    },
    objectiveOf: () => (objective ??= openObjective({ canvas, encoder, wants: wants(text), bank }, watch)),
    viewsAt: (seed, step) => viewsFromBank(bank, views, seed, step),
    stepped: () => watch.lap('optimiser'),
  }
}

function frameOf(
  { work, tries, end, terms, ...moment }: Moment<Groups>,
  about: {
    setting: Setting
    task: Task<Groups>
    encoder: ImageEncoder
    warnings: readonly string[]
    watch: Stopwatch
  },
): EditFrame {
  const { setting, task, encoder, warnings, watch } = about
  const { mode, region } = setting
  return {
    ...{ ...moment, parameters: work, mode, terms: { ...terms } },
    ...{ steps: task.plan.iterations, way: wayOf(tries, task.plan), tries, times: { ...watch.times } },
    ...{ encoder: encoder.name, device: encoder.device, precision: encoder.precision ?? 'single' },
    ...(region && { region }),
    ...{ warnings: [...warnings, ...(encoder.notes ?? [])], done: end === 'done' },
  }
}
