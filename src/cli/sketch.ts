import { createReadStream } from 'node:fs'
import { mkdir, readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import type * as Engine from '../index.ts'
import type { DrawRequest, ExportOptions, Format, Frame, Past } from '../index.ts'
import { complain, WrongCall } from './complain.ts'
import { localPath, picturesAt, planJobs, type Job, type PhotoJob } from './jobs.ts'
import { asLadder, rowsOf, writeLadder } from './ladder.ts'
import type { SketchOptions } from './options.ts'
import { lineOf } from './label.ts'
import { openProgress } from './progress.ts'
import { say } from './say.ts'
import { checkpointFor, leaveCheckpoint, resumed } from './resume.ts'
import { checkOutputs, isRead, PIPE, STANDARD_OUTPUT, Taken, takenBy, write } from './output.ts'
import { pictureFrom } from './input.ts'
import { Reel } from './reel.ts'
import { failureOf, Log, reportText, type Failure, type Report } from './report.ts'

type Fewline = typeof Engine

type Page = Pick<
  ExportOptions,
  'size' | 'page' | 'plotter' | 'paper' | 'pens' | 'order' | 'leftHanded' | 'oneLine' | 'film'
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
}

/** `fewline sketch`: draws each photo and writes its sketch, going on past a bad one. Resolves to the exit code. */
export async function sketch(photos: string[], asked: SketchOptions, stop: AbortSignal): Promise<number> {
  const options = asLadder(located(asked))
  // Only now: the engine takes longer to load than a wrong call should take to answer.
  const fewline = await import('../index.ts')
  const results: (Report | Failure)[] = []
  const rows: Frame[] = []
  let { json } = options
  let several = false
  let begun = false
  try {
    const { jobs, call } = await prepare(fewline, photos, options, stop)
    begun = true
    several = jobs.length > 1
    let code = 0
    for (const job of jobs) {
      if (stop.aborted) break
      try {
        const report = await drawOne(job, call, (last) => rows.push(last))
        if (report) results.push(report)
      } catch (error) {
        results.push(failureOf(error, job.photo))
        code = Math.max(code, complain(error, options.verbose))
      }
    }
    if (stop.aborted) return 130
    const { ladder, series } = options
    if (ladder !== undefined && series && rows.length === jobs.length) {
      await writeLadder(fewline, rows, { ...options, ladder, series })
      say(`${ladder}: ${rows.length * series.length} drawings.`)
    }
    if (code === 0 || jobs.length === 1) return code
    say(`${results.filter((result) => 'loss' in result).length} of ${jobs.length} photos were drawn.`)
    return 1
  } catch (error) {
    results.push(failureOf(error))
    // Not even the report knows where to go.
    const isLost = json !== undefined && !begun && (await isRead(fewline, json, await namedBy(photos, options)))
    if (error instanceof Taken || isLost) json = undefined
    throw error
  } finally {
    if (json !== undefined) await write(fewline, json, reportText(results, several), options)
  }
}

/** Files may be named by their address. */
function located(options: SketchOptions): SketchOptions {
  const { mask, from, resume, ladder } = options
  const paths = Object.entries({ mask, from, resume, ladder }).filter(([, path]) => path !== undefined)
  return { ...options, ...Object.fromEntries(paths.map(([name, path]) => [name, localPath(path!)])) }
}

/** Everything that can be wrong with the call, found before the first photo is opened. */
async function prepare(fewline: Fewline, photos: string[], options: SketchOptions, stop: AbortSignal) {
  const asked = await requestOf(fewline, options)
  const before = options.resume === undefined ? undefined : await resumed(fewline, options.resume, asked, photos)
  if (before) photos = [before.photo]
  if (photos.length === 0) throw new WrongCall('a photo to draw', 'there is none', 'name one: fewline sketch PHOTO')
  const planned = await planJobs(photos, options, Object.keys(fewline.FORMATS) as Format[])
  const { each, ladder } = options
  const all = each === undefined ? planned : await jobsForEach(fewline, planned, each, options)
  const jobs = ladder === undefined ? all : rowsOf(all, ladder)
  if (jobs.length > 1 && options.csv !== undefined) {
    throw new WrongCall('one photo for --csv', `there are ${jobs.length}`, 'draw them one by one, or use --json')
  }
  checkSeries(options)
  checkScene(options)
  const { request, past } = before ?? { request: asked }
  const call: Call = { fewline, options, command: 'sketch', request, past, page: pageOf(fewline, options), stop }
  const read = [...jobs.map(({ photo }) => photo), ...inputsOf(options)]
  if (options.labels) fewline.readerNamed(readerFor(request))
  await checkFiles(fewline, jobs, read, options)
  return { jobs, call }
}

/** Whether all that a call may write can be written; makes the folders that it goes to. */
export async function checkFiles(
  fewline: Fewline,
  jobs: readonly Job[],
  read: readonly string[],
  options: Pick<
    SketchOptions,
    'output' | 'json' | 'csv' | 'resume' | 'frames' | 'force' | 'series' | 'layers' | 'ladder'
  >,
): Promise<void> {
  for (const folder of new Set(jobs.filter(({ output }) => output !== PIPE).map(({ output }) => dirname(output)))) {
    if (/[/\\]$/.test(options.output ?? '')) await makeFolder(folder, 'the sketches')
  }
  await checkOutputs(fewline, await outputsOf(fewline, jobs, options), read, options)
  if (options.frames !== undefined) {
    await makeFolder(options.frames, 'the frames')
    await checkFrames(fewline, options.frames, jobs, read)
  }
}

/** What a series can't go with. */
function checkSeries({ series, layers, strokes, order, from, oneLine }: SketchOptions): void {
  if (layers && !series) throw new WrongCall('a series for the layers', '--layers came alone', 'add --series 4,8,16')
  if (!series) return
  const most = series.at(-1)!
  if (strokes === 'auto' || (strokes !== undefined && strokes < most)) {
    throw new WrongCall(
      `a drawing of ${most} strokes for the series`,
      `--strokes ${strokes} came`,
      'leave --strokes out',
    )
  }
  if (order !== undefined && order !== 'grow') {
    throw new WrongCall('a series to grow', `--order ${order} came`, 'leave --order out')
  }
  if (from !== undefined) throw new WrongCall('a photo for the series', '--from came', 'leave it out')
  if (layers && oneLine) throw new WrongCall('layers of strokes', '--one-line came', 'leave --layers out')
}

/** What a background can't go with. */
function checkScene({ scene, behind, series, order, from }: SketchOptions): void {
  if (!scene && !behind) return
  const name = scene ? '--scene' : '--behind'
  if (series || order === 'grow') {
    throw new WrongCall('a drawing that grows, or a whole scene', `${name} came too`, 'leave one of them out')
  }
  if (from !== undefined) throw new WrongCall(`a photo for ${name}`, '--from came', 'leave it out')
}

/** A file of a job; of a series, how many strokes it has. */
interface File {
  path: string
  strokes?: number
}

/** The files of a job: one, or one for each drawing of a series, which ends in its number of strokes. */
function filesOf({ output }: Job, { series, layers }: Pick<SketchOptions, 'series' | 'layers'>): File[] {
  if (!series || layers) return [{ path: output }]
  if (output === PIPE)
    throw new WrongCall('a file for each of the series', '-o - is one', 'name a file, or add --layers')
  const [, stem = output, ending = ''] = /^(.*?)((?:\.animated)?\.[^./\\]+)$/.exec(output) ?? []
  return series.map((strokes) => ({ path: `${stem}-${strokes}${ending}`, strokes }))
}

/** Files besides the photos that are read. */
function inputsOf({ mask, from, resume, encoder }: SketchOptions): string[] {
  return [mask, from, resume, encoder].filter((path) => path !== undefined)
}

/** All that may be read, as far as that is known of a call that is wrong. */
async function namedBy(photos: readonly string[], options: SketchOptions): Promise<string[]> {
  const pictures = await Promise.all(photos.map(async (photo) => picturesAt(photo).catch(() => [])))
  return [...pictures.flat(), ...inputsOf(options)]
}

/** All that may be written. What is left of a drawing that is stopped may take the place of what it went on from. */
async function outputsOf(
  fewline: Fewline,
  jobs: readonly Job[],
  options: Pick<SketchOptions, 'json' | 'csv' | 'resume' | 'series' | 'layers' | 'ladder'>,
) {
  const { json, csv, resume, ladder } = options
  const left = jobs.filter(({ output }) => output !== PIPE).map(checkpointFor)
  const again = await Promise.all(left.map((path) => isRead(fewline, path, resume === undefined ? [] : [resume])))
  const drawings = jobs.flatMap((job) => filesOf(job, options).map(({ path }) => path))
  const outputs = [...drawings, ladder, json, csv, ...left.filter((_, i) => !again[i])]
  return outputs.filter((path) => path !== undefined)
}

/** A frame takes the place of whatever has its name. */
async function checkFrames(fewline: Fewline, folder: string, jobs: readonly Job[], read: readonly string[]) {
  const isFrame = (file: string) => jobs.some(({ name }) => file.startsWith(`${name}-`) && /-\d{4,}\.svg$/.test(file))
  for (const file of (await readdir(folder)).filter(isFrame)) {
    if (await isRead(fewline, join(folder, file), read)) throw takenBy(join(folder, file))
  }
}

/** A job for each of the things of that name in each photo, in a file of its own. */
async function jobsForEach(fewline: Fewline, jobs: readonly PhotoJob[], words: string, options: SketchOptions) {
  if (options.subject) throw new WrongCall('one way to say what to draw', '--each and --subject came', 'leave one out')
  if (options.resume !== undefined) throw new WrongCall('one drawing to go on with', '--each came', 'leave it out')
  if (jobs.some(({ output }) => output === PIPE)) {
    throw new WrongCall('a file for each', '-o - names one for all', 'name a folder: -o DIR/')
  }
  const { finder, encoder, device, threads } = options
  const reads = encoder === 'builtin' ? undefined : encoder
  const given = Object.entries({ finder, encoder: reads, device, threads }).filter(([, value]) => value !== undefined)
  const eye = fewline.openEye()
  try {
    const all: PhotoJob[][] = []
    for (const job of jobs) {
      const { things, misses } = await eye.find(await pictureFrom(job.photo), [words], Object.fromEntries(given))
      if (things.length === 0) throw fewline.nothingFound([words], misses)
      all.push(things.map((_, thing) => ({ ...job, ...numbered(job, thing), thing })))
    }
    return all.flat()
  } finally {
    await eye.dispose()
  }
}

/** The names of a thing's drawing, counted from 1. */
function numbered({ name, output, format }: Job, thing: number): Pick<Job, 'name' | 'output'> {
  const stem = output.slice(0, -`.${format}`.length)
  return { name: `${name}-${thing + 1}`, output: `${stem}-${thing + 1}.${format}` }
}

async function makeFolder(path: string, what: string): Promise<void> {
  await mkdir(path, { recursive: true }).catch(() => {
    throw new WrongCall(`a folder for ${what}`, `"${path}" can't be made`, 'choose another')
  })
}

async function requestOf(fewline: Fewline, options: SketchOptions): Promise<Call['request']> {
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
    'size' | 'page' | 'margin' | 'plotter' | 'order' | 'leftHanded' | 'oneLine' | 'smooth' | 'film'
  >,
): Page {
  const { size, page, margin, plotter, order, leftHanded, oneLine, smooth, film } = options
  if (margin !== undefined && page === undefined) {
    throw new WrongCall('a page for the margin', '--margin came alone', 'add --page A4')
  }
  if (smooth && !oneLine) throw new WrongCall('one line to be smooth', '--smooth came alone', 'add --one-line')
  return {
    ...{ plotter, leftHanded, oneLine: smooth ? ('smooth' as const) : oneLine, film },
    // In the order in which the engine gives them; when nobody says, each format has its own.
    ...(order !== undefined && { order: order === 'hand' || order === 'plotter' ? order : 'given' }),
    ...(size === undefined ? {} : { size: fewline.parseLength(size) }),
    ...(page === undefined ? {} : { page: fewline.parsePage(page, margin) }),
  }
}

/**
 * Makes one drawing and writes what came of it, however far it got; `whole` is told of one that is done. Undefined when it was
 * stopped before the first frame.
 */
export async function drawOne(job: Job, call: Call, whole?: (last: Frame) => void): Promise<Report | undefined> {
  const log = new Log(call.past)
  const reel = new Reel()
  const last = await drawn(job, call, log, reel)
  if (!last) {
    say(`${job.name}: stopped before anything was drawn.`)
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
  if (options.labels && photo !== undefined)
    report.labels = await labelsOf(fewline, photo, last, options.labels, request)
  tell(report, last)
  if (last.done) whole?.(last)
  else report.outputs.push(await leftFor(job, call, last, log.past()))
  return report
}

/** What is asked of one job. */
function requestFor({ thing, fidelity }: Job, { request }: Call): Call['request'] {
  return { ...request, ...(thing !== undefined && { thing }), ...(fidelity !== undefined && { fidelity }) }
}

/** Draws, showing and noting every frame; gives the last one. */
async function drawn(job: Job, call: Call, log: Log, reel: Reel): Promise<Frame | undefined> {
  const { photo, name } = job
  const { fewline, options, page, stop } = call
  const request = requestFor(job, call)
  const svgOf = ({ strokes, frame }: Frame) => fewline.toSvg(strokes, { ...page, title: name, frame })
  const of = photo === undefined ? {} : { photo: await pictureFrom(photo) }
  const progress = await openProgress(name)
  let last: Frame | undefined
  try {
    for await (const frame of fewline.drawSafely({ ...request, ...of }, stop)) {
      // Whatever can't be written, or put on its page, is refused now, before it is drawn.
      if (!last) fewline.checkExport(job.format, frame.strokes, { ...page, frame: frame.frame })
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
function tell({ strokes, seconds, outputs: [output], travel }: Report, { warnings, done }: Frame): void {
  const where = output === PIPE ? STANDARD_OUTPUT : output
  for (const warning of warnings) say(`Note: ${warning}`)
  say(`${where}: ${strokes} strokes, ${done ? 'done' : 'stopped'} after ${seconds.toFixed(1)} s.`)
  if (travel) say(`${where}: the pen travels ${inMetres(travel)} in the air.`)
}

/** Leaves a checkpoint of a drawing that was stopped, and says how to go on; gives the file. */
async function leftFor(job: Job, call: Call, last: Frame, past: Past): Promise<string> {
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
  fewline: Fewline,
  photo: string,
  { strokes }: Frame,
  labels: readonly string[],
  request: Call['request'],
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
function readerFor({ encoder = 'auto' }: Call['request']): string {
  return encoder === 'builtin' ? 'auto' : encoder
}
