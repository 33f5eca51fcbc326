import { stat } from 'node:fs/promises'
import { basename, dirname, extname, join, relative } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { drawAll } from '../batch/crew.ts'
import { isPictureName, unused } from '../batch/pictures.ts'
import type * as Engine from '../index.ts'
import { crewFor } from './batch/batch.ts'
import type { Outcome } from './batch/drawers.ts'
import { WrongCall } from './complain.ts'
import { filesIn, isFolder, isWithin, localPath, type PhotoJob } from './jobs.ts'
import { callOf, filesOf } from './one.ts'
import type { SketchOptions } from './options.ts'
import { say } from './say.ts'
import { checkScene, checkSeries, located, makeFolder } from './sketch.ts'

type Fewline = typeof Engine

/** How often the folder is looked at, in milliseconds. Not every disk tells what changes on it. */
const LOOK = 500
/** A file is whole when it has not changed for so long, in milliseconds. */
const SETTLED = 1000

/**
 * `fewline watch`: draws each photo that appears in a folder, once it is whole, and again when it is replaced. What was drawn
 * before is left alone. Ends when it is stopped, and leaves nothing half drawn. Resolves to the exit code.
 */
export async function watch(named: string, asked: SketchOptions, stop: AbortSignal): Promise<number> {
  const folder = localPath(named)
  const { output } = asked
  if (output === undefined || output === '-') {
    throw new WrongCall('a folder for the sketches', 'there is none', `name it: fewline watch "${folder}" -o OUT/`)
  }
  if (!(await isFolder(folder))) throw new WrongCall('a folder to watch', `"${folder}" is none`, 'check its path')
  if (isWithin(output, folder) && isWithin(folder, output)) {
    throw new WrongCall('another folder for the sketches', `-o names the one that is watched`, 'choose another')
  }
  const options = located(asked)
  checkSeries(options)
  checkScene(options)
  const fewline: Fewline = await import('../index.ts')
  const call = await callOf(fewline, options, stop)
  await makeFolder(output, 'the sketches')
  const places = new Places(folder, output, options)
  const queue = new Queue(stop)
  say(`Watching ${folder}: stop with Ctrl-C.`)
  const hears = {
    hearsOf: () => ({ way: () => undefined, say }),
    ended(job: PhotoJob, outcome: Outcome) {
      queue.ended(job)
      void tellEnd(job, outcome)
    },
  }
  const drawing = drawAll(() => queue.next(), await crewFor(call), hears, stop)
  for await (const file of settled(() => filesIn(folder, options), stop)) {
    if (isPictureName(basename(file))) {
      const job = places.jobFor(file)
      if (await isDrawn(job, options)) continue
      await makeFolder(dirname(job.output), 'the sketches')
      queue.add(job)
    } else say(`${file} is no photo: it is left alone.`)
  }
  await drawing
  return 0
}

/** Which file the sketch of a photo goes to: always the same, and no other's. */
class Places {
  private readonly known = new Map<string, PhotoJob>()
  private readonly taken = new Set<string>()
  private readonly folder: string
  private readonly output: string
  private readonly format: PhotoJob['format']

  constructor(folder: string, output: string, { format = 'svg' }: Pick<SketchOptions, 'format'>) {
    this.folder = folder
    this.output = output
    this.format = format
  }

  jobFor(photo: string): PhotoJob {
    const known = this.known.get(photo)
    if (known) return known
    const name = basename(photo, extname(photo))
    const place = unused(join(this.output, relative(this.folder, dirname(photo)), name), this.taken)
    const job = { photo, name, output: `${place}.${this.format}`, format: this.format }
    this.known.set(photo, job)
    return job
  }
}

/** Photos that wait to be drawn. None is drawn twice at the same time. */
class Queue {
  private readonly waiting = new Set<PhotoJob>()
  private readonly drawn = new Set<PhotoJob>()
  private idle: (() => void)[] = []
  private readonly stop: AbortSignal

  constructor(stop: AbortSignal) {
    this.stop = stop
    stop.addEventListener('abort', () => this.wake())
  }

  add(job: PhotoJob): void {
    this.waiting.add(job)
    this.wake()
  }

  ended(job: PhotoJob): void {
    this.drawn.delete(job)
    this.wake()
  }

  /** Waits for one; undefined when all is stopped. */
  async next(): Promise<PhotoJob | undefined> {
    while (!this.stop.aborted) {
      const job = [...this.waiting].find((waiting) => !this.drawn.has(waiting))
      if (job) {
        this.waiting.delete(job)
        this.drawn.add(job)
        return job
      }
      await new Promise<void>((wake) => this.idle.push(wake))
    }
    return undefined
  }

  private wake(): void {
    const idle = this.idle
    this.idle = []
    for (const wake of idle) wake()
  }
}

/**
 * Each file that appears or changes, once it has come to rest, until it is stopped. A file that vanishes is forgotten; while
 * the folder itself is away, it is waited for. `list` gives the files that are there.
 */
export async function* settled(
  list: () => Promise<readonly string[]>,
  stop: AbortSignal,
  { look = LOOK, rest = SETTLED, now = () => performance.now() } = {},
): AsyncGenerator<string> {
  const seen = new Map<string, { mark: string; since: number; given: boolean }>()
  let away = false
  while (!stop.aborted) {
    const files = await list().catch(() => undefined)
    if (!files && !away) say('The folder is away: it is waited for.')
    away = !files
    const there = await marksOf(files ?? [])
    for (const [file] of seen) if (files && !there.has(file)) seen.delete(file)
    for (const [file, mark] of there) {
      const before = seen.get(file)
      if (before?.mark !== mark) seen.set(file, { mark, since: now(), given: false })
      else if (!before.given && now() - before.since >= rest) {
        before.given = true
        yield file
      }
    }
    await setTimeout(look, undefined, { signal: stop }).catch(() => undefined)
  }
}

/** The files that have something in them, each with what changes when it is written. */
async function marksOf(files: readonly string[]): Promise<Map<string, string>> {
  const about = await Promise.all(files.map((file) => stat(file).catch(() => undefined)))
  const marks = files.map((file, i) => [file, about[i]] as const)
  return new Map(
    marks.flatMap(([file, is]) => (is?.isFile() && is.size > 0 ? [[file, `${is.size} ${is.mtimeMs}`] as const] : [])),
  )
}

/** Whether all that it becomes is there, and no older than the photo. */
async function isDrawn(job: PhotoJob, options: SketchOptions): Promise<boolean> {
  const paths = [job.photo, ...filesOf(job, options).map(({ path }) => path)]
  const [photo, ...sketches] = await Promise.all(paths.map((path) => stat(path).catch(() => undefined)))
  return sketches.every((sketch) => sketch && photo && sketch.mtimeMs >= photo.mtimeMs)
}

async function tellEnd({ photo }: PhotoJob, outcome: Outcome): Promise<void> {
  if (!('failure' in outcome)) return
  const isThere = await stat(photo).then(
    () => true,
    () => false,
  )
  say(...(isThere ? outcome.lines : [`${photo} is gone: it was not drawn.`]))
}
