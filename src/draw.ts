import { adamFor, descent, type Moment, type Task } from './drawing/descent.ts'
import { imagine } from './drawing/imagined.ts'
import { checkRequest, type DrawRequest, type Frame, isOfSentence, type PhotoRequest } from './drawing/request.ts'
import { canvasFor, lookAt, objectivesFor, placeStrokes, stagesFor, type Scene } from './drawing/scene.ts'
import { revisionFor } from './drawing/revision.ts'
import type { Revision, Setting } from './drawing/setting.ts'
import { wayOf } from './drawing/tries.ts'
import { importanceOrder, reordered } from './strokes/importance.ts'
import type { Strokes } from './strokes/strokes.ts'
import { freshViews, viewsFromBank } from './views/choice.ts'

/**
 * Draws a photo in a few strokes, or paints a sentence in coloured ones, and shows every few steps how far it is. A photo
 * becomes a subject, the subject seeds strokes, strokes become pixels, an encoder looks at the pixels, a loss says how far
 * off they are, gradients flow back to the strokes, the optimiser moves them, and whoever reads the frames watches. Without
 * a photo the sentence alone is what is wanted, and strokes begin anywhere.
 *
 * The last frame holds the best strokes seen; when `signal` aborts, it comes within one step and is not `done`.
 * Throws a FewlineError when the request is wrong, the photo can't be read, or there is nothing to draw in it.
 */
export async function* draw(request: DrawRequest, signal?: AbortSignal): AsyncGenerator<Frame> {
  checkRequest(request)
  const setting = isOfSentence(request) ? await imagine(request) : await sitting(request as PhotoRequest)
  try {
    for await (const moment of descent(setting.task, request.tries ?? [], signal)) {
      const revision = moment.end === 'done' ? await setting.revised?.(moment, signal) : undefined
      if (revision) yield* revisedFrames(setting, moment, revision)
      else yield moment.end ? lastFrame(setting, moment) : frameOf(setting, moment)
    }
  } finally {
    await setting.encoder.dispose()
  }
}

/** A photo sits for its drawing, which is handed over with its most important strokes first. */
async function sitting(request: PhotoRequest): Promise<Setting> {
  const scene = await lookAt(request)
  const { encoder, photo, notes, hints, watch, lines } = scene
  const task = taskOf(scene, request)
  const isOpen = request.strokes === 'auto' && request.from === undefined && encoder.sees === 'photo'
  return {
    ...{ encoder, watch, task, frame: photo.frame, notes: [...hints, ...notes], hints },
    ...(isOpen && { revised: revisionFor(scene, request, task) }),
    orderOf: (strokes, stages = stagesFor(scene, request)) => importanceOrder(strokes, lines.data, stages),
  }
}

/** Strokes begin where the photo has its lines, are judged by what the encoder sees, and move by Adam. */
function taskOf(scene: Scene, request: DrawRequest): Task<Strokes> {
  const { plan, bank, watch } = scene
  const canvas = canvasFor(scene, request)
  return {
    plan,
    canvas,
    // The paper's rate does not fall, and its epsilon is so small that every point keeps moving.
    optimiser: adamFor({ points: plan.rates }, plan.iterations, {
      epsilon: plan.free ? 1e-8 : 1e-6,
      beta1: plan.momentum,
    }),
    begin: (seed) => placeStrokes(scene, request, seed),
    objectiveOf: objectivesFor(scene, request, canvas),
    viewsAt: (seed, step) =>
      request.freshViews ? freshViews(plan.views, seed, step) : viewsFromBank(bank, plan.views, seed, step),
    seed: request.seed,
    frameEvery: request.frameEvery,
    stepped: () => watch.lap('optimiser'),
  }
}

function frameOf(setting: Setting, { work, tries, end, ...moment }: Moment<Strokes>): Frame {
  const { task, encoder, frame, watch, notes, hints } = setting
  const { iterations, seeds } = task.plan
  return {
    ...{ ...moment, strokes: work, terms: { ...moment.terms }, steps: iterations, seeds },
    ...{ way: wayOf(tries, task.plan), tries, times: { ...watch.times }, encoder: encoder.name },
    ...{ device: encoder.device, precision: encoder.precision ?? 'single' },
    ...{ frame, warnings: [...notes, ...(encoder.notes ?? [])], done: end === 'done' },
    ...(hints && { hints }),
  }
}

/** The drawing as a second look leaves it, and then in its order. */
function* revisedFrames(setting: Setting, moment: Moment<Strokes>, { stages, note, ...change }: Revision) {
  const told = { ...setting, notes: [...setting.notes, note] }
  const { end, ...then } = { ...moment, ...change }
  yield frameOf(told, then)
  yield lastFrame(told, { ...then, ...(end && { end }) }, stages)
}

function lastFrame(setting: Setting, moment: Moment<Strokes>, stages?: readonly number[]): Frame {
  const { order, gains } = setting.orderOf(moment.work, stages)
  const strokes = reordered(moment.work, order)
  return { ...frameOf(setting, moment), strokes, ...(gains && { importance: gains }), order }
}
