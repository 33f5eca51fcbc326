import { randomUUID } from 'node:crypto'
import type { Drawing } from '../../api.ts'
import type { Handlers } from '../connection.ts'
import type { Document } from '../document.ts'
import { refuse } from '../problems.ts'
import { moveOrder, photoOrder, wordsOrder } from '../requests.ts'
import { isOver, type Order, type Run, startRun } from '../run.ts'
import type { Host } from '../host.ts'
import type { Window } from '../telling.ts'

type DrawingCommands = Pick<
  Handlers,
  'draw' | 'imagine' | 'move' | 'continue' | 'pause' | 'resume' | 'stop' | 'history' | 'edit' | 'keepSteps'
>

/** The run, and what the user does to the drawing. */
export function drawingCommands(host: Host, window: Window): DrawingCommands {
  const control = (what: (run: Run) => void) => {
    const { controls } = window.document
    if (!controls) throw refuse('a drawing that is going on', 'there is none', 'choose Draw')
    what(controls)
    return { state: controls.state }
  }
  return {
    draw: () => ({ state: begin(host, window.document, photoOrder(window.document)).state }),
    imagine: () => ({ state: begin(host, window.document, wordsOrder(window.document)).state }),
    move: ({ drawing, moving }) => {
      return { state: begin(host, window.document, moveOrder(window.document, drawing, moving)).state }
    },
    continue: ({ drawing }) => ({ state: begin(host, window.document, goingOn(window.document, drawing)).state }),
    pause: () => control((run) => run.pause()),
    resume: () => control((run) => run.resume()),
    stop: () => control((run) => run.stop()),
    history: () => ({ history: [...(window.document.run?.moments ?? [])], seeds: window.document.run?.seeds ?? [] }),
    edit({ drawing }) {
      window.document.drawing = drawing
      host.changed(window.document)
      return {}
    },
    keepSteps({ steps }) {
      window.document.steps = steps
      host.autosave.steps(window.document)
      return {}
    },
  }
}

/** Begins a run in place of the one before. */
function begin(host: Host, document: Document, order: Order): Run {
  document.controls?.abandon()
  const { encoder, text } = order.request
  void host.checkRoom(document, { encoder, reads: text !== undefined })
  const run = startRun(host.engine, randomUUID(), order, {
    frame(frame, message) {
      document.drawing = run.drawing
      host.tell(document, 'frame', frame, message)
      host.moved(document)
    },
    state(state) {
      if (isOver(state)) document.controls = undefined
      host.tell(document, 'run', state)
      host.changed(document)
    },
    seeds: (seeds) => host.tell(document, 'seeds', { seeds }),
    goesOn: (text) => host.tell(document, 'notice', { about: 'engine', level: 'warning', text }),
  })
  document.run = run
  document.controls = run
  host.tell(document, 'run', run.state)
  return run
}

/** A drawing goes on by what it was drawn by last. */
function goingOn(document: Document, drawing: Drawing): Order {
  const by = document.run?.state.by
  if (by === 'move') return moveOrder(document, drawing, drawing.strokes.widths.keys())
  return by === 'words' || (drawing.painted && !document.photo)
    ? wordsOrder(document, drawing)
    : photoOrder(document, drawing)
}
