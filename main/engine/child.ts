/**
 * The engine's process. Running a model blocks the thread it runs on, and may crash it: so it happens here, and the host
 * starts another one when this one is gone. Started by Electron's utilityProcess or by child_process.fork.
 */
import { setImmediate } from 'node:timers/promises'
import { draw, type DrawRequest, FewlineError } from '../../src/index.ts'
import type { Failure, FromEngine, ToEngine } from './protocol.ts'
import { work } from './work.ts'

/** The part of Electron's `process.parentPort` that is used here. */
interface ParentPort {
  on(event: 'message', listener: (event: { data: unknown }) => void): void
  postMessage(message: unknown): void
}

/** A drawing that is going on. */
interface Drawing {
  stop: AbortController
  /** While it is paused: resolves when it may go on, and the way to let it. */
  pause?: { over: Promise<void>; end(): void }
}

const drawings = new Map<number, Drawing>()
const post = listen((message) => void obey(message))

async function obey(message: ToEngine): Promise<void> {
  const { id } = message
  if (message.do === 'work' || message.do === 'draw') {
    try {
      post({ id, result: await (message.do === 'draw' ? drawAll(id, message.request) : workOn(message)) })
    } catch (error) {
      post({ id, failure: failureOf(error) })
    }
  } else control(message.do, drawings.get(id))
}

function workOn({ name, input }: { name: keyof typeof work; input: unknown }): Promise<unknown> {
  return (work[name] as (input: unknown) => Promise<unknown>)(input)
}

/** Draws to the end, one frame a message. To pause is not to ask for the next one. */
async function drawAll(id: number, request: DrawRequest): Promise<void> {
  const drawing: Drawing = { stop: new AbortController() }
  drawings.set(id, drawing)
  try {
    for await (const frame of draw(request, drawing.stop.signal)) {
      post({ id, frame })
      // Messages are heard between frames, even when the engine never waits for anything.
      await setImmediate()
      await drawing.pause?.over
    }
  } finally {
    drawings.delete(id)
  }
}

function control(what: 'pause' | 'resume' | 'stop', drawing: Drawing | undefined): void {
  if (!drawing) return
  if (what === 'pause') {
    drawing.pause ??= pause()
    return
  }
  if (what === 'stop') drawing.stop.abort()
  drawing.pause?.end()
  drawing.pause = undefined
}

function pause(): NonNullable<Drawing['pause']> {
  let end: () => void = () => undefined
  const over = new Promise<void>((resolve) => (end = resolve))
  return { over, end }
}

function failureOf(error: unknown): Failure {
  const details = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return error instanceof FewlineError ? { problem: error.problem, details } : { details }
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
  // A Ctrl-C in the terminal reaches us as well; the host says when to end.
  process.on('SIGINT', () => undefined)
  return (message) => process.send?.(message)
}
