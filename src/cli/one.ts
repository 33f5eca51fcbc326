import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import type * as Engine from '../index.ts'
import type { DrawRequest, ExportOptions, Frame, Load, Past } from '../index.ts'
import { WrongCall } from './complain.ts'
import { pictureFrom } from './input.ts'
import type { Job } from './jobs.ts'
import { lineOf } from './label.ts'
import type { SketchOptions } from './options.ts'
import { PIPE, STANDARD_OUTPUT, write } from './output.ts'
import { openProgress, type Progress } from './progress.ts'
import { Reel } from './reel.ts'
import { Log, type Report } from './report.ts'
import { checkpointFor, leaveCheckpoint } from './resume.ts'
import { say } from './say.ts'

type Fewline = typeof Engine

type Page = Pick<
  ExportOptions,
  'size' | 'page' | 'plotter' | 'paper' | 'pens' | 'order' | 'leftHanded' | 'oneLine' | 'film' | 'look' | 'outline'
>

/** What all drawings of one call share. */
export interface Call {
  fewline: Fewline
  options: Omit<SketchOptions, 'from' | 'mask'>
  /** As what its checkpoint goes on. */
  command: 'sketch' | 'draw'
  request: Omit<DrawRequest, 'photo'>
  /** What was seen before, of a drawing that goes on. */
  past?: Past
  page: Page
  stop: AbortSignal
  /** Where it is told how a drawing goes; a terminal when absent. */
  tell?: Tell
  /** A drawing that is stopped leaves nothing. */
  allOrNothing?: boolean
}

/** Tells people how a drawing goes. */
export interface Tell {
  progress(name: string): Promise<Progress>
  say(...lines: readonly string[]): void
  /** Several are drawn: what is said of one names it. */
  several?: boolean
}

const TERMINAL: Tell = { progress: openProgress, say }

/** What the drawings of a call take. */
export function loadOf({ options, request }: Call): Load & { encoder: string; finds: boolean } {
  const { encoder, subject, more, less, text, finder } = request
  const finds = [subject, more, less, options.labels].some((asked) => asked !== undefined)
  return { encoder: encoder ?? 'auto', reads: text !== undefined, finds, finder }
}

/** What is asked of every drawing of a call, from its options. */
export async function callOf(fewline: Fewline, options: SketchOptions, stop: AbortSignal): Promise<Call> {
  const request = await requestOf(fewline, options)
  return { fewline, options, command: 'sketch', request, page: pageOf(fewline, options), stop }
}

/** A file of a job; of a series, how many strokes it has. */
export interface File {
  path: string
  strokes?: number
}

/** The files of a job: one, or one for each drawing of a series, which ends in its number of strokes. */
export function filesOf({ output }: Job, { series, layers }: Pick<SketchOptions, 'series' | 'layers'>): File[] {
  if (!series || layers) return [{ path: output }]
  if (output === PIPE)
    throw new WrongCall('a file for each of the series', '-o - is one', 'name a file, or add --layers')
  const [, stem = output, ending = ''] = /^(.*?)((?:\.animated)?\.[^./\\]+)$/.exec(output) ?? []
  return series.map((strokes) => ({ path: `${stem}-${strokes}${ending}`, strokes }))
}

export async function requestOf(fewline: Fewline, options: SketchOptions): Promise<Call['request']> {
  const { encoder, preset, iterations, seeds, seed, width, mask, device, threads } = options
  const { text, textWeight, freshViews, more, less, finder, background, detail, fidelity } = options
  const subject = options.each === undefined ? options.subject : [options.each]
  const from =
    options.from === undefined ? undefined : fewline.fromSvg(await readDrawing(options.from, fewline.MOST_SVG_BYTES))
  const strokes = options.strokes ?? options.series?.at(-1) ?? from?.widths.length ?? (options.scene && 'auto')
  const behind = options.behind ?? (options.scene && 'auto')
  const order = options.order === 'grow' || options.series ? 'grow' : undefined
  const given = {
    ...{ strokes, encoder, preset, iterations, seeds, seed, width, mask, device, threads, from },
    ...{ text, textWeight, freshViews, subject, more, less, finder, background, detail, order, behind, fidelity },
  }
  // An option that was not given is left out, so that the engine's own default holds.
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
}

/** The bytes of a drawing, but never many more than any drawing has, wherever they come from. */
export async function readDrawing(path: string, most: number): Promise<Uint8Array> {
  const chunks: Buffer[] = []
  try {
    for await (const chunk of createReadStream(path, { end: most })) chunks.push(chunk as Buffer)
  } catch {
    throw new WrongCall('a drawing to begin with', `"${path}" can't be read`, 'check its path')
  }
  return Buffer.concat(chunks)
}

export function pageOf(
  fewline: Fewline,
  options: Pick<
    SketchOptions,
    | ('size' | 'page' | 'margin' | 'plotter' | 'order' | 'leftHanded' | 'oneLine' | 'smooth' | 'film')
    | ('look' | 'paper' | 'outline')
  >,
): Page {
  const { size, page, margin, plotter, order, leftHanded, oneLine, smooth, film, look, paper, outline } = options
  if (paper !== undefined) fewline.paperNamed(paper)
  if (margin !== undefined && page === undefined) {
    throw new WrongCall('a page for the margin', '--margin came alone', 'add --page A4')
  }
  if (smooth && !oneLine) throw new WrongCall('one line to be smooth', '--smooth came alone', 'add --one-line')
  return {
    ...{ plotter, leftHanded, oneLine: smooth ? ('smooth' as const) : oneLine, film, look, paper, outline },
    // In the order in which the engine gives them; when nobody says, each format has its own.
    ...(order !== undefined && { order: order === 'hand' || order === 'plotter' ? order : 'given' }),
    ...(size === undefined ? {} : { size: fewline.parseLength(size) }),
    ...(page === undefined ? {} : { page: fewline.parsePage(page, margin) }),
  }
}

/**
 * Makes one drawing and writes what came of it, however far it got; `whole` is told of one that is done. Undefined when it was
 * stopped before the first frame, or at all where it is all or nothing.
 */
export async function drawOne(job: Job, call: Call, whole?: (last: Frame) => void): Promise<Report | undefined> {
  const log = new Log(call.past)
  const reel = new Reel()
  const { tell = TERMINAL } = call
  const notes = notesFor(job, tell)
  const last = await drawn(job, call, log, reel, notes)
  if (call.allOrNothing && !last?.done) return undefined
  if (!last) {
    tell.say(`${job.name}: stopped before anything was drawn.`)
    return undefined
  }
  const { photo, name, title = name } = job
  const { fewline, options, request, page } = call
  const { strokes } = last
  const moments = reel.moments(last.seed)
  const sheet = { ...page, title, frame: last.frame }
  const files = filesOf(job, options)
  let travel: Report['travel']
  for (const { path, strokes: count = options.layers && options.series?.at(-1) } of files) {
    const drawing = { strokes: count === undefined ? strokes : fewline.firstStrokes(strokes, count), moments }
    const steps = options.layers ? { stages: options.series } : {}
    const file = await fewline.exportDrawing(job.format, drawing, { ...sheet, ...steps })
    await write(fewline, path, file.content, { ...options, verify: file.verify })
    travel = file.travel
  }
  const report = log.report(last, {
    ...(photo === undefined ? { prompt: request.text } : { photo }),
    ...{ preset: request.preset ?? 'standard', outputs: files.map(({ path }) => path), travel },
  })
  if (options.csv !== undefined) await write(fewline, options.csv, log.csv(), options)
  if (options.labels && photo !== undefined) report.labels = await labelsOf(call, photo, last, options.labels)
  notes(last)
  conclude(report, last.done, tell.say)
  if (last.done) whole?.(last)
  else report.outputs.push(await leftFor(job, call, last, log.past(), tell))
  return report
}

/** What is asked of one job. */
function requestFor({ thing, fidelity }: Job, { request }: Call): Call['request'] {
  return { ...request, ...(thing !== undefined && { thing }), ...(fidelity !== undefined && { fidelity }) }
}

/** Says of each frame what was not said before: of a photo that will draw badly, before it is drawn. */
function notesFor({ name }: Job, { say, several }: Tell): (frame: Pick<Frame, 'warnings' | 'hints'>) => void {
  const told = new Set<string>()
  return ({ warnings, hints = [] }) => {
    for (const warning of warnings.filter((one) => !told.has(one))) {
      say(several && hints.includes(warning) ? `Note on the photo "${name}": ${warning}` : `Note: ${warning}`)
      told.add(warning)
    }
  }
}

/** Draws, showing and noting every frame; gives the last one. */
async function drawn(
  job: Job,
  call: Call,
  log: Log,
  reel: Reel,
  notes: (frame: Frame) => void,
): Promise<Frame | undefined> {
  const { photo, name } = job
  const { fewline, options, page, stop } = call
  const request = requestFor(job, call)
  const svgOf = ({ strokes, frame }: Frame) => fewline.toSvg(strokes, { ...page, title: name, frame })
  const of = photo === undefined ? {} : { photo: await pictureFrom(photo) }
  const progress = await (call.tell ?? TERMINAL).progress(name)
  let last: Frame | undefined
  try {
    for await (const frame of fewline.drawSafely({ ...request, ...of }, stop)) {
      // Whatever can't be written, or put on its page, is refused now, before it is drawn.
      if (!last) {
        fewline.checkExport(job.format, frame.strokes, { ...page, frame: frame.frame })
        notes(frame)
      }
      last = frame
      reel.add(frame)
      log.note(frame)
      progress.show(frame)
      if (options.frames !== undefined) {
        const file = `${name}-${String(log.length).padStart(4, '0')}.svg`
        await fewline.writeOutput(join(options.frames, file), svgOf(frame), options)
      }
      // A Ctrl-C is heard between frames, even by an engine that never waits for anything.
      await setImmediate()
    }
  } finally {
    progress.end()
  }
  return last
}

/** Says what came of a drawing. */
export function conclude(
  { strokes, seconds, outputs: [output], travel }: Report,
  done: boolean,
  say: Tell['say'],
): void {
  const where = output === PIPE ? STANDARD_OUTPUT : output
  say(`${where}: ${strokes} strokes, ${done ? 'done' : 'stopped'} after ${seconds.toFixed(1)} s.`)
  if (travel) say(`${where}: the pen travels ${inMetres(travel)} in the air.`)
}

/** Leaves a checkpoint of a drawing that was stopped, and says how to go on; gives the file. */
async function leftFor(job: Job, call: Call, last: Frame, past: Past, { say }: Tell): Promise<string> {
  const { fewline, options } = call
  const checkpoint = await leaveCheckpoint(
    fewline,
    checkpointFor(job),
    job.photo,
    requestFor(job, call),
    last,
    past,
    options,
  )
  say(`To go on with it: fewline ${call.command} --resume "${checkpoint}"`)
  return checkpoint
}

function inMetres({ before, after }: { before: number; after: number }): string {
  return `${(after / 1000).toFixed(2)} m instead of ${(before / 1000).toFixed(2)} m`
}

/** What CLIP sees in a photo and in its sketch; prints it as well. */
async function labelsOf(
  { fewline, request, tell: { say } = TERMINAL }: Call,
  photo: string,
  { strokes }: Frame,
  labels: readonly string[],
) {
  const { threads } = request
  const [inPhoto, inSketch] = await fewline.label([await pictureFrom(photo), strokes], {
    labels,
    encoder: readerFor(request),
    threads,
  })
  for (const [what, seen] of [['photo', inPhoto!] as const, ['sketch', inSketch!] as const]) {
    say(`CLIP sees in the ${what}: ${seen.slice(0, 3).map(lineOf).join(',')}`)
  }
  return { photo: inPhoto!, sketch: inSketch! }
}

/** The built-in encoder can't read; then an installed one does. */
export function readerFor({ encoder = 'auto' }: Call['request']): string {
  return encoder === 'builtin' ? 'auto' : encoder
}
