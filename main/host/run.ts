import type { DrawRequest, Frame as EngineFrame } from '../../src/index.ts'
import type { Drawing, Frame, Moment, RunPhase, RunState, SeedResult, Strokes } from '../api.ts'
import { type Controls, type Engine, EngineError, STOPPED } from '../engine/engine.ts'
import { createClock } from './clock.ts'
import { createHistory, createSeeds } from './history.ts'
import { problemOf } from './problems.ts'

/** What is known of a run, going on or long over. */
export interface RunRecord {
  readonly state: RunState
  readonly moments: readonly Moment[]
  readonly seeds: SeedResult[]
  /** Strokes as they stand; undefined before the first frame. */
  readonly drawing?: Drawing
}

/** A run that is going on. Each control answers with the state it leads to. */
export interface Run extends RunRecord {
  pause(): void
  resume(): void
  stop(): void
  /** Ends it at once, and tells nobody. */
  abandon(): void
}

export interface RunWatcher {
  frame(frame: Frame): void
  state(state: RunState): void
  seeds(seeds: SeedResult[]): void
}

/** How often the engine's process may be lost without a frame in between. */
const MOST_LOSSES = 3

const OVER: readonly RunPhase[] = ['done', 'stopped', 'failed', 'interrupted']
export const isOver = ({ phase }: RunState): boolean => OVER.includes(phase)

/**
 * Draws by the engine, and keeps what a window may ask for later. When the engine's process is lost, the run goes on
 * from its last frame.
 */
export function startRun(engine: Engine, id: string, request: DrawRequest, watcher: RunWatcher): Run {
  const history = createHistory()
  const seeds = createSeeds()
  const clock = createClock()
  let state: RunState = { run: id, phase: 'starting' }
  let drawing: Drawing | undefined
  let last: EngineFrame | undefined
  /** In all, and since the last frame. */
  let allLosses = 0
  let losses = 0
  let stopping = false
  /** Came after the run was paused: shown when it goes on, so that a paused drawing stands still. */
  let held: EngineFrame[] = []
  let controls: Controls = begin()

  /** Begins, or goes on from the last frame: where nothing but the processor computed, as if nothing had happened. */
  function begin(): Controls {
    const from = { ...request, ...(last && { tries: last.tries }), losses: allLosses }
    return engine.stream('draw', from, { item: hear, end, lost })
  }

  function enter(phase: RunPhase, error?: EngineError): void {
    state = error ? { run: id, phase, problem: problemOf(error) } : { run: id, phase }
    watcher.state(state)
  }

  function hear(frame: EngineFrame): void {
    if (isOver(state)) return
    if (state.phase === 'paused' && !frame.order) {
      held.push(frame)
      return
    }
    if (state.phase === 'starting') enter('drawing')
    const newSeed = last && last.seed !== frame.seed && !frame.order
    clock.stepped(frame.way.taken - (last?.way.taken ?? frame.way.taken))
    last = frame
    losses = 0
    const shown = shownFrame(frame)
    seeds.note(shown)
    if (newSeed) watcher.seeds(seeds.results())
    drawing = drawingOf(shown, request.locked)
    history.note(shown, frame.order !== undefined)
    watcher.frame(shown)
  }

  function end(error?: EngineError): void {
    if (isOver(state)) return
    if (error) {
      enter('failed', error)
      return
    }
    watcher.seeds(seeds.results())
    enter(last?.done ? 'done' : 'stopped')
  }

  function lost(): void {
    if (isOver(state)) return
    held = []
    allLosses++
    if (stopping) {
      enter('stopped')
    } else if (++losses > MOST_LOSSES) {
      enter('failed', new EngineError({ problem: STOPPED, details: 'the process was lost without a frame' }))
    } else {
      controls = begin()
      if (state.phase === 'paused') controls.pause()
    }
  }

  function shownFrame(frame: EngineFrame): Frame {
    const { step, steps, way } = frame
    const firstSeed = request.seed ?? 0
    const { seconds, secondsPerStep } = clock.read()
    const left = frame.order ? 0 : (way.total - way.taken) * secondsPerStep
    return {
      ...{ run: id, step, steps, seed: frame.seed, firstSeed, seeds: frame.seeds, way, seconds, secondsPerStep },
      ...(secondsPerStep > 0 && { secondsLeft: left }),
      ...{ loss: frame.loss, terms: frame.terms, encoder: frame.encoder, device: frame.device },
      ...{ strokes: frame.strokes as Strokes, done: frame.done, warnings: frame.warnings },
      ...(frame.importance && { importance: [...frame.importance] }),
      ...(frame.order && { order: frame.order }),
    }
  }

  return {
    get state() {
      return state
    },
    get moments() {
      return history.moments
    },
    get seeds() {
      return seeds.results()
    },
    get drawing() {
      return drawing
    },
    pause() {
      if (isOver(state) || state.phase === 'paused') return
      clock.pause()
      controls.pause()
      enter('paused')
    },
    resume() {
      if (state.phase !== 'paused') return
      clock.resume()
      controls.resume()
      enter('drawing')
      for (const frame of held.splice(0)) hear(frame)
    },
    stop() {
      stopping = true
      controls.stop()
    },
    abandon() {
      state = { run: id, phase: 'interrupted' }
      controls.stop()
    },
  }
}

/** The drawing that a frame shows, with its locked strokes where the frame has put them. */
function drawingOf({ strokes, order, importance }: Frame, locked: readonly number[] = []): Drawing {
  const now = order ? locked.map((stroke) => order.indexOf(stroke)) : [...locked]
  return { strokes, locked: now, ...(importance && { importance }) }
}
