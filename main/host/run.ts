import type { DrawRequest, Frame as EngineFrame } from '../../src/index.ts'
import { decode, type Drawing, type Frame, type Moment, type RunPhase, type RunState, type SeedResult } from '../api.ts'
import { frame as frameSchema } from '../api/frame.ts'
import type { DrawingItem } from '../engine/drawing.ts'
import { type Controls, type Engine, EngineError, STOPPED } from '../engine/engine.ts'
import { createLog, type Marks } from './log.ts'
import { problemOf } from './problems.ts'

/** What is known of a run, going on or long over. */
export interface RunRecord {
  readonly state: RunState
  readonly moments: readonly Moment[]
  readonly seeds: SeedResult[]
  /** Strokes as they stand; undefined before the first frame. */
  readonly drawing?: Drawing | undefined
}

/** A run that is going on. Each control answers with the state it leads to. */
export interface Run extends RunRecord {
  pause(): void
  resume(): void
  stop(): void
  /** Ends it at once, and tells nobody. */
  abandon(): void
}

/** What is to be drawn. */
export interface Order {
  request: DrawRequest
  /** By what: the photo when absent. */
  by?: RunState['by']
  /** What is known of the strokes that come. */
  marks?: Marks
  /** They are all in the ink. */
  inInk?: boolean
}

type Message = DrawingItem['messages'][number]

export interface RunWatcher {
  /** `message`: the frame as it came, to be passed on. */
  frame(frame: Frame, message: Message): void
  state(state: RunState): void
  seeds(seeds: SeedResult[]): void
  /** The engine's process was lost, and another one goes on as the sentence says. */
  goesOn(note: string): void
}

/** How often the engine's process may be lost without a frame in between. */
const MOST_LOSSES = 3
const LOST = "the engine's process was lost without a frame"

const OVER: readonly RunPhase[] = ['done', 'stopped', 'failed', 'interrupted']
export const isOver = ({ phase }: RunState): boolean => OVER.includes(phase)

/**
 * Draws by the engine, and keeps what a window may ask for later. When the engine's process is lost, the run goes on
 * from its last frame, ever more carefully.
 */
export function startRun(engine: Engine, id: string, { request, by, marks, inInk }: Order, watcher: RunWatcher): Run {
  const log = createLog(marks)
  const known = { run: id, ...(by && { by }) }
  let state: RunState = { ...known, phase: 'starting' }
  /** What it takes to go on from the last frame, or from a little before it. */
  let tries: EngineFrame['tries'] | undefined
  const losses = { all: 0, sinceFrame: 0 }
  let stopping = false
  /** Came after the run was paused: shown when it goes on, so that a paused drawing stands still. */
  let held: DrawingItem[] = []
  let controls: Controls = begin()

  /** Begins, or goes on: where nothing but the processor computed, as if nothing had happened. */
  function begin(): Controls {
    const lately = { losses: losses.all, tries, seconds: log.last?.seconds }
    const order = { ...request, run: id, ...lately, ...(inInk && { inInk }) }
    return engine.stream('draw', order, { item: hear, end, lost })
  }

  function enter(phase: RunPhase, error?: EngineError): void {
    state = { ...known, phase, ...(error && { problem: problemOf(error) }) }
    watcher.state(state)
  }

  function hear(item: DrawingItem): void {
    if (isOver(state)) return
    const frames = item.messages.map((message) => ({ message, frame: readFrame(message) }))
    losses.sinceFrame = 0
    if (item.note !== undefined) watcher.goesOn(item.note)
    if (state.phase === 'paused' && !frames.some(({ frame }) => frame.order)) {
      held.push({ ...item, note: undefined })
      return
    }
    tries = item.tries ?? tries
    for (const { frame, message } of frames) if (isNews(frame, log.last)) show(frame, message)
  }

  function show(frame: Frame, message: Message): void {
    if (state.phase === 'starting') enter('drawing')
    const { last } = log
    log.note(frame)
    if (last && last.seed !== frame.seed && !frame.order) watcher.seeds(log.seeds)
    watcher.frame(frame, message)
  }

  function end(error?: EngineError): void {
    if (isOver(state)) return
    if (error) {
      enter('failed', error)
      return
    }
    watcher.seeds(log.seeds)
    enter(log.last?.done ? 'done' : 'stopped')
  }

  function lost(): void {
    if (isOver(state)) return
    held = []
    losses.all++
    if (stopping) enter('stopped')
    else if (++losses.sinceFrame > MOST_LOSSES) enter('failed', new EngineError({ problem: STOPPED, details: LOST }))
    else goOn()
  }

  function goOn(): void {
    controls = begin()
    if (state.phase === 'paused') controls.pause()
  }

  return {
    get state() {
      return state
    },
    get moments() {
      return log.moments
    },
    get seeds() {
      return log.seeds
    },
    get drawing() {
      return log.drawing
    },
    pause() {
      if (isOver(state) || state.phase === 'paused') return
      controls.pause()
      enter('paused')
    },
    resume() {
      if (state.phase !== 'paused') return
      controls.resume()
      enter('drawing')
      for (const item of held.splice(0)) hear(item)
    },
    stop() {
      stopping = true
      controls.stop()
      // Nothing is drawn yet that would have to be waited for.
      if (state.phase === 'starting') enter('stopped')
    },
    abandon() {
      state = { ...known, phase: 'interrupted' }
      controls.stop()
    },
  }
}

/** The frame in a message, seen in place. */
function readFrame(message: Message): Frame {
  const { data } = decode(message) as { data: unknown }
  return frameSchema.parse(data)
}

/** Whether a frame shows something new: a run that goes on after a loss draws some steps again. */
function isNews(frame: Frame, last?: Frame): boolean {
  if (!last || frame.order) return true
  const further = frame.way.taken - last.way.taken
  return further > 0 || (further === 0 && frame.step > last.step)
}
