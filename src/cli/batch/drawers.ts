import { fork } from 'node:child_process'
import { on } from 'node:events'
import type * as Crew from '../../batch/crew.ts'
import type * as Engine from '../../index.ts'
import type { Frame } from '../../index.ts'
import { ownProgram } from '../../resources.ts'
import { complaintOf } from '../complain.ts'
import type { PhotoJob } from '../jobs.ts'
import type { SketchOptions } from '../options.ts'
import { drawOne, type Call } from '../one.ts'
import { failureOf, type Failure, type Report } from '../report.ts'

type Fewline = typeof Engine

/** How far a drawing has come. */
export type Way = Frame['way']

/** What becomes of a photo of several; `lines` is what there is to say of a failure. A drawing that is stopped leaves nothing. */
export type Outcome =
  { report: Report } | { failure: Failure; lines: readonly string[]; code: 1 | 2 } | { stopped: true }

/** Hears of a drawing while it is made. */
export interface Hears {
  way(way: Way): void
  say(...lines: readonly string[]): void
}

export type Drawer = Crew.Drawer<PhotoJob, Hears, Outcome>

/** What a process that draws photos is told, and what it tells. */
export type Order = { options: SketchOptions } | { job: PhotoJob } | { stop: true }
export type News = { way: Way } | { lines: readonly string[] } | { outcome: Outcome }

/** Draws a photo of several, and turns what goes wrong into what is to be said of it. */
export async function outcomeOf(job: PhotoJob, call: Call, hears: Hears): Promise<Outcome> {
  const tell = {
    several: true,
    say: hears.say,
    progress: async () => ({
      show: ({ way, done }: Frame) => hears.way(done ? { ...way, taken: way.total } : way),
      end: () => undefined,
    }),
  }
  try {
    const report = await drawOne(job, { ...call, allOrNothing: true, tell })
    return report ? { report } : { stopped: true }
  } catch (error) {
    return { failure: failureOf(error, job.photo), ...complaintOf(error, call.options.verbose) }
  }
}

/** In this process. */
export function drawerHere(call: Call): Drawer {
  return { draw: (job, hears) => outcomeOf(job, call, hears), end: () => undefined }
}

const OWN_PROGRAM = ownProgram('batch-child')
/** How long a drawing that is stopped may take to end, in milliseconds. */
const PATIENCE = 20_000
/** How often a photo is begun whose process is lost. */
const TRIES = 2

/** In a process of its own, which is started for the first photo, and anew when it is lost. `program`: the built `child.ts`. */
export function drawerApart({ fewline, options, stop }: Apart, program = OWN_PROGRAM): Drawer {
  let process: ReturnType<typeof startProcess> | undefined
  return {
    async draw(job, hears) {
      for (let tries = 1; ; tries++) {
        process ??= startProcess({ fewline, options, stop }, program)
        const outcome = await process.draw(job, hears)
        if (outcome) return outcome
        process.end()
        process = undefined
        if (stop.aborted) return { stopped: true }
        if (tries === TRIES) return lost(fewline, job)
      }
    },
    end: () => process?.end(),
  }
}

/** What a process has to know of a call. */
export interface Apart {
  fewline: Pick<Fewline, 'asNode' | 'FewlineError'>
  options: SketchOptions
  stop: AbortSignal
}

function startProcess({ fewline, options, stop }: Apart, program: string) {
  const child = fork(program, [], {
    ...fewline.asNode(),
    serialization: 'advanced',
    execArgv: [],
    // What a library prints as it dies is for nobody.
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  const messages = on(child, 'message', { close: ['close'] })
  const send = (order: Order): void => {
    if (child.connected) child.send(order, () => undefined)
  }
  const halt = (): void => {
    send({ stop: true })
    setTimeout(() => child.kill('SIGKILL'), PATIENCE).unref()
  }
  stop.addEventListener('abort', halt)
  send({ options })
  return {
    /** Undefined when the process is lost. */
    async draw(job: PhotoJob, hears: Hears): Promise<Outcome | undefined> {
      send({ job })
      for (;;) {
        const { done, value } = (await messages.next()) as IteratorResult<[News], undefined>
        if (done) return undefined
        const [news] = value
        if ('outcome' in news) return news.outcome
        if ('way' in news) hears.way(news.way)
        else hears.say(...news.lines)
      }
    },
    end(): void {
      stop.removeEventListener('abort', halt)
      child.kill('SIGKILL')
    },
  }
}

function lost({ FewlineError }: Apart['fewline'], { photo }: PhotoJob): Outcome {
  const error = new FewlineError({
    kind: 'device',
    expected: `"${photo}" to be drawn`,
    came: `the process that draws it was lost ${TRIES} times`,
    todo: 'draw it by itself, or choose fewer --jobs',
  })
  return { failure: failureOf(error, photo), ...complaintOf(error) }
}
