import { adamFor, descent, type Moment, type Task } from './drawing/descent.ts'
import { checkRequest, type DrawRequest, type Frame } from './drawing/request.ts'
import { canvasFor, lookAt, objectivesFor, placeStrokes, type Scene } from './drawing/scene.ts'
import { wayOf } from './drawing/tries.ts'
import { importanceOrder, reordered } from './strokes/importance.ts'
import type { Strokes } from './strokes/strokes.ts'
import { freshViews, viewsFromBank } from './views/choice.ts'

/**
 * Draws a photo in a few strokes, and shows every few steps how far it is. A photo becomes a subject, the subject seeds
 * strokes, strokes become pixels, an encoder looks at the pixels, a loss says how far off they are, gradients flow back
 * to the strokes, the optimiser moves them, and whoever reads the frames watches.
 *
 * The last frame holds the best strokes seen; when `signal` aborts, it comes within one step and is not `done`.
 * Throws a FewlineError when the request is wrong, the photo can't be read, or there is nothing to draw in it.
 */
export async function* draw(request: DrawRequest, signal?: AbortSignal): AsyncGenerator<Frame> {
  checkRequest(request)
  const scene = await lookAt(request)
  try {
    for await (const moment of descent(taskOf(scene, request), request.tries ?? [], signal)) {
      yield moment.end ? lastFrame(scene, moment) : frameOf(scene, moment)
    }
  } finally {
    await scene.encoder.dispose()
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
    optimiser: adamFor({ points: plan.rates }, plan.iterations, plan.free ? 1e-8 : 1e-6),
    begin: (seed) => placeStrokes(scene, request, seed),
    objectiveOf: objectivesFor(scene, request, canvas),
    viewsAt: (seed, step) =>
      request.freshViews ? freshViews(plan.views, seed, step) : viewsFromBank(bank, plan.views, seed, step),
    seed: request.seed,
    frameEvery: request.frameEvery,
    stepped: () => watch.lap('optimiser'),
  }
}

function frameOf(scene: Scene, { work, tries, end, ...moment }: Moment<Strokes>): Frame {
  const { photo, encoder, plan, watch, notes } = scene
  return {
    ...{ ...moment, strokes: work, terms: { ...moment.terms }, steps: plan.iterations, seeds: plan.seeds },
    ...{ way: wayOf(tries, plan), tries, times: { ...watch.times }, encoder: encoder.name },
    ...{ device: encoder.device, precision: encoder.precision ?? 'single' },
    ...{ frame: photo.frame, warnings: [...photo.warnings, ...notes, ...(encoder.notes ?? [])], done: end === 'done' },
  }
}

function lastFrame(scene: Scene, moment: Moment<Strokes>): Frame {
  const { order, gains } = importanceOrder(moment.work, scene.lines.data)
  return { ...frameOf(scene, moment), strokes: reordered(moment.work, order), importance: gains, order }
}
