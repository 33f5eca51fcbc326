import { openEncoder, readerNamed } from '../encoder/open.ts'
import { asRead, TEMPLATES } from '../encoder/sentences.ts'
import { openObjective, type Objective } from '../objective/objective.ts'
import { paintCanvas } from '../objective/strokes.ts'
import { goesFrom, hasStyle, keeps, means, type Want, wayFrom } from '../objective/wants.ts'
import { widened } from '../optimiser/adam.ts'
import { openPhoto } from '../photo/photo.ts'
import { randomAt } from '../random.ts'
import { renderStrokes } from '../raster/raster.ts'
import { stopwatch } from '../stopwatch.ts'
import { placesOn, strokesFrom } from '../strokes/bezier.ts'
import { keepLocked } from '../strokes/bounds.ts'
import { inPalette } from '../strokes/colours.ts'
import { scatterStrokes, stacked } from '../strokes/scatter.ts'
import type { Strokes } from '../strokes/strokes.ts'
import { linesFor, traceStrokes } from '../strokes/trace.ts'
import { findSubject } from '../subject/subject.ts'
import type { Tensor } from '../tensor.ts'
import { CANVAS } from '../units.ts'
import { freshViewsOnPaper, viewBankOnPaper, viewsFromBank } from '../views/choice.ts'
import { adamFor, type Task } from './descent.ts'
import type { SentenceRequest, WordsWishes } from './request.ts'
import type { Setting } from './setting.ts'
import type { Try } from './tries.ts'
import { lookAtStep, strokesAtStep, wordsPlanFor, type WordsPlan } from './painting.ts'

/** Full widths in units, which no stroke leaves. */
const WIDTHS = { least: 1, most: 100 }
/** How wide strokes are that begin on the lines of a photo, in units. */
const ON_LINES = 5
/** What a drawing that is moved is looked at through: so many random views, and how much of its area each keeps. */
const BANK = 8
const SHARE = [0.7, 0.9] as const

/** Opens the encoder and reads the sentence, and finds out all that a drawing needs to know of them. */
export async function imagine(request: SentenceRequest): Promise<Setting> {
  const watch = stopwatch()
  const given = await givenStrokes(request)
  const source = given && request.words?.source
  const plan = wordsPlanFor({
    ...request,
    strokes: request.strokes ?? given?.widths.length,
    // Tries that all begin with the same strokes, and stay near them, come to the same.
    seeds: request.seeds ?? (source === undefined ? undefined : 1),
  })
  const style = request.words?.style === undefined ? undefined : (await openPhoto(request.words.style)).image
  watch.lap('photo')
  const encoder = await openEncoder(readerNamed(request.encoder ?? 'auto'), request)
  watch.lap('start')
  const { text, notes } = await asRead(encoder, request.text, source === undefined ? undefined : TEMPLATES)
  const moves = source === undefined ? undefined : { source, picture: pictureOf(given!, request) }
  const wants = wantsOf({ ...request, text }, style, moves)
  // What is moved is looked at beside what it was, through views that come again.
  const bank = moves ? viewBankOnPaper(BANK, SHARE, request.seed ?? 0) : []
  const canvas = canvasOf(request)
  let objective: Objective<Strokes> | undefined
  return {
    encoder,
    task: {
      ...{ plan, canvas, optimiser: optimiserOf(plan, request), seed: request.seed, frameEvery: request.frameEvery },
      ...strokesOf(plan, request, given),
      objectiveOf: async () => (objective ??= await openObjective({ canvas, encoder, wants, bank }, watch)),
      viewsAt(seed, step) {
        if (moves) return viewsFromBank(bank, 1, seed, step)
        const { views, share } = lookAtStep(plan, step)
        return freshViewsOnPaper(views, share, seed, step)
      },
      stepped: () => watch.lap('optimiser'),
    },
    frame: { x: 0, y: 0, width: CANVAS, height: CANVAS },
    notes,
    watch,
    // Later strokes lie on earlier ones: their order is part of the picture.
    orderOf: ({ widths }) => ({ order: Array.from(widths.keys()) }),
  }
}

/** It should mean the sentence, or go there from what it was and keep the rest; and have the style of the picture. */
function wantsOf(
  { text, textWeight, words = {} }: SentenceRequest,
  style: Tensor | undefined,
  moves: { source: string; picture: Tensor } | undefined,
): Want[] {
  const meant = moves
    ? [goesFrom(moves.picture, wayFrom(moves.source, text, TEMPLATES), textWeight), keeps(moves.picture)]
    : [means(text, textWeight, words.against)]
  return [...meant, ...(style ? [hasStyle(style, words.styleWeight)] : [])]
}

function pictureOf(strokes: Strokes, { words = {} }: SentenceRequest): Tensor {
  return renderStrokes(allowed(strokes, words), words.paper).output
}

function canvasOf({ words = {}, locked = [] }: SentenceRequest) {
  const kept = (next: Strokes, before: Strokes): Strokes => keepLocked(allowed(next, words), before, locked)
  return paintCanvas(kept, words.paper)
}

/** Strokes on the canvas, neither too thin nor too wide, in colours that there are. */
function allowed(strokes: Strokes, { palette = [], mono }: WordsWishes): Strokes {
  const between = (numbers: Float32Array, least: number, most: number) =>
    numbers.map((value) => Math.min(most, Math.max(least, value)))
  const colors =
    strokes.colors && (mono ? strokes.colors.map((_, i) => Number(i % 4 === 3)) : between(strokes.colors, 0, 1))
  const held = {
    ...strokes,
    points: between(strokes.points, 0, CANVAS),
    widths: between(strokes.widths, WIDTHS.least, WIDTHS.most),
    ...(colors && { colors }),
  }
  return mono ? held : inPalette(held, palette)
}

function optimiserOf({ rates, iterations }: WordsPlan, { words }: SentenceRequest) {
  const { colors, ...others } = rates
  if (words?.source !== undefined) return adamFor({ points: rates.points }, iterations)
  return adamFor(words?.mono ? others : { ...others, colors }, iterations)
}

/** Where strokes begin, and which come later: those that are given, or layer by layer ever finer ones. */
function strokesOf(
  plan: WordsPlan,
  { words = {}, locked = [] }: SentenceRequest,
  given: Strokes | undefined,
): Pick<Task<Strokes>, 'begin' | 'grown'> {
  if (given) {
    const work = keepLocked(allowed(given, words), given, locked)
    return { begin: () => ({ work, start: work }) }
  }
  const strewn = (seed: number, step: number, there: number): Strokes => {
    const { count, layer } = strokesAtStep(plan, step)
    return allowed(scatterStrokes(count - there, layer, randomAt(seed, step, there)), words)
  }
  return {
    begin(seed) {
      const work = strewn(seed, 0, 0)
      return { work, start: work }
    },
    grown(now) {
      const there = now.work.widths.length
      if (strokesAtStep(plan, now.step).count <= there) return now
      const work = stacked(now.work, strewn(now.seed, now.step, there))
      // What was best without them is a drawing of fewer strokes than were asked for.
      return { ...now, best: undefined, work, memory: memoryFor(work, now.memory) }
    },
  }
}

function memoryFor(work: Strokes, memory: Try<Strokes>['memory']): Try<Strokes>['memory'] {
  const { points, widths, colors } = work
  const lengths: Readonly<Record<string, number | undefined>> = {
    ...{ points: points.length, widths: widths.length, colors: colors?.length },
  }
  const entries = Object.entries(memory).map(([name, [adam, steps]]) => [name, [widened(adam, lengths[name]!), steps]])
  return Object.fromEntries(entries) as Try<Strokes>['memory']
}

/** The strokes of another drawing, or those that trace a photo, in its colours. */
async function givenStrokes({ from, words, strokes, ...request }: SentenceRequest): Promise<Strokes | undefined> {
  if (from) return coloured(from, from.colors ?? black(from.widths.length))
  if (words?.start === undefined) return undefined
  const photo = await openPhoto(words.start)
  const count = strokes ?? wordsPlanFor(request).strokes
  const { field } = await findSubject(photo, 'none')
  const traced = strokesFrom(traceStrokes(linesFor(field, count), count).traced, ON_LINES, CANVAS)
  const { data } = photo.image
  const colors = Array.from(traced.widths.keys()).flatMap((i) => {
    const [x, y] = placesOn(traced.points, 4 * i, 2).subarray(2, 4) as unknown as [number, number]
    const pixel = Math.min(CANVAS - 1, Math.floor(y)) * CANVAS + Math.min(CANVAS - 1, Math.floor(x))
    return [0, 1, 2].map((c) => data[c * CANVAS ** 2 + pixel]!).concat(0.9)
  })
  return coloured(traced, Float32Array.from(colors))
}

function coloured(strokes: Strokes, colors: Float32Array): Strokes {
  return {
    ...strokes,
    pressures: undefined,
    segments: strokes.segments ?? new Uint8Array(strokes.widths.length).fill(1),
    colors,
  }
}

function black(count: number): Float32Array {
  return Float32Array.from({ length: 4 * count }, (_, i) => Number(i % 4 === 3))
}
