import type { DrawRequest, Frame as EngineFrame } from '../../src/index.ts'
import type { Drawing, Frame, Moment, RunPhase, RunState, SeedResult, Strokes } from '../api.ts'
import { type Controls, type Engine, type EngineError, STOPPED } from '../engine/engine.ts'
import { createClock } from './clock.ts'
import { createHistory, createSeeds } from './history.ts'
import { finishingLeg, type Leg, legsLeft } from './legs.ts'
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
 * from its last frame with the steps that are left.
 */
export function startRun(engine: Engine, id: string, request: DrawRequest, watcher: RunWatcher): Run {
  const history = createHistory()
  const seeds = createSeeds()
  const clock = createClock()
  let state: RunState = { run: id, phase: 'starting' }
  let drawing: Drawing | undefined
  const legs: Leg[] = [{ request, before: 0 }]
  let ever = 1
  let last: EngineFrame | undefined
  let losses = 0
  let stopping = false
  /** Came after the run was paused: shown when it goes on, so that a paused drawing stands still. */
  let held: EngineFrame[] = []
  let controls: Controls = begin()

  function begin(): Controls {
    last = undefined
    return engine.stream('draw', legs[0]!.request, { item: hear, end, lost })
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
    clock.stepped(last ? frame.step - last.step : 0)
    last = frame
    losses = 0
    const shown = shownFrame(frame)
    seeds.note(shown)
    if (newSeed) watcher.seeds(seeds.results())
    // The last frame of a leg is the run's last one only when no other leg follows.
    if (frame.order && !isFinal(frame)) return
    drawing = drawingOf(shown, request.locked)
    history.note(shown, frame.order !== undefined)
    watcher.frame(shown)
  }

  /** Whether a leg's last frame is the run's: a better seed of an earlier leg gets a leg of its own to finish it. */
  function isFinal(frame: EngineFrame): boolean {
    if (stopping || !frame.done) return true
    const best = seeds.results().find((seed) => seed.best)
    if (legs.length === 1 && ever > 1 && best && best.loss < frame.loss && legs[0]!.request.iterations !== 0) {
      legs.push(finishingLeg(legs[0]!, best.strokes, best.seed))
    }
    return legs.length === 1
  }

  function end(error?: EngineError): void {
    if (isOver(state)) return
    const leg = legs.shift()
    if (error) enter('failed', error)
    else if (leg && legs.length > 0 && !stopping) controls = begin()
    else {
      watcher.seeds(seeds.results())
      enter(last?.done ? 'done' : 'stopped')
    }
  }

  function lost(): void {
    if (isOver(state)) return
    if (stopping) {
      enter('stopped')
      return
    }
    if (++losses > MOST_LOSSES) {
      state = { run: id, phase: 'failed', problem: STOPPED }
      watcher.state(state)
      return
    }
    held = []
    if (last) legs.splice(0, 1, ...legsLeft(legs[0]!, last))
    ever++
    controls = begin()
    if (state.phase === 'paused') controls.pause()
  }

  function shownFrame(frame: EngineFrame): Frame {
    const { before } = legs[0]!
    const offset = frame.seed === (legs[0]!.request.seed ?? 0) ? before : 0
    const [step, steps] = [frame.step + offset, frame.steps + offset]
    const firstSeed = request.seed ?? 0
    const count = request.seeds ?? 1
    const { seconds, secondsPerStep } = clock.read()
    const stepsLeft = steps - step + steps * (firstSeed + count - 1 - frame.seed)
    return {
      ...{ run: id, step, steps, seed: frame.seed, firstSeed, seeds: count, seconds, secondsPerStep },
      ...(secondsPerStep > 0 && { secondsLeft: frame.order ? 0 : stepsLeft * secondsPerStep }),
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
