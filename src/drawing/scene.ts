import type { ImageEncoder } from '../encoder/encoder.ts'
import { openEncoder } from '../encoder/open.ts'
import { relevanceOf } from '../encoder/relevance.ts'
import { FewlineError } from '../errors.ts'
import type { Canvas } from '../objective/canvas.ts'
import { openObjective, type Objective } from '../objective/objective.ts'
import { inkCanvas } from '../objective/strokes.ts'
import { looksLike, means } from '../objective/wants.ts'
import { openPhoto, type Photo } from '../photo/photo.ts'
import { planFor, type Plan } from './presets.ts'
import { randomFrom } from '../random.ts'
import { drawLines } from '../raster/lines.ts'
import { renderStrokes } from '../raster/raster.ts'
import { backgroundless, emphasised } from './emphasis.ts'
import type { DrawRequest, PhotoRequest } from './request.ts'
import { understood } from './words.ts'
import { stopwatch, type Stopwatch } from '../stopwatch.ts'
import { strokesFrom } from '../strokes/bezier.ts'
import { heldBack, keepLength, keepLocked, keepWithin } from '../strokes/bounds.ts'
import type { Chain } from '../strokes/chains.ts'
import { countFor, gainsIn } from '../strokes/count.ts'
import type { Cubic } from '../strokes/fit.ts'
import { stagesOf } from '../strokes/grow.ts'
import { loosened } from '../strokes/loosen.ts'
import { sampleStrokes } from '../strokes/sample.ts'
import type { Strokes } from '../strokes/strokes.ts'
import { linesFor, traceStrokes } from '../strokes/trace.ts'
import { linesBehind, type LineField } from '../subject/lines.ts'
import { solidityOf } from '../subject/solidity.ts'
import { hintsFor, qualityOf } from '../subject/hints.ts'
import { findSubject } from '../subject/subject.ts'
import { likelyPlaces } from '../subject/xdog.ts'
import { tensor, type Tensor } from '../tensor.ts'
import type { Try } from './tries.ts'
import { CANVAS, STROKE_WIDTH } from '../units.ts'
import { viewBank } from '../views/choice.ts'
import type { View } from '../views/view.ts'

/** How much the manners of strokes count, next to what the encoder says. */
const MANNERS = { smoothness: 5e-5, doubling: 0.2 }
/** How many strokes there are when nobody says. */
const USUAL = 16
/** How much of their way the earlier strokes of a drawing that grows go while the last ones find their place. */
const LEASH = 0.2
/** How far from where it starts a traced stroke looks for its line, in units: with less, its own ink would cover all of it. */
const REACH = 2.25
/** What a line counts for that an encoder of meaning does not look at, next to one that it does. */
const ALOOF = 0.4
/** What is behind the subject is drawn so much thinner than it, and as grey as this, 0..1. */
const THINNER = 0.55
const GREY = 0.55
/** And with so much less detail. */
const LESS_DETAIL = 0.5
const NOTHING_BEHIND = 'There is nothing to draw behind the subject.'
const NO_ATTENTION =
  'Where strokes begin is told from the photo’s lines: no model with attention is installed (fewline models download ViT-B/32).'

/** What a drawing is made from, and how. */
export interface Scene {
  photo: Photo
  chains: Chain[]
  /** How many strokes are to draw them. */
  count: number
  /** The same of what is behind the subject. */
  behind: { chains: Chain[]; count: number }
  /** [CANVAS, CANVAS] ink 0..1: the drawing that as many strokes as one likes would make. */
  lines: Tensor
  /** [3, CANVAS, CANVAS] The subject on white. */
  subject: Tensor
  /** [CANVAS·CANVAS] 0..1: where scribbles may begin. */
  places: Float32Array
  /** What its owner should know about how it was made, in plain sentences. */
  notes: readonly string[]
  /** What its owner should know about the photo. */
  hints: readonly string[]
  encoder: ImageEncoder
  plan: Plan
  bank: readonly View[]
  watch: Stopwatch
}

/** Opens the photo and the encoder, and finds out all that a drawing needs to know of them. */
export async function lookAt(request: PhotoRequest): Promise<Scene> {
  const watch = stopwatch()
  const photo = await openPhoto(request.photo)
  const { emphasis, confidence, notes: said, ...words } = await understood(request)
  const { mask, field: found } = await findSubject(photo, words.mask ?? request.mask)
  const isFound = words.mask === undefined && (request.mask === undefined || request.mask === 'auto')
  const hints = [...photo.warnings, ...hintsFor(qualityOf(photo, mask), isFound).map(({ text }) => text)]
  const whole = request.behind ? 'keep' : 'fade'
  const subject = backgroundless(photo.image, mask, request.background ?? whole, confidence)
  watch.lap('photo')
  const encoder = await openEncoder(request.encoder ?? 'auto', request)
  watch.lap('start')
  const plan = planFor(request, encoder.sees)
  const bank = plan.views > 0 && !request.freshViews ? viewBank(request.seed ?? 0) : []
  const relevance = encoder.sees === 'photo' ? await relevanceOf(subject, encoder) : undefined
  const field = emphasised(emphasised(found, relevance && emphasisOf(relevance)), emphasis)
  const count = strokesWanted(request, field, mask)
  const chains = linesFor(field, count).map((chain) => loosened(chain, request.fidelity ?? 1))
  const behind = behindSubject(request, photo, mask, count)
  const lines = darker(drawLines(chains, STROKE_WIDTH), drawLines(behind.chains, THINNER * STROKE_WIDTH))
  const { places, notes } = placesFor(plan, encoder, subject, field, relevance)
  watch.lap('photo')
  return {
    ...{ photo, chains, count, behind, lines, subject, places, encoder, plan, bank, watch },
    notes: [...said, ...notes, ...(request.behind && behind.count === 0 ? [NOTHING_BEHIND] : [])],
    hints,
  }
}

/** How much lines count where an encoder of meaning finds a photo so relevant, [CANVAS·CANVAS] 0..1. */
function emphasisOf(relevance: Float32Array): Tensor {
  return tensor(
    [CANVAS, CANVAS],
    relevance.map((value) => ALOOF + (1 - ALOOF) * value),
  )
}

/** Where scribbles may begin: on lines, and where an encoder of meaning finds them relevant. */
function placesFor(
  { placement }: Plan,
  { sees }: ImageEncoder,
  subject: Tensor,
  { strength }: LineField,
  relevance: Float32Array | undefined,
): Pick<Scene, 'places' | 'notes'> {
  if (placement !== 'sampled' || sees === 'lines') return { places: strength, notes: [] }
  const places = likelyPlaces(subject, relevance ?? strength).data
  return { places, notes: relevance ? [] : [NO_ATTENTION] }
}

function strokesWanted({ strokes, from, detail }: DrawRequest, field: LineField, mask: Tensor): number {
  if (from) return from.widths.length
  return strokes === 'auto' ? countFor(gainsIn(field), solidityOf(mask), detail) : (strokes ?? USUAL)
}

/** What is behind a subject of so many strokes, and how many it is to have: no more than that, unless they are named. */
function behindSubject(
  { behind = 0, detail = 0.5, fidelity = 1 }: DrawRequest,
  photo: Photo,
  mask: Tensor,
  inFront: number,
): Scene['behind'] {
  if (behind === 0) return { chains: [], count: 0 }
  const field = linesBehind(photo, mask)
  const told = Math.min(inFront, countFor(gainsIn(field), 1, LESS_DETAIL * detail))
  const count = behind === 'auto' ? told : behind
  const chains = linesFor(field, count).map((chain) => loosened(chain, fidelity))
  return { chains, count: chains.length > 0 ? count : 0 }
}

/** Both pictures of ink on each other. */
function darker(a: Tensor, b: Tensor): Tensor {
  return tensor(
    a.shape,
    a.data.map((ink, i) => Math.max(ink, b.data[i]!)),
  )
}

/** The first placement of the try with this seed; and, where it is traced, what annealing makes of that. */
export function placeStrokes(
  { photo, chains, count, behind, places, plan }: Scene,
  request: DrawRequest,
  seed: number,
): Pick<Try<Strokes>, 'work' | 'start'> {
  if (request.from) {
    // What moves has one width along it.
    const start = { ...request.from, pressures: undefined }
    return { work: start, start }
  }
  const random = randomFrom(seed)
  const chance = seed === 0 ? undefined : random
  const width = request.width ?? STROKE_WIDTH
  const distant = traceStrokes(behind.chains, behind.count, chance)
  const strokesOf = (cubics: readonly Cubic[], further: readonly Cubic[]): Strokes => {
    const front = strokesFrom(cubics, width, CANVAS)
    return keepWithin(further.length > 0 ? before(further, front, width) : front, photo.frame)
  }
  if (plan.placement === 'sampled') {
    const strokes = strokesOf(somethingToDraw(sampleStrokes(places, count, random)), distant.annealed)
    return { work: strokes, start: strokes }
  }
  const { traced, annealed } = traceStrokes(chains, count, chance, request.order === 'grow')
  return { work: strokesOf(somethingToDraw(traced), distant.traced), start: strokesOf(annealed, distant.annealed) }
}

/** The subject's strokes over those of what is behind it, which are thinner and grey. */
function before(distant: readonly Cubic[], front: Strokes, width: number): Strokes {
  const back = strokesFrom(distant, THINNER * width, CANVAS)
  const coloured = (strokes: Strokes, grey: number): number[] =>
    Array.from(strokes.widths, () => [grey, grey, grey, 1]).flat()
  return {
    ...front,
    points: Float32Array.from([...back.points, ...front.points]),
    widths: Float32Array.from([...back.widths, ...front.widths]),
    colors: Float32Array.from([...coloured(back, GREY), ...coloured(front, 0)]),
  }
}

/**
 * The drawings that a drawing goes through, by how many of its strokes they have: those from which it grows, what is behind
 * before what is in front, else it alone.
 */
export function stagesFor(scene: Scene, request: DrawRequest): readonly number[] {
  const { count, behind } = scene
  return behind.count > 0 ? [behind.count, behind.count + count] : growthOf(scene, request)
}

function growthOf({ count, plan }: Scene, { from, order }: DrawRequest): readonly number[] {
  return order === 'grow' && plan.placement === 'traced' && !from ? stagesOf(count) : [count]
}

function somethingToDraw(cubics: readonly Cubic[]): readonly Cubic[] {
  if (cubics.length > 0) return cubics
  throw new FewlineError({
    kind: 'photo',
    expected: 'a photo with something to draw in it',
    came: 'there is nothing to draw: no line can be made out',
    todo: 'choose a photo with more contrast',
  })
}

/**
 * What gradients may do to strokes: they stay on the photo and as long as they have to be, and locked ones as they are; what
 * a growing drawing has been before, it stays nearly.
 */
export function canvasFor(scene: Scene, request: DrawRequest): Canvas<Strokes> {
  const { photo, plan } = scene
  const { locked = [] } = request
  const earlier = growthOf(scene, request).at(-2) ?? 0
  const mannerly = (next: Strokes, before: Strokes): Strokes =>
    keepLength(keepWithin(heldBack(next, before, earlier, LEASH), photo.frame), before)
  const kept = (next: Strokes, before: Strokes): Strokes =>
    keepLocked(plan.free ? next : mannerly(next, before), before, locked)
  return inkCanvas(kept, plan.free ? undefined : MANNERS)
}

/** The objective of each try. Where the photo is what is looked at, all tries share one. */
export function objectivesFor(
  scene: Scene,
  request: DrawRequest,
  canvas: Canvas<Strokes>,
): (now: Try<Strokes>) => Promise<Objective<Strokes>> {
  const { encoder, bank, watch, subject } = scene
  const shared = encoder.sees === 'photo'
  let known: { seed: number; objective: Objective<Strokes> } | undefined
  return async ({ seed, start }) => {
    if (known && (shared || known.seed === seed)) return known.objective
    const picture = shared ? subject : linesWithin(scene, start, request)
    const { text, textWeight } = request
    const wants = [looksLike(picture), ...(text === undefined ? [] : [means(text, textWeight)])]
    const objective = await openObjective({ canvas, encoder, wants, bank }, watch)
    known = { seed, objective }
    return objective
  }
}

/**
 * What the encoder is to see where it sees lines, [CANVAS, CANVAS]: the photo's lines. Traced strokes are shown those in
 * their reach only, because a line that no stroke is there to draw would pull others away from theirs.
 */
function linesWithin({ lines, plan }: Scene, strokes: Strokes, { from }: DrawRequest): Tensor {
  const everywhere = plan.placement === 'sampled' && !from
  const widths = new Float32Array(strokes.widths.length).fill(2 * REACH)
  const beyond = everywhere ? undefined : renderStrokes({ ...strokes, colors: undefined, widths }).output.data
  return tensor(
    lines.shape,
    lines.data.map((ink, i) => 1 - ink * (1 - (beyond?.[i] ?? 0))),
  )
}
