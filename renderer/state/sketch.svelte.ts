import type { Drawing, Steps } from '../../main/api.ts'
import { arranged, everyIndex, keptLongest } from './edit.ts'
import { begun, recorded, redone, replaced, undone } from './history.ts'
import { NO_DRAWING, type Stroke } from './strokes.ts'

/** Changes of one slider within so many milliseconds are one edit. */
const ONE_EDIT = 1000

const NO_STEPS: Omit<Steps, 'asked'> = { past: [], future: [] }

/** The drawing, what is selected in it, and what can be undone. Only the functions here change it. */
export function createSketch() {
  let history = $state.raw(begun(NO_DRAWING))
  let selected = $state.raw<ReadonlySet<number>>(new Set())
  /** The points of what is selected are shown, to be dragged; else a box around it. */
  let bending = $state(false)
  /** How many strokes are shown; all when undefined. */
  let kept = $state.raw<number | undefined>()
  /** A gesture in the middle, not yet a step of the history. */
  let gesture = $state.raw<Drawing | undefined>()
  /** A line that a pen is drawing, not yet one of the drawing. */
  let penned = $state.raw<Stroke | undefined>()
  /** By hand, since a run last moved it. */
  let edited = $state(false)
  let last: { kind: string | undefined; time: number } = { kind: undefined, time: 0 }

  const drawing = $derived(gesture ?? history.present)
  const count = $derived(drawing.strokes.widths.length)
  const simple = (full: Drawing): Drawing =>
    kept === undefined || kept >= full.strokes.widths.length ? full : arranged(full, keptLongest(full, kept))
  const visible = $derived(kept === undefined ? everyIndex(drawing) : keptLongest(drawing, kept))
  const resting = $derived(simple(history.present))
  const shown = $derived(gesture ? simple(gesture) : resting)

  function select(indices: Iterable<number>): void {
    selected = new Set(indices)
    bending = false
  }
  function settle(next: typeof history): void {
    history = next
    gesture = undefined
    const { length } = history.present.strokes.widths
    if ([...selected].some((i) => i >= length)) selected = new Set()
    if (kept !== undefined && kept >= length) kept = undefined
  }

  return {
    get drawing() {
      return drawing
    },
    /** The drawing as simplified: what is exported. */
    get shown() {
      return shown
    },
    /** Which of the strokes these are. */
    get visible() {
      return visible
    },
    /** The same without a gesture that is going on. */
    get resting() {
      return resting
    },
    /** All of it, without such a gesture. */
    get present() {
      return history.present
    },
    get moving() {
      return gesture !== undefined
    },
    get count() {
      return count
    },
    get selected() {
      return selected
    },
    get bending() {
      return bending
    },
    get kept() {
      return kept
    },
    set kept(next: number | undefined) {
      kept = next
    },
    get penned() {
      return penned
    },
    set penned(next: Stroke | undefined) {
      penned = next
    },
    get edited() {
      return edited
    },
    /** Another object whenever there are others, and only then. */
    get past() {
      return history.past
    },
    get future() {
      return history.future
    },
    get canUndo() {
      return history.past.length > 0
    },
    get canRedo() {
      return history.future.length > 0
    },
    select,
    /** Selects a stroke to be bent by its points. */
    bend(index: number) {
      selected = new Set([index])
      bending = true
    },
    /** Another document, and what can be undone of it. */
    reset(next: Drawing = NO_DRAWING, { past, future, edited: byHand = false } = NO_STEPS) {
      select([])
      kept = undefined
      edited = byHand
      settle({ past, present: next, future })
    },
    /** A run begins: the drawing as it is can be come back to. */
    mark() {
      edited = false
      select([])
      kept = undefined
      settle(recorded(history, history.present))
    },
    /** A run has moved the strokes. */
    follow(next: Drawing) {
      history = replaced(history, next)
      edited = false
    },
    /** Shown while a gesture lasts. */
    preview(next: Drawing | undefined) {
      gesture = next
    },
    /** An edit is complete. Edits of one `kind` that follow each other closely, as a slider's, are one step. */
    commit(next: Drawing, selection?: Iterable<number>, kind?: string) {
      if (selection) select(selection)
      const goesOn = kind !== undefined && kind === last.kind && performance.now() - last.time < ONE_EDIT
      last = { kind, time: performance.now() }
      edited = true
      settle(goesOn ? replaced(history, next) : recorded(history, next))
    },
    undo() {
      edited = true
      settle(undone(history))
    },
    redo() {
      edited = true
      settle(redone(history))
    },
  }
}
export type Sketch = ReturnType<typeof createSketch>
