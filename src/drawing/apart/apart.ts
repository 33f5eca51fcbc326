import { fork, type ChildProcess } from 'node:child_process'
import { on } from 'node:events'
import { draw } from '../../draw.ts'
import { deviceOf } from '../../encoder/open.ts'
import { FewlineError, type Problem } from '../../errors.ts'
import { asNode } from '../../process.ts'
import { ownProgram } from '../../resources.ts'
import type { DrawRequest, Frame } from '../request.ts'
import type { News, Order } from './messages.ts'

/**
 * Draws like `draw`, and survives the device: where anything but the processor computes, the engine works in a process of
 * its own, and when that is lost the drawing goes on from its last frame.
 */
export async function* drawSafely(request: DrawRequest, signal?: AbortSignal): AsyncGenerator<Frame> {
  const { device } = await deviceOf(request.encoder ?? 'auto', request.device)
  yield* device === 'cpu' ? draw(request, signal) : drawApart(request, signal)
}

export interface ApartOptions {
  /** The program of the process that draws; the engine's own when absent. */
  program?: string
  /** Is given each process that is started. */
  started?: (child: ChildProcess) => void
}

const OWN_PROGRAM = ownProgram('drawing-child')

/** What is asked differently of the next process after one is lost, and how that is told. */
interface AfterLoss {
  readonly change: Pick<DrawRequest, 'device' | 'most'>
  readonly note: string
}

const AFTER_A_LOSS: readonly AfterLoss[] = [
  { change: { most: 1 }, note: 'The drawing’s process was lost: it goes on with one picture at a time.' },
  {
    change: { most: 1, device: 'cpu' },
    note: 'The drawing’s process was lost again: the processor goes on from there.',
  },
]

/** How a drawing goes on after so many losses (1, 2, …): ever more carefully, at last by the processor. */
export function afterLoss(losses: number): AfterLoss {
  return AFTER_A_LOSS[Math.min(losses, AFTER_A_LOSS.length) - 1]!
}

/**
 * Draws like `draw`, but in a process of its own. When that is lost (a fault in a driver, memory that ran out), another
 * one goes on from the last frame, more carefully; its frames say so among their warnings.
 * Throws what `draw` throws, and a FewlineError of kind `device` when process after process is lost.
 */
export async function* drawApart(
  request: DrawRequest,
  signal?: AbortSignal,
  { program = OWN_PROGRAM, started }: ApartOptions = {},
): AsyncGenerator<Frame> {
  const notes: string[] = []
  let order = request
  for (let losses = 1; ; losses++) {
    const child = fork(program, [], {
      ...asNode(),
      serialization: 'advanced',
      execArgv: [],
      // What a driver prints as it dies is for nobody.
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    })
    started?.(child)
    try {
      for await (const news of newsOf(child, order, signal)) {
        if ('end' in news) return
        if ('failure' in news) throw failureOf(news.failure)
        order = { ...order, tries: news.frame.tries }
        yield { ...news.frame, warnings: [...news.frame.warnings, ...notes] }
      }
    } finally {
      child.kill('SIGKILL')
    }
    if (losses > AFTER_A_LOSS.length) throw new FewlineError(LOST)
    const { change, note } = afterLoss(losses)
    notes.push(note)
    order = { ...order, ...change }
  }
}

/** What a process tells, until it has nothing more to tell or is gone. */
async function* newsOf(child: ChildProcess, draw: DrawRequest, signal?: AbortSignal): AsyncGenerator<News> {
  const send = (order: Order): void => {
    if (child.connected) child.send(order, () => undefined)
  }
  const stop = (): void => send({ stop: true })
  const messages = on(child, 'message', { close: ['close'] })
  send({ draw })
  signal?.addEventListener('abort', stop)
  if (signal?.aborted) stop()
  try {
    for await (const [news] of messages) yield news as News
  } finally {
    signal?.removeEventListener('abort', stop)
  }
}

function failureOf({ problem, message }: { problem?: FewlineError['problem']; message: string }): Error {
  return problem ? new FewlineError(problem) : new Error(message)
}

/** What is said when process after process is lost. */
const LOST: Problem = {
  kind: 'device',
  expected: 'the drawing to be made',
  came: 'the process that makes it was lost three times',
  todo: 'choose fewer strokes, the fast preset, or another encoder',
}
