import { afterLoss, draw, type DrawRequest, type Frame } from '../../src/index.ts'
import { encode, type Frame as ShownFrame, type Strokes } from '../api.ts'
import { createClock } from './clock.ts'
import type { Flow } from './flow.ts'

/** What is asked for, under the run's name. */
export interface DrawingOrder extends DrawRequest {
  run: string
  /** How many processes the drawing has lost: the more, the more carefully it goes on. */
  losses?: number
  /** Strokes of one ink: colours are nothing that a frame tells. */
  inInk?: boolean
  /** What it has taken already, when it goes on. */
  seconds?: number | undefined
}

/** Some steps of a drawing. */
export interface DrawingItem {
  /** The frames as the windows are told of them: written here, read there, and only passed on in between. */
  messages: Uint8Array<ArrayBuffer>[]
  /** What it takes to go on from here: large, and told only so often. */
  tries?: Frame['tries']
  /** On the first frame after a loss: how it goes on. */
  note?: string | undefined
}

/** Steps that come faster than a screen shows them are told together: every process woken costs more than its message. */
const TELL_EVERY = 1000 / 60

/** What is drawn since `tries` were told last is drawn again when the process is lost: at most this long, in milliseconds. */
const TRIES_EVERY = 250

/** Draws to the end, telling of every frame. To pause is not to ask for the next one. */
export async function drawing(
  { run, losses = 0, seconds, inInk = false, ...request }: DrawingOrder,
  { signal, emit, pass }: Flow<DrawingItem>,
): Promise<void> {
  const clock = createClock(seconds)
  const care = losses > 0 ? afterLoss(losses) : undefined
  let note = care?.note
  let untold: DrawingItem['messages'] = []
  const isDue = { frames: every(TELL_EVERY), tries: every(TRIES_EVERY) }
  for await (const frame of draw({ ...request, ...care?.change }, signal)) {
    clock.stepped(frame.way.taken)
    const shown = inInk ? { ...frame, strokes: withoutColours(frame.strokes) } : frame
    untold.push(encode({ event: 'frame', data: shownFrame(run, request, shown, clock.read()) }))
    if (!isDue.frames() && !frame.order) continue
    emit({ messages: untold, ...(isDue.tries() && { tries: frame.tries }), ...(note !== undefined && { note }) })
    untold = []
    note = undefined
    clock.pause()
    await pass()
    clock.resume()
  }
}

/** Says yes at first, and then when so many milliseconds have gone since it last did. */
function every(milliseconds: number): () => boolean {
  let last = -Infinity
  return () => {
    const now = performance.now()
    const due = now - last >= milliseconds
    if (due) last = now
    return due
  }
}

function withoutColours({ points, widths, segments, width, height }: Frame['strokes']): Frame['strokes'] {
  return { points, widths, ...(segments && { segments }), width, height }
}

function shownFrame(
  run: string,
  { seed: firstSeed = 0 }: DrawRequest,
  frame: Frame,
  { seconds, secondsPerStep }: { seconds: number; secondsPerStep: number },
): ShownFrame {
  const { step, steps, seed, seeds, way, loss, terms, encoder, device, strokes, done, warnings, importance } = frame
  const left = frame.order ? 0 : (way.total - way.taken) * secondsPerStep
  return {
    ...{ run, step, steps, seed, firstSeed, seeds, way, seconds, secondsPerStep },
    ...(secondsPerStep > 0 && { secondsLeft: left }),
    ...{ loss, terms, encoder, device, strokes: strokes as Strokes, done, warnings },
    ...(importance && { importance: [...importance] }),
    ...(frame.order && { order: frame.order }),
  }
}
