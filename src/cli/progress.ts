import type { WriteStream } from 'node:tty'
import type { Frame } from '../index.ts'

/** Shows how far a drawing is; always on stderr, so that stdout stays free for the drawing. */
export interface Progress {
  show(frame: Frame): void
  end(): void
}

/** A bar on a terminal, else a line for every quarter of the way. */
export async function openProgress(name: string, to: WriteStream = process.stderr): Promise<Progress> {
  return to.isTTY ? bar(name, to) : lines(name, to)
}

async function bar(name: string, stream: WriteStream): Promise<Progress> {
  const { default: progress } = await import('cli-progress')
  const format = `${name} {bar} step {value}/{total} · loss {loss} · {eta_formatted} left`
  const single = new progress.SingleBar({ format, stream, hideCursor: true }, progress.Presets.shades_grey)
  const way = openWay()
  return {
    show(frame) {
      const { step, steps } = way(frame)
      if (!single.isActive) single.start(steps, step, { loss: lossOf(frame) })
      else single.update(step, { loss: lossOf(frame) })
    },
    end: () => single.stop(),
  }
}

function lines(name: string, stream: WriteStream): Progress {
  const way = openWay()
  let quarters = 0
  return {
    show(frame) {
      const { step, steps } = way(frame)
      const reached = Math.floor((4 * step) / Math.max(1, steps))
      if (reached <= quarters) return
      quarters = reached
      stream.write(`${name}: step ${step} of ${steps}, loss ${lossOf(frame)}\n`)
    },
    end: () => undefined,
  }
}

/** How far all the tries of a drawing have come, taken together. */
function openWay(): (frame: Frame) => { step: number; steps: number } {
  let first: number | undefined
  return ({ step, steps, seed, seeds, done }) => {
    first ??= seed
    // The last frame goes back to the best try.
    return { step: done ? steps * seeds : steps * (seed - first) + step, steps: steps * seeds }
  }
}

function lossOf({ loss }: Frame): string {
  return loss.toPrecision(4)
}
