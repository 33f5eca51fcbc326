import type { Job, Queue, QueueEvents, Worker } from 'bullmq'
import type * as Engine from '../../index.ts'
import { WrongCall } from '../complain.ts'
import { say } from '../say.ts'
import { readDelivery, type Delivery, type Order } from './order.ts'

/*
 * BullMQ on Redis, as far as it is used here: one queue for each model, so that a worker takes only what it can draw. A job is
 * named by what is in it (`idOf`), so that nothing is drawn twice, whoever asks for it and however often.
 */

/** How often a photo is tried that fails, and how often one whose worker is lost. */
const TRIES = 2
/** Results are kept for so many seconds, for a call that was stopped and comes again. */
const KEPT = 7 * 24 * 3600
/**
 * A worker that has not been heard of for so long has lost its job, and so often it is heard of, in milliseconds: a server
 * may start anew meanwhile.
 */
const LOST = 20_000
const HEARD = 4_000
/** How long a server may take to answer at first, in milliseconds. */
const PATIENCE = 5_000
/** All keys in Redis begin with it. */
const PREFIX = 'fewline'

type Fewline = Pick<typeof Engine, 'FewlineError'>
export type QueuedJob = Job<Order, Delivery>

/** A Redis server that can be reached, and what may be opened on it. */
export interface Post {
  queue(encoder: string): Queue<Order, Delivery>
  events(encoder: string): QueueEvents
  worker(encoder: string, draw: (job: QueuedJob) => Promise<Delivery>, atOnce: number): Worker<Order, Delivery>
  /** The models that something was ever asked of, or drawn by. */
  encoders(): Promise<string[]>
  /** How often the server was away so far. */
  outages(): number
  close(): Promise<void>
}

/**
 * Throws WrongCall when `url` is no address of Redis, or the packages for it are not there, and a FewlineError of kind `device`
 * when nobody answers.
 */
export async function openPost(fewline: Fewline, url: string): Promise<Post> {
  if (!/^rediss?:\/\/[^/]/.test(url) || !URL.canParse(url)) {
    throw new WrongCall(
      'the address of a Redis server',
      `"${url}" is none`,
      'write it as redis://HOST:PORT or rediss://…',
    )
  }
  const [bullmq, { Redis }] = await Promise.all([import('bullmq'), import('ioredis')]).catch(() => {
    throw new WrongCall('the packages of the queue', 'they are not installed', 'run npm install bullmq ioredis')
  })
  // On the command line everybody on this machine can read it.
  const password = process.env['FEWLINE_QUEUE_PASSWORD']
  const secret = password ? { password } : {}
  const client = new Redis(url, { ...secret, lazyConnect: true, connectTimeout: PATIENCE, maxRetriesPerRequest: null })
  client.on('error', () => undefined)
  await reached(client).catch((cause: unknown) => {
    client.disconnect()
    const { host } = new URL(url)
    const came = `${host} does not answer (${cause instanceof Error ? cause.message : String(cause)})`
    const todo = 'start it, or check the address and password'
    throw new fewline.FewlineError({ kind: 'device', expected: 'a Redis server', came, todo }, { cause })
  })
  let outages = 0
  client.on('close', () => {
    outages++
    say('The server of the queue is away: it is waited for.')
  })
  // Whatever the server does, what is said to it waits until it is back.
  const connection = { ...secret, url, maxRetriesPerRequest: null, skipVersionCheck: true }
  const open: { close(): Promise<void> }[] = []
  const kept = <One extends { close(): Promise<void>; on(event: 'error', hear: () => void): unknown }>(
    one: One,
  ): One => {
    one.on('error', () => undefined)
    open.push(one)
    return one
  }
  const all = `${PREFIX}:encoders`
  const note = (encoder: string) => void client.sadd(all, encoder).catch(() => undefined)
  return {
    queue(encoder) {
      note(encoder)
      const defaultJobOptions = { attempts: TRIES, removeOnComplete: { age: KEPT }, removeOnFail: { age: KEPT } }
      return kept(new bullmq.Queue<Order, Delivery>(nameOf(encoder), { connection, prefix: PREFIX, defaultJobOptions }))
    },
    events: (encoder) => kept(new bullmq.QueueEvents(nameOf(encoder), { connection, prefix: PREFIX })),
    worker(encoder, draw, atOnce) {
      note(encoder)
      return kept(
        new bullmq.Worker<Order, Delivery>(nameOf(encoder), draw, {
          ...{ connection, prefix: PREFIX, concurrency: atOnce, maxStalledCount: TRIES - 1 },
          ...{ lockDuration: LOST, lockRenewTime: HEARD, stalledInterval: LOST / 4, drainDelay: 2 },
        }),
      )
    },
    encoders: async () => (await client.smembers(all)).sort(),
    outages: () => outages,
    async close() {
      client.removeAllListeners('close')
      await Promise.all(open.map((one) => one.close().catch(() => undefined)))
      client.disconnect()
    },
  }
}

/** Connects once, and asks something; afterwards the client connects again by itself. */
async function reached(client: { connect(): Promise<unknown>; ping(): Promise<unknown> }): Promise<void> {
  await client.connect()
  await client.ping()
}

/** BullMQ's names have no colons. */
function nameOf(encoder: string): string {
  return encoder.replace(/[^\w.-]/g, '-')
}

/** Where a job is. */
export type Stand =
  | { stand: 'under way' }
  | { stand: 'done'; delivery: Delivery | undefined }
  /** `lost`: it was not tried, but its workers were lost. */
  | { stand: 'failed'; why: string; lost: boolean }
  | { stand: 'lost' }

/** Asks little: a job with its photo is large, and is fetched only when it has ended. */
export async function standOf(fewline: Fewline, queue: Queue<Order, Delivery>, id: string): Promise<Stand> {
  const state = await queue.getJobState(id)
  if (state === 'unknown') return { stand: 'lost' }
  if (state !== 'completed' && state !== 'failed') return { stand: 'under way' }
  const job = await queue.getJob(id)
  if (!job) return { stand: 'lost' }
  if (state === 'completed') return { stand: 'done', delivery: readDelivery(job.returnvalue) }
  return { stand: 'failed', why: whyOf(fewline, job), lost: !hasSentence(job) }
}

/** Why a job failed, in its own sentence; BullMQ has its own words for one whose workers were lost. */
export function whyOf({ FewlineError }: Fewline, { failedReason, data }: Pick<Job, 'failedReason' | 'data'>): string {
  if (hasSentence({ failedReason })) return failedReason
  const expected = `"${(data as Order).name}" to be drawn`
  const todo = 'draw it by itself, without --queue'
  return new FewlineError({ kind: 'device', expected, came: 'the workers that drew it were lost', todo }).message
}

function hasSentence({ failedReason }: Pick<Job, 'failedReason'>): boolean {
  return /^Expected /.test(failedReason)
}
