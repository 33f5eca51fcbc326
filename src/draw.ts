import { adam } from './optimiser/adam.ts'
import { chain } from './optimiser/chain.ts'
import { cosine, scheduled } from './optimiser/schedule.ts'
import type { Plan } from './drawing/presets.ts'
import { checkRequest, type DrawRequest, type Frame } from './drawing/request.ts'
import { anneals, lookAt, objectivesFor, placeStrokes, type Scene } from './drawing/scene.ts'
import { keepLength, keepLocked, keepWithin } from './strokes/bounds.ts'
import { importanceOrder, reordered } from './strokes/importance.ts'
import type { Strokes } from './strokes/strokes.ts'
import { evaluated, leader, wayOf, whoseTurn, withTry, type Best, type Try } from './drawing/tries.ts'
import { freshViews, viewsFromBank } from './views/choice.ts'
import type { View } from './views/view.ts'

/** A frame is handed out every so many steps, when nothing else is asked … */
const FRAME_EVERY = 5
/** … and so often a drawing that is looked at through random views is evaluated without them. */
const EVALUATE_EVERY = 10

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
    const { plan, bank, watch } = scene
    const optimiser = optimiserFor(plan)
    const begin = (index: number): Try => {
      const seed = (request.seed ?? 0) + index
      const placed = placeStrokes(scene, request, seed)
      const memory = optimiser.init(placed.start.points.length)
      return { seed, step: 0, ...placed, memory, losses: [], over: false }
    }
    const improved = ({ strokes, memory: before }: Try, gradient: Float32Array): Pick<Try, 'strokes' | 'memory'> => {
      const { change, state: memory } = optimiser.update(gradient, before)
      return { strokes: moved(strokes, change, scene, request), memory }
    }
    const objectiveOf = objectivesFor(scene, request)
    let tries = request.tries ?? []

    let now = whoseTurn(tries, plan, begin)
    for (; now && !(signal?.aborted && leader(tries)); now = whoseTurn(tries, plan, begin)) {
      const { seed, step, strokes } = now
      const views = request.freshViews
        ? freshViews(plan.views, seed, step)
        : viewsFromBank(bank, plan.views, seed, step)
      const objective = await objectiveOf(now)
      const seen = await objective(strokes, views)
      const atEnd = step >= plan.iterations
      const due = views.length === 0 || step % EVALUATE_EVERY === 0 || atEnd
      const judged = due ? evaluated(now, plan, seen.plain) : now

      const next = step === 0 && anneals(scene, request) ? { strokes: now.start } : improved(now, seen.gradient)
      watch.lap('optimiser')
      const over = judged.over || atEnd
      tries = withTry(tries, over ? { ...judged, over } : { ...judged, ...next, step: step + 1 })
      if (over || step % (request.frameEvery ?? (views.length > 0 ? 1 : FRAME_EVERY)) === 0) {
        yield frameOf(scene, tries, { seed, step, strokes, loss: seen.loss, terms: seen.terms }, views)
      }
    }
    const best = leader(tries)
    if (best?.best) yield lastFrame(scene, tries, { ...best.best, seed: best.seed }, !now)
  } finally {
    await scene.encoder.dispose()
  }
}

/** What is shown of a try. */
type Moment = Best & { seed: number }

/** Adam. The paper's rate does not fall, and its epsilon is so small that every point keeps moving. */
function optimiserFor({ rates, iterations, free }: Plan) {
  return chain(adam({ epsilon: free ? 1e-8 : 1e-6 }), scheduled(cosine(...rates, iterations)))
}

function moved(strokes: Strokes, change: Float32Array, { photo, plan }: Scene, { locked = [] }: DrawRequest): Strokes {
  const next = { ...strokes, points: strokes.points.map((p, i) => p + change[i]!) }
  return keepLocked(plan.free ? next : keepLength(keepWithin(next, photo.frame), strokes), strokes, locked)
}

function frameOf(scene: Scene, tries: readonly Try[], moment: Moment, views: readonly View[] = []): Frame {
  const { photo, encoder, plan, watch, notes } = scene
  return {
    ...{ ...moment, terms: { ...moment.terms }, steps: plan.iterations, seeds: plan.seeds, way: wayOf(tries, plan) },
    ...{ views, tries, times: { ...watch.times }, encoder: encoder.name },
    ...{ device: encoder.device, precision: encoder.precision ?? 'single' },
    ...{ frame: photo.frame, warnings: [...photo.warnings, ...notes, ...(encoder.notes ?? [])], done: false },
  }
}

function lastFrame(scene: Scene, tries: readonly Try[], best: Moment, done: boolean): Frame {
  const { order, gains } = importanceOrder(best.strokes, scene.lines.data)
  return { ...frameOf(scene, tries, best), strokes: reordered(best.strokes, order), importance: gains, order, done }
}
