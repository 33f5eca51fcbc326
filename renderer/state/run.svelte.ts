import type { Frame, Moment, RunPhase, RunState, SeedResult, Snapshot } from '../../main/api.ts'
import { paced } from './pace.ts'

/** How often the curve and the scrubber learn of new moments, in milliseconds: they need no sixty times a second. */
const CURVE_PAUSE = 100

/** The last or present run: its phase, its frames as they come, and what it has been through. */
export function createRun(onFrame: (frame: Frame) => void) {
  let state = $state.raw<RunState | undefined>()
  let latest = $state.raw<Frame | undefined>()
  let seeds = $state.raw<readonly SeedResult[]>([])
  let scrubbed = $state.raw<number | undefined>()
  /** Grows in place; `length` tells when to look again. */
  let moments: Moment[] = []
  let length = $state(0)
  let counted = 0

  const frames = paced((frame: Frame) => {
    latest = frame
    if (frame.done || performance.now() - counted > CURVE_PAUSE) count()
    onFrame(frame)
  })
  function count(): void {
    counted = performance.now()
    length = moments.length
  }
  function begin(next: RunState, past: readonly Moment[] = []): void {
    moments = [...past]
    latest = undefined
    scrubbed = undefined
    state = next
    count()
  }

  return {
    get state() {
      return state
    },
    get phase(): RunPhase | 'none' {
      return state?.phase ?? 'none'
    },
    /** Strokes are moving, or about to. */
    get going() {
      return state?.phase === 'starting' || state?.phase === 'drawing'
    },
    get latest() {
      return latest
    },
    get seeds() {
      return seeds
    },
    set seeds(next) {
      seeds = next
    },
    /** As many as `length` said when it was last looked at. */
    get moments(): readonly Moment[] {
      return length > 0 ? moments : []
    },
    /** How many moments there are to scrub through. */
    get length() {
      return length
    },
    /** The moment shown instead of the drawing. */
    get scrubbed() {
      return scrubbed
    },
    set scrubbed(index: number | undefined) {
      scrubbed = index
    },
    /** As after opening or a reload: nothing, or a run that may still be going. */
    reset(snapshot: Pick<Snapshot, 'run' | 'history' | 'seeds'>) {
      begin(snapshot.run ?? { run: 'none', phase: 'stopped' }, snapshot.history)
      if (!snapshot.run) state = undefined
      seeds = snapshot.seeds
    },
    /** A run has been asked for: what was said of the last one holds no more. Undone by the function that comes back. */
    expect(): () => void {
      const before = { state, latest }
      const expected: RunState = { run: 'expected', phase: 'starting' }
      state = expected
      latest = undefined
      return () => {
        if (state === expected) ({ state, latest } = before)
      }
    },
    /** The host says where the run is. */
    enter(next: RunState) {
      frames.flush()
      if (next.run !== state?.run) {
        begin(next)
        seeds = []
      }
      state = next
      count()
    },
    frame(frame: Frame) {
      moments.push(frame)
      frames.push(frame)
    },
  }
}
export type Run = ReturnType<typeof createRun>
