import type { ImageEncoder } from './encoder/encoder.ts'
import { openEncoder } from './encoder/open.ts'
import { FewlineError } from './errors.ts'
import { smoothness } from './loss/smoothness.ts'
import { adam } from './optimiser/adam.ts'
import { chain } from './optimiser/chain.ts'
import { cosine, scheduled } from './optimiser/schedule.ts'
import { openPhoto, type Photo } from './photo/photo.ts'
import { randomFrom } from './random.ts'
import { drawLines } from './raster/lines.ts'
import { renderStrokes } from './raster/raster.ts'
import { checkRequest, PRESETS, type DrawRequest, type Frame } from './request.ts'
import { cubicStarts, strokesFrom } from './strokes/bezier.ts'
import { keepLength, keepLocked, keepWithin } from './strokes/bounds.ts'
import type { Chain } from './strokes/chains.ts'
import { importanceOrder, reordered } from './strokes/importance.ts'
import { sampleStrokes } from './strokes/sample.ts'
import type { Strokes } from './strokes/strokes.ts'
import { linesFor, traceStrokes } from './strokes/trace.ts'
import { lineField, type LineField } from './subject/lines.ts'
import { chooseMask } from './subject/mask.ts'
import { tensor, type Tensor } from './tensor.ts'
import { CANVAS, STROKE_WIDTH } from './units.ts'

/** Learning rates in canvas units, first and last: traced strokes need a touch, scribbles have to find their place. */
const RATES = { traced: [0.25, 0.02], sampled: [2, 0.1] } as const
/** How much the smoothness of all strokes together counts, next to what the encoder says. */
const SMOOTHNESS = 5e-5
/** How far from where it starts a traced stroke looks for its line, in units. */
const REACH = 3.5
/** A frame is handed out every so many steps, when nothing else is asked. */
const FRAME_EVERY = 5

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
  const { encoder } = scene
  try {
    const steps = request.iterations ?? PRESETS[request.preset ?? 'standard'].iterations
    const [first, last] = RATES[request.from ? 'traced' : (request.placement ?? 'traced')]
    const optimiser = chain(adam({ epsilon: 1e-6 }), scheduled(cosine(first, last, steps)))
    const firstSeed = request.seed ?? 0
    const seeds = request.seeds ?? 1
    let best: Moment | undefined

    for (let seed = firstSeed; seed < firstSeed + seeds; seed++) {
      let strokes = placeStrokes(scene, request, seed)
      const target = await encoder.prepare(linesWithin(scene, strokes, request))
      const starts = cubicStarts(strokes)
      let state = optimiser.init(strokes.points.length)

      for (let step = 0; step <= steps; step++) {
        // colours are the strokes' own affair: what is looked at is their ink
        const picture = renderStrokes({ ...strokes, colors: undefined })
        const seen = await encoder.compare(asImage(picture.output), target)
        const bent = smoothness(strokes.points, starts)
        const terms = { ...seen.terms, smoothness: (SMOOTHNESS * bent.loss) / starts.length }
        const moment = { step, steps, strokes, loss: seen.loss + terms.smoothness, terms, seed, seeds }
        if (moment.loss < (best?.loss ?? Infinity)) best = moment
        if (step % (request.frameEvery ?? FRAME_EVERY) === 0) yield frameOf(scene, moment)
        if (signal?.aborted) {
          yield lastFrame(scene, best ?? moment, false)
          return
        }
        if (step === steps) break

        const gradient = picture.pullback(asGrey(seen.gradient)).points
        gradient.forEach((g, i) => (gradient[i] = g + (SMOOTHNESS * bent.gradient[i]!) / starts.length))
        const update = optimiser.update(gradient, state)
        state = update.state
        strokes = moved(strokes, update.change, scene, request)
      }
    }
    if (best) yield lastFrame(scene, best, true)
  } finally {
    await encoder.dispose()
  }
}

/** What a drawing is made from. */
interface Scene {
  photo: Photo
  field: LineField
  chains: Chain[]
  /** [CANVAS, CANVAS] ink 0..1: the drawing that as many strokes as one likes would make. */
  lines: Tensor
  encoder: ImageEncoder
}

interface Moment {
  step: number
  steps: number
  strokes: Strokes
  loss: number
  terms: Record<string, number>
  seed: number
  seeds: number
}

async function lookAt(request: DrawRequest): Promise<Scene> {
  const photo = await openPhoto(request.photo)
  const wanted = request.mask ?? 'auto'
  const field = lineField(photo, await chooseMask(photo, wanted), wanted === 'auto')
  const chains = linesFor(field, strokesWanted(request))
  const lines = drawLines(chains, STROKE_WIDTH)
  const encoder = await openEncoder(request.encoder ?? 'auto', request)
  return { photo, field, chains, lines, encoder }
}

function strokesWanted({ strokes, from }: DrawRequest): number {
  return strokes ?? from?.widths.length ?? 16
}

function placeStrokes({ photo, field, chains }: Scene, request: DrawRequest, seed: number): Strokes {
  if (request.from) return request.from
  const count = strokesWanted(request)
  const random = randomFrom(seed)
  const cubics =
    request.placement === 'sampled'
      ? sampleStrokes(field.strength, count, random)
      : traceStrokes(chains, count, seed === 0 ? undefined : random)
  if (cubics.length === 0) {
    throw new FewlineError({
      kind: 'photo',
      expected: 'a photo with something to draw in it',
      came: 'there is nothing to draw: no line can be made out',
      todo: 'choose a photo with more contrast',
    })
  }
  return keepWithin(strokesFrom(cubics, request.width ?? STROKE_WIDTH, CANVAS), photo.frame)
}

/**
 * What the encoder is to see, [1, 3, CANVAS, CANVAS]: the photo's lines. Traced strokes are shown those in their reach
 * only, because a line that no stroke is there to draw would pull others away from theirs.
 */
function linesWithin({ lines }: Scene, strokes: Strokes, { placement, from }: DrawRequest): Tensor {
  const everywhere = placement === 'sampled' && !from
  const widths = new Float32Array(strokes.widths.length).fill(2 * REACH)
  const beyond = everywhere ? undefined : renderStrokes({ ...strokes, colors: undefined, widths }).output.data
  return asImage(
    tensor(
      lines.shape,
      lines.data.map((ink, i) => 1 - ink * (1 - (beyond?.[i] ?? 0))),
    ),
  )
}

function moved(strokes: Strokes, change: Float32Array, { photo }: Scene, { locked = [] }: DrawRequest): Strokes {
  const next = { ...strokes, points: strokes.points.map((p, i) => p + change[i]!) }
  return keepLocked(keepLength(keepWithin(next, photo.frame), strokes), strokes, locked)
}

function frameOf({ photo, encoder }: Scene, moment: Moment): Frame {
  const { frame, warnings } = photo
  return { ...moment, encoder: encoder.name, device: encoder.device, frame, warnings, done: false }
}

function lastFrame(scene: Scene, best: Moment, done: boolean): Frame {
  const { order, gains } = importanceOrder(best.strokes, scene.lines.data)
  return { ...frameOf(scene, best), strokes: reordered(best.strokes, order), importance: gains, order, done }
}

/** A grey picture [h, w] as an encoder wants it, [1, 3, h, w]. */
function asImage({ data, shape }: Tensor): Tensor {
  const image = tensor([1, 3, ...shape])
  for (let channel = 0; channel < 3; channel++) image.data.set(data, channel * data.length)
  return image
}

/** The way back of `asImage`. */
function asGrey({ data, shape }: Tensor): Tensor {
  const size = data.length / 3
  const grey = tensor(shape.slice(2), data.slice(0, size))
  for (let i = 0; i < size; i++) grey.data[i]! += data[size + i]! + data[2 * size + i]!
  return grey
}
