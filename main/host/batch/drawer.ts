import { basename, join } from 'node:path'
import type { Drawer } from '../../../src/batch/crew.ts'
import { asOnDisk, unused } from '../../../src/batch/pictures.ts'
import type { DrawRequest } from '../../../src/index.ts'
import { CANVAS, type ExportOptions, isFilm, type Photo, type Settings, type Strokes } from '../../api.ts'
import { type Engine, EngineError, openEngine, STOPPED } from '../../engine/engine.ts'
import type { EngineProcess } from '../../engine/protocol.ts'
import type { Sketch } from '../../engine/sketch.ts'
import { type Document, newDocument } from '../document.ts'
import { makeAtLength } from '../long.ts'
import { ENDINGS, fileName, withoutEnding } from '../names.ts'
import { problemOf } from '../problems.ts'
import { inInk } from '../requests.ts'

/** One photo to be drawn, and where the drawing goes. */
export interface Job {
  readonly id: string
  readonly name: string
  readonly settings: Settings
  readonly output: ExportOptions
  readonly folder: string
  /** Reads the photo. */
  photo(): Promise<Uint8Array>
  /** What was drawn of it before Fewline was closed, and not yet written. */
  readonly sketch: Sketch | undefined
  /** It is drawn: kept before anything is written. */
  drawn(sketch: Sketch): void
  /** Takes a name in the folder for its file: the same one whenever it is asked. */
  nameFor(stem: string, ending: string): Promise<string>
}

export type Outcome = { strokes: number } | { problem: ReturnType<typeof problemOf> } | { stopped: true }

export interface Hears {
  share(share: number): void
  /** What will draw badly, and what helps: before it is drawn. */
  hints(hints: string[]): void
}

/** How often a photo is begun whose process is lost. */
const TRIES = 2

/** Draws photos in a process of the engine's that works behind those that are waited for. */
export function batchDrawer(
  start: () => EngineProcess,
  requestFor: (document: Document) => DrawRequest,
  stop: AbortSignal,
): Drawer<Job, Hears, Outcome> {
  const engine = openEngine(start)
  return {
    async draw(job, hears) {
      try {
        const sketch = job.sketch ?? (await drawn(engine, await orderFor(job, requestFor), hears, stop))
        if (!sketch || stop.aborted) return { stopped: true }
        if (!job.sketch) job.drawn(sketch)
        await written(engine, job, sketch, stop)
        return { strokes: sketch.drawing.strokes.widths.length }
      } catch (error) {
        return stop.aborted ? { stopped: true } : { problem: problemOf(error) }
      }
    },
    end: () => engine.close(),
  }
}

async function orderFor(job: Job, requestFor: (document: Document) => DrawRequest): Promise<DrawRequest> {
  const document = newDocument(job.settings)
  document.photo = { bytes: await job.photo(), shown: unseen(job.name) }
  return requestFor(document)
}

/** A photo that no window shows. */
function unseen(name: string): Photo {
  const frame = { x: 0, y: 0, width: CANVAS, height: CANVAS }
  return { name, width: 1, height: 1, frame, preview: { type: 'image/jpeg', bytes: new Uint8Array() }, warnings: [] }
}

/** Undefined when it is stopped. */
async function drawn(
  engine: Engine,
  request: DrawRequest,
  hears: Hears,
  stop: AbortSignal,
): Promise<Sketch | undefined> {
  for (let losses = 0; losses < TRIES; losses++) {
    const outcome = await once(engine, request, losses, hears, stop)
    if (outcome !== 'lost') return outcome
  }
  throw new EngineError({ problem: STOPPED, details: "the engine's process was lost twice in a sketch" })
}

function once(engine: Engine, request: DrawRequest, losses: number, hears: Hears, stop: AbortSignal) {
  const over = new AbortController()
  return new Promise<Sketch | 'lost' | undefined>((resolve, reject) => {
    const controls = engine.stream(
      'sketch',
      { request, losses },
      {
        item(item) {
          if ('hints' in item) hears.hints(item.hints)
          else if ('share' in item) hears.share(item.share)
          else resolve(item.sketch)
        },
        // Where the sketch came before, this changes nothing.
        end: (error) => (error ? reject(error) : resolve(undefined)),
        lost: () => resolve(stop.aborted ? undefined : 'lost'),
      },
    )
    const halt = (): void => {
      controls.stop()
      resolve(undefined)
    }
    // As many photos as there are would listen otherwise.
    stop.addEventListener('abort', halt, { signal: over.signal })
  }).finally(() => over.abort())
}

/** Writes the file of a sketch, in the colours that were asked for. */
async function written(engine: Engine, job: Job, sketch: Sketch, stop: AbortSignal): Promise<void> {
  const { settings, output, folder } = job
  const title = withoutEnding(job.name)
  const { look, paper } = settings
  const options = { ...output, look, ...(output.background !== undefined && { background: paper }) }
  const order = {
    options,
    strokes: inked(sketch.drawing.strokes, settings.colour),
    moments: isFilm(output.format) ? sketch.moments.map(({ strokes }) => inked(strokes, settings.colour)) : [],
    title,
    frame: sketch.frame,
  }
  const { content } = isFilm(output.format)
    ? await makeAtLength(engine, 'film', order, stop)
    : await engine.work('export', order)
  const name = await job.nameFor(fileName(title), `.${ENDINGS[output.format]}`)
  await engine.work('write', { path: join(folder, name), content, spares: true })
}

/** Strokes in their ink. Black is what they are without. */
function inked(strokes: Strokes, ink: string): Strokes {
  return ink === '#000000' ? strokes : inInk(strokes, ink)
}

/** A name that no file of a folder has, nor any that is on its way there. */
export function freeName(stem: string, ending: string, taken: readonly string[]): string {
  const stems = taken
    .map(asOnDisk)
    .filter((name) => name.endsWith(ending))
    .map((name) => basename(name, ending))
  return `${unused(stem, new Set(stems))}${ending}`
}

/** Whether a file is called so already, whichever of several it is. */
export function isNameOf(file: string | undefined, stem: string, ending: string): boolean {
  if (!file?.startsWith(stem) || !file.endsWith(ending)) return false
  return /^(-\d+)?$/.test(file.slice(stem.length, file.length - ending.length))
}
