import type { WriteStream } from 'node:tty'
import type { Frame } from '../index.ts'
import { said, say } from './say.ts'
import { barFor, canRedraw, shortened } from './terminal.ts'

/** What is shown of a frame, of a drawing or of an edit. */
type Seen = Pick<Frame, 'way' | 'done' | 'loss'>

/** Shows how far a drawing is; always on stderr, so that stdout stays free for the drawing. */
export interface Progress {
  show(frame: Seen): void
  end(): void
}

/** A bar on a terminal, else a line for every quarter of the way. */
export async function openProgress(name: string, to: WriteStream = process.stderr): Promise<Progress> {
  return canRedraw(to) ? bar(name, to) : lines(name)
}

async function bar(name: string, stream: WriteStream): Promise<Progress> {
  const { default: progress } = await import('cli-progress')
  const words = said('step {value}/{total} · loss {loss} · {eta_formatted} left')
  const format = `${shortened(name, stream)} {bar} ${words}`
  const single = new progress.SingleBar({ format, ...barFor(stream, name) }, progress.Presets.shades_grey)
  // What ends the program in the middle of a line goes on below it.
  const close = () => single.stop()
  process.once('exit', close)
  return {
    show(frame) {
      const { taken, total } = wayOf(frame)
      if (!single.isActive) single.start(total, taken, { loss: lossOf(frame) })
      else single.update(taken, { loss: lossOf(frame) })
    },
    end() {
      process.off('exit', close)
      close()
    },
  }
}

function lines(name: string): Progress {
  let quarters = 0
  return {
    show(frame) {
      const { taken, total } = wayOf(frame)
      const reached = Math.floor((4 * taken) / Math.max(1, total))
      if (reached <= quarters) return
      quarters = reached
      say(`${name}: step ${taken} of ${total}, loss ${lossOf(frame)}`)
    },
    end: () => undefined,
  }
}

/** The steps of all tries together; one that settles early leaves the rest of its way out. */
function wayOf({ way, done }: Seen): Frame['way'] {
  return done ? { taken: way.total, total: way.total } : way
}

function lossOf({ loss }: Seen): string {
  return loss.toPrecision(4)
}
