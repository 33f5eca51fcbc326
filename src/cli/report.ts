import type { EditFrame, Frame, Likeness, Past, Problem } from '../index.ts'
import { problemOf, sentenceOf } from './complain.ts'
import { jsonLines } from './say.ts'
import { version } from './version.ts'

type View = Frame['views'][number]

/** What one drawing was like. */
export interface Report {
  /** What it was made from. */
  photo?: string
  prompt?: string
  strokes: number
  encoder: string
  device: string
  /** Of the numbers it computed with: `single` or `half`. */
  precision: string
  preset: string
  iterations: number
  seconds: number
  secondsPerIteration: number
  loss: number
  /** What was seen at each frame; `views` are places in the list of that name. */
  history: Past['history']
  /** The random views that were used. */
  views?: Frame['views']
  /** Milliseconds by what they were spent on. */
  times: Frame['times']
  /** The loss that each try ended with. */
  seeds: { seed: number; loss: number }[]
  warnings: string[]
  outputs: string[]
  /** How far a plotter's pen travels in the air, in mm, in the order drawn and in that written. */
  travel?: { before: number; after: number }
  /** What CLIP sees in both, the likeliest first, when that was asked for. */
  labels?: { photo: Likeness[]; sketch: Likeness[] }
}

/** What one edit was like. */
export interface EditReport extends Omit<
  Report,
  'photo' | 'prompt' | 'strokes' | 'preset' | 'seeds' | 'travel' | 'labels'
> {
  /** Or the files of a generator. */
  photo?: string
  generator?: string[]
  prompt: string
  mode: string
  strength: number
}

/** A photo, or a whole call, that came to nothing, and why. */
export interface Failure {
  photo?: string
  error: Partial<Problem> & { message: string }
}

/** A photo that was left out, because what it would become was there. */
export interface Skipped {
  photo: string
  skipped: true
  outputs: string[]
}

export function failureOf(error: unknown, photo?: string): Failure {
  return { ...(photo === undefined ? {} : { photo }), error: { message: sentenceOf(error), ...problemOf(error) } }
}

/** Takes note of a drawing while it is made. */
export class Log {
  private readonly began = performance.now()
  private readonly history: Report['history']
  /** Each view that was used, and its place among them. */
  private readonly views: Map<string, number>
  /** When the first and the last frame came: opening the photo is no iteration. */
  private first?: { at: number; taken: number }
  private last = 0

  /** Goes on from what was noted of a drawing before it was stopped. */
  constructor({ history, views }: Past = { history: [], views: [] }) {
    this.history = [...history]
    this.views = new Map(views.map((view, i) => [JSON.stringify(view), i]))
  }

  /** How many frames were noted. */
  get length(): number {
    return this.history.length
  }

  /** All that was noted but the last frame, which a drawing that goes on does not have. */
  past(): Past {
    return { history: this.history.slice(0, -1), views: this.usedViews() }
  }

  note({
    seed,
    step,
    loss,
    terms,
    views,
    way,
  }: Pick<Frame, 'seed' | 'step' | 'loss' | 'terms' | 'views' | 'way'>): void {
    this.last = performance.now()
    this.first ??= { at: this.last, taken: way.taken }
    const places = views.map((view) => this.placeOf(JSON.stringify(view)))
    this.history.push({ seed, step, loss, terms, ...(places.length > 0 && { views: places }) })
  }

  private placeOf(view: string): number {
    const place = this.views.get(view) ?? this.views.size
    this.views.set(view, place)
    return place
  }

  private usedViews(): View[] {
    return Array.from(this.views.keys(), (view) => JSON.parse(view) as View)
  }

  /** The loss and its terms at each frame, as CSV; a term that a frame lacks is left empty. */
  csv(): string {
    const names = [...new Set(this.history.flatMap(({ terms }) => Object.keys(terms)))]
    const lines = this.history.map(({ seed, step, loss, terms }) => [seed, step, loss, ...names.map((n) => terms[n])])
    return [['seed', 'step', 'loss', ...names], ...lines].map((line) => `${line.join(',')}\n`).join('')
  }

  private secondsPerStep(taken: number): number {
    const { at, taken: before } = this.first ?? { at: this.last, taken }
    return (this.last - at) / 1000 / Math.max(1, taken - before)
  }

  /** The report of a drawing that ended with `frame`. */
  report(
    frame: Frame,
    { photo, prompt, preset, outputs, travel }: Pick<Report, 'photo' | 'prompt' | 'preset' | 'outputs' | 'travel'>,
  ): Report {
    return {
      ...(photo === undefined ? { prompt } : { photo }),
      ...{ strokes: frame.strokes.widths.length, preset },
      ...this.about(frame),
      // What random views say of a drawing is not what it is judged by.
      seeds: frame.tries.map(({ seed, best }) => ({ seed, loss: best?.loss ?? frame.loss })),
      outputs,
      ...(travel && { travel }),
    }
  }

  /** What the reports of drawings and of edits have in common. */
  about(frame: Noted): Omit<EditReport, 'photo' | 'prompt' | 'mode' | 'strength' | 'outputs'> {
    return {
      encoder: frame.encoder,
      device: frame.device,
      precision: frame.precision,
      // The last frame shows the best step, which need not be the last one; and what has settled is done early.
      iterations: this.history.reduce((most, { step }) => Math.max(most, step), 0),
      seconds: (performance.now() - this.began) / 1000,
      secondsPerIteration: this.secondsPerStep(frame.way.taken),
      loss: frame.loss,
      history: this.history,
      ...(this.views.size > 0 && { views: this.usedViews() }),
      times: frame.times,
      warnings: frame.warnings,
    }
  }
}

/** What a frame says of how it came to be, whatever it shows. */
type Noted = Pick<Frame, 'encoder' | 'device' | 'precision' | 'way' | 'loss' | 'times' | 'warnings'>

/** The report of an edit that ended with `frame`. */
export function editReport(
  log: Log,
  frame: EditFrame,
  about: Pick<EditReport, 'photo' | 'generator' | 'prompt' | 'strength' | 'outputs'>,
): EditReport {
  return { ...about, mode: frame.mode, ...log.about(frame) }
}

/** What --json writes: the report of the photo, or, where there are `several`, of each. It begins with who wrote it. */
export function reportText(results: readonly (Report | EditReport | Failure | Skipped)[], several: boolean): string {
  const content = several ? { photos: results } : results[0]
  return jsonLines({ fewline: version(), ...content })
    .map((line) => `${line}\n`)
    .join('')
}
