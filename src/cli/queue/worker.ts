import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, sep } from 'node:path'
import type * as Engine from '../../index.ts'
import { bestWidth, machine, threadsFor } from '../../batch/crew.ts'
import { drawerApart, type Drawer, type Hears } from '../batch/drawers.ts'
import type { PhotoJob } from '../jobs.ts'
import { filesOf } from '../one.ts'
import type { SketchOptions } from '../options.ts'
import { say } from '../say.ts'
import { deliveryOf, readOrder, type Delivery, type Order } from './order.ts'
import { openPost, type QueuedJob } from './post.ts'

type Fewline = typeof Engine

export type WorkerOptions = Pick<SketchOptions, 'jobs' | 'threads' | 'device' | 'verbose'> & { queue: string }

/** How often the others hear how far a drawing is, in milliseconds. */
const TELL = 500

/**
 * `fewline worker`: draws what comes through the queue with the models that are here, until it is stopped; what is under way
 * then is drawn to its end. Resolves to the exit code.
 */
export async function work({ queue, ...options }: WorkerOptions, stop: AbortSignal): Promise<number> {
  const fewline = await import('../../index.ts')
  const post = await openPost(fewline, queue)
  const encoders = encodersHere(fewline)
  const places = new Places(fewline, options, await atOnce(fewline, options, encoders))
  const draw = async (job: QueuedJob): Promise<Delivery> => {
    const order = readOrder(job.data)
    if (!order || !encoders.includes(order.encoder)) throw notAnOrder(fewline, job.name)
    const delivery = await places.drawn(
      order,
      paced((share) => void job.updateProgress(share).catch(() => undefined)),
    )
    say(`${order.name}: drawn after ${delivery.report.seconds.toFixed(1)} s.`)
    return delivery
  }
  for (const encoder of encoders) {
    post
      .worker(encoder, draw, places.count)
      .on('failed', (job, { message }) => say(`${job?.name ?? 'A photo'}: ${message}`))
  }
  say(`Drawing ${places.count} at once with ${encoders.join(', ')}: stop with Ctrl-C.`)
  await stopped(stop)
  say('Finishing what is under way; a second Ctrl-C leaves it to others.')
  await post.close()
  places.end()
  return 0
}

/** The models that may be asked for by name, the best first, and that which is always there. */
function encodersHere({ listModels }: Pick<Fewline, 'listModels'>): string[] {
  const there = listModels().filter(({ kind, installed }) => kind === 'encoder' && installed)
  return [...there.map(({ name }) => name), 'builtin']
}

/** How many are drawn at once: the best model that is here takes the most. */
async function atOnce(fewline: Fewline, { jobs, device = 'auto' }: Omit<WorkerOptions, 'queue'>, [best]: string[]) {
  const { count, note } = await bestWidth(fewline, { encoder: best!, device, jobs })
  if (note !== undefined) say(`Note: ${note}`)
  return count
}

/** Places at which one photo at a time is drawn, in a process of its own, which is kept while what comes is asked for alike. */
class Places {
  private readonly fewline: Fewline
  private readonly options: Omit<WorkerOptions, 'queue'>
  private readonly free: { drawer?: Drawer; draws?: string }[]
  private readonly waiting: (() => void)[] = []
  readonly count: number

  constructor(fewline: Fewline, options: Omit<WorkerOptions, 'queue'>, count: number) {
    this.fewline = fewline
    this.options = options
    this.count = count
    this.free = Array.from({ length: count }, () => ({}))
  }

  /** Waits for a place. Throws an Error with a sentence when it can't be drawn. */
  async drawn(order: Order, hears: Hears): Promise<Delivery> {
    while (this.free.length === 0) await new Promise<void>((wake) => this.waiting.push(wake))
    const place = this.free.pop()!
    try {
      const draws = JSON.stringify([order.encoder, order.options])
      if (place.draws !== draws) place.drawer?.end()
      if (place.draws !== draws || !place.drawer) place.drawer = this.drawerFor(order)
      place.draws = draws
      return await drawnFrom(order, place.drawer, hears)
    } finally {
      this.free.push(place)
      this.waiting.shift()?.()
    }
  }

  end(): void {
    for (const { drawer } of this.free) drawer?.end()
  }

  private drawerFor({ encoder, options }: Order): Drawer {
    const { device } = this.options
    const threads = this.options.threads ?? threadsFor(machine(), this.count)
    const all = { ...options, encoder, threads, ...(device && { device }), force: true } as SketchOptions
    return drawerApart({ fewline: this.fewline, options: all, stop: NEVER })
  }
}

/** What is under way when the worker is stopped is drawn to its end. */
const NEVER = new AbortController().signal

/** Draws in a folder of its own, which is gone afterwards. */
async function drawnFrom({ name, photo, format, options }: Order, drawer: Drawer, hears: Hears): Promise<Delivery> {
  const folder = await mkdtemp(join(tmpdir(), 'fewline-order-'))
  try {
    const stem = name.replace(/(?<=.)\.[^.]*$/, '')
    const job: PhotoJob = { photo: join(folder, name), name: stem, output: join(folder, `drawing.${format}`), format }
    await writeFile(job.photo, Buffer.from(photo, 'base64'))
    const outcome = await drawer.draw(job, hears)
    if ('failure' in outcome) throw new Error(outcome.failure.error.message.replaceAll(folder + sep, ''))
    if (!('report' in outcome)) throw new Error('stopped')
    const files = filesOf(job, options as SketchOptions).map(({ path }) => readFile(path, 'base64'))
    return deliveryOf(await Promise.all(files), outcome.report)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function notAnOrder({ FewlineError }: Fewline, name: string): Error {
  const [came, todo] = ['it says something else', 'update Fewline on all machines']
  return new FewlineError({ kind: 'call', expected: `"${name}" to say what to draw`, came, todo })
}

/** Not more often than the others care to hear. */
function paced(tell: (share: number) => void): Hears {
  let last = -Infinity
  return {
    way({ taken, total }) {
      const now = performance.now()
      if (now - last < TELL) return
      last = now
      tell(taken / Math.max(1, total))
    },
    say: () => undefined,
  }
}

async function stopped(stop: AbortSignal): Promise<void> {
  if (!stop.aborted) await new Promise((resolve) => stop.addEventListener('abort', resolve, { once: true }))
}
