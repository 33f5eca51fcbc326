import { mkdir, readdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type * as Engine from '../index.ts'
import type { Format, Frame } from '../index.ts'
import { drawBatch } from './batch/batch.ts'
import { complain, WrongCall } from './complain.ts'
import { pictureFrom } from './input.ts'
import { localPath, picturesAt, planJobs, type Job, type PhotoJob } from './jobs.ts'
import { asLadder, rowsOf, writeLadder } from './ladder.ts'
import { drawOne, filesOf, loadOf, pageOf, readerFor, requestOf, type Call } from './one.ts'
import type { SketchOptions } from './options.ts'
import { checkOutputs, isRead, PIPE, Taken, takenBy, write } from './output.ts'
import { failureOf, reportText, type Failure, type Report, type Skipped } from './report.ts'
import { checkpointFor, resumed } from './resume.ts'
import { tellRoom } from './room.ts'
import { say } from './say.ts'

type Fewline = typeof Engine

/** `fewline sketch`: draws each photo and writes its sketch, going on past a bad one. Resolves to the exit code. */
export async function sketch(photos: string[], asked: SketchOptions, stop: AbortSignal): Promise<number> {
  const options = asLadder(located(asked))
  // Only now: the engine takes longer to load than a wrong call should take to answer.
  const fewline = await import('../index.ts')
  const results: (Report | Failure | Skipped)[] = []
  let { json } = options
  let several = false
  let begun = false
  try {
    const { jobs, skipped, call } = await prepare(fewline, photos, options, stop)
    begun = true
    several = jobs.length + skipped.length > 1
    results.push(...skipped)
    return (several || options.queue !== undefined) && options.ladder === undefined
      ? await drawBatch(jobs, skipped.length, call, results)
      : await drawInTurn(jobs, call, results)
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

/** One drawing, or those of a ladder, each with its own progress; stopped, it is left as far as it has come. */
async function drawInTurn(
  jobs: readonly PhotoJob[],
  call: Call,
  results: (Report | Failure | Skipped)[],
): Promise<number> {
  const { fewline, options, stop } = call
  tellRoom(fewline, loadOf(call))
  const rows: Frame[] = []
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
  return code
}

/** Files may be named by their address. */
export function located(options: SketchOptions): SketchOptions {
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
  const wanted = ladder === undefined ? all : rowsOf(all, ladder)
  const there = await Promise.all(
    wanted.map(async (job) => options.skipExisting === true && (await isThere(job, options))),
  )
  const jobs = wanted.filter((_, i) => !there[i])
  const skipped = wanted.filter((_, i) => there[i]).map((job) => skippedOf(job, options))
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
  return { jobs, skipped, call }
}

/** Whether everything is there that a job would write, whoever wrote it. */
async function isThere(job: Job, options: SketchOptions): Promise<boolean> {
  if (job.output === PIPE) return false
  const files = await Promise.all(filesOf(job, options).map(({ path }) => stat(path).catch(() => undefined)))
  return files.every((file) => file?.isFile())
}

function skippedOf(job: PhotoJob, options: SketchOptions): Skipped {
  return { photo: job.photo, skipped: true, outputs: filesOf(job, options).map(({ path }) => path) }
}

/** Whether all that a call may write can be written; makes the folders that it goes to. */
export async function checkFiles(
  fewline: Fewline,
  jobs: readonly Job[],
  read: readonly string[],
  options: Pick<
    SketchOptions,
    'output' | 'json' | 'csv' | 'resume' | 'frames' | 'force' | 'series' | 'layers' | 'ladder'
  > & { recursive?: true },
): Promise<void> {
  for (const folder of new Set(jobs.filter(({ output }) => output !== PIPE).map(({ output }) => dirname(output)))) {
    if (/[/\\]$/.test(options.output ?? '') || options.recursive) await makeFolder(folder, 'the sketches')
  }
  await checkOutputs(fewline, await outputsOf(fewline, jobs, options), read, options)
  if (options.frames !== undefined) {
    await makeFolder(options.frames, 'the frames')
    await checkFrames(fewline, options.frames, jobs, read)
  }
}

/** What a series can't go with. */
export function checkSeries({ series, layers, strokes, order, from, oneLine }: SketchOptions): void {
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
export function checkScene({ scene, behind, series, order, from }: SketchOptions): void {
  if (!scene && !behind) return
  const name = scene ? '--scene' : '--behind'
  if (series || order === 'grow') {
    throw new WrongCall('a drawing that grows, or a whole scene', `${name} came too`, 'leave one of them out')
  }
  if (from !== undefined) throw new WrongCall(`a photo for ${name}`, '--from came', 'leave it out')
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

export async function makeFolder(path: string, what: string): Promise<void> {
  await mkdir(path, { recursive: true }).catch(() => {
    throw new WrongCall(`a folder for ${what}`, `"${path}" can't be made`, 'choose another')
  })
}
