import type { Queue } from 'bullmq'
import type { Drawer, Hears, Outcome } from '../batch/drawers.ts'
import { complaintOf, WrongCall } from '../complain.ts'
import type { PhotoJob } from '../jobs.ts'
import { conclude, filesOf, type Call } from '../one.ts'
import { write } from '../output.ts'
import { failureOf, type Report } from '../report.ts'
import { say } from '../say.ts'
import { idOf, isSendable, ordered, orderOf, type Delivery, type Order } from './order.ts'
import { News } from './news.ts'
import { openPost, standOf } from './post.ts'

/** How many photos are with the workers at once, when nobody says: more than there are workers. */
const AT_ONCE = 64

/** What drawers need who have others draw. */
interface Afar {
  queue: Queue<Order, Delivery>
  news: News
  common: Pick<Order, 'encoder' | 'options'>
  outages(): number
  /** Ends the waiting, even for a server that is away and does not answer. */
  stopped: Promise<undefined>
}

/** Drawers that have their photos drawn by whoever works at the queue; the last that ends hangs up. */
export async function crewAfar(call: Call, url: string, jobs?: readonly PhotoJob[]): Promise<Drawer[]> {
  const { fewline, options } = call
  const common = ordered(fewline, options)
  if (jobs && !jobs.every(isSendable)) {
    throw new WrongCall('photos and drawings in files with --queue', '- came', 'name files')
  }
  const post = await openPost(fewline, url)
  const queue = post.queue(common.encoder)
  const stopped = new Promise<undefined>((end) => call.stop.addEventListener('abort', () => end(undefined)))
  const afar = { queue, news: new News(post.events(common.encoder)), common, outages: post.outages, stopped }
  if ((await queue.getWorkersCount()) === 0) {
    say(`Note: no worker has ${common.encoder} yet; the photos wait for one: fewline worker --queue …`)
  }
  const width = Math.min(options.jobs ?? AT_ONCE, jobs?.length ?? Infinity)
  let left = width
  return Array.from({ length: width }, () => ({
    draw: (job, hears) => drawnAfar(job, call, afar, hears),
    end() {
      left--
      if (left === 0) void post.close()
    },
  }))
}

async function drawnAfar(job: PhotoJob, call: Call, afar: Afar, hears: Hears): Promise<Outcome> {
  const { fewline, options } = call
  try {
    for (;;) {
      const outages = afar.outages()
      const order = await orderOf(fewline, job, afar.common)
      const id = idOf(order)
      const stand = await Promise.race([ended(id, order, afar, call, hears), afar.stopped])
      if (!stand) return { stopped: true }
      if (stand.stand === 'done') return { report: await taken(job, call, stand.delivery, hears) }
      // A worker that could not be heard, because the server was away, says nothing of the photo: it is ordered again.
      if (stand.stand === 'failed' && !(stand.lost && afar.outages() > outages)) {
        return { failure: { photo: job.photo, error: { message: stand.why } }, lines: [stand.why], code: 1 }
      }
    }
  } catch (error) {
    return { failure: failureOf(error, job.photo), ...complaintOf(error, options.verbose) }
  }
}

/** Orders a drawing unless it is ordered, or made, already, and waits for its end; undefined when it is stopped before. */
async function ended(id: string, order: Order, { queue, news }: Afar, { fewline, stop }: Call, hears: Hears) {
  const before = await standOf(fewline, queue, id)
  // Who asks again for what has failed wants it tried again; what a worker sent that can't be used is made anew.
  if (before.stand === 'failed' || (before.stand === 'done' && !before.delivery)) await queue.remove(id)
  await queue.add(order.name, order, { jobId: id })
  const share = (taken: number): void => hears.way({ taken, total: 1 })
  while (!stop.aborted) {
    const stand = await standOf(fewline, queue, id)
    if (stand.stand !== 'under way') return stand
    await news.of(id, share)
  }
  return undefined
}

/** Checks what was delivered, and writes it where it belongs. */
async function taken(job: PhotoJob, { fewline, options }: Call, delivery: Delivery | undefined, hears: Hears) {
  const files = filesOf(job, options)
  const contents = delivery?.files.map((content) => Buffer.from(content, 'base64')) ?? []
  if (!delivery || contents.length !== files.length) {
    const todo = 'update Fewline on all machines'
    const came = 'a worker sent something else'
    throw new fewline.FewlineError({ kind: 'output', expected: `the drawing of "${job.photo}"`, came, todo })
  }
  for (const content of contents) await fewline.verifyFile(job.format, content)
  for (const [i, { path }] of files.entries()) await write(fewline, path, contents[i]!, options)
  const report: Report = { photo: job.photo, ...delivery.report, outputs: files.map(({ path }) => path) }
  hears.say(...report.warnings.map((warning) => `Note on the photo "${job.name}": ${warning}`))
  conclude(report, true, hears.say)
  return report
}
