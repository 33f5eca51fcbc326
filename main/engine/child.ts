/**
 * The engine's process. Running a model blocks the thread it runs on, and may crash it: so it happens here, and the host
 * starts another one when this one is gone. Started by Electron's utilityProcess or by child_process.fork.
 */
import { constants, setPriority } from 'node:os'
import { setImmediate } from 'node:timers/promises'
import { FewlineError, heedOnlyTheOther, limitThreads } from '../../src/index.ts'
import { behindOf } from './behind.ts'
import type { Flow } from './flow.ts'
import type { Failure, FromEngine, ToEngine } from './protocol.ts'
import { streams } from './streams.ts'
import { work } from './work.ts'

/** The part of Electron's `process.parentPort` that is used here. */
interface ParentPort {
  on(event: 'message', listener: (event: { data: unknown }) => void): void
  postMessage(message: unknown): void
}

/** A stream that is going on. */
interface Running {
  stop: AbortController
  /** While it is paused: resolves when it may go on, and the way to let it. */
  pause?: { over: Promise<void>; end(): void }
}

const running = new Map<number, Running>()
workBehind(behindOf(process.argv))
const post = listen((message) => void obey(message))

async function obey(message: ToEngine): Promise<void> {
  const { id } = message
  if (message.do === 'work' || message.do === 'stream') {
    try {
      post({ id, result: await (message.do === 'stream' ? flow(message) : workOn(message)) })
    } catch (error) {
      post({ id, failure: failureOf(error) })
    }
  } else control(message.do, running.get(id))
}

function workOn({ name, input }: { name: keyof typeof work; input: unknown }): Promise<unknown> {
  return (work[name] as (input: unknown) => Promise<unknown>)(input)
}

/** Runs a stream to its end, one item a message. */
async function flow({ id, name, input }: { id: number; name: keyof typeof streams; input: unknown }): Promise<void> {
  const own: Running = { stop: new AbortController() }
  running.set(id, own)
  const pass = async () => {
    await setImmediate()
    await own.pause?.over
  }
  try {
    const stream = streams[name] as (input: unknown, flow: Flow<unknown>) => Promise<void>
    await stream(input, { signal: own.stop.signal, emit: (item) => post({ id, item }), pass })
  } finally {
    running.delete(id)
  }
}

function control(what: 'pause' | 'resume' | 'stop', stream: Running | undefined): void {
  if (!stream) return
  if (what === 'pause') {
    stream.pause ??= pause()
    return
  }
  if (what === 'stop') stream.stop.abort()
  stream.pause?.end()
  stream.pause = undefined
}

function pause(): NonNullable<Running['pause']> {
  let end: () => void = () => undefined
  const over = new Promise<void>((resolve) => (end = resolve))
  return { over, end }
}

function failureOf(error: unknown): Failure {
  const details = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return error instanceof FewlineError ? { problem: error.problem, details } : { details }
}

/** One of several that work while the user does something else: with a share of the threads, and after all that is waited for. */
function workBehind(threads: number | undefined): void {
  if (threads === undefined) return
  limitThreads(threads)
  setPriority(constants.priority.PRIORITY_BELOW_NORMAL)
}

/** Hears what the host says, and gives the way to answer it. */
function listen(hear: (message: ToEngine) => void): (message: FromEngine) => void {
  const { parentPort } = process as { parentPort?: ParentPort }
  if (parentPort) {
    parentPort.on('message', ({ data }) => hear(data as ToEngine))
    return (message) => parentPort.postMessage(message)
  }
  process.on('message', hear)
  // A host that is gone has no use for us.
  process.on('disconnect', () => process.exit(0))
  heedOnlyTheOther()
  // What can't be sent has nobody to hear it: `disconnect` follows.
  return (message) => process.send?.(message, undefined, undefined, () => undefined)
}
