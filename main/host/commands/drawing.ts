import { randomUUID } from 'node:crypto'
import type { DrawRequest } from '../../../src/index.ts'
import type { Drawing } from '../../api.ts'
import type { Handlers } from '../connection.ts'
import { type Document, engineEmphasis, engineMask } from '../document.ts'
import { refuse } from '../problems.ts'
import { isOver, type Run, startRun } from '../run.ts'
import type { Host } from '../host.ts'
import type { Window } from '../telling.ts'

type DrawingCommands = Pick<
  Handlers,
  'draw' | 'continue' | 'pause' | 'resume' | 'stop' | 'history' | 'edit' | 'keepSteps'
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
    draw: () => ({ state: begin(host, window.document).state }),
    continue: ({ drawing }) => ({ state: begin(host, window.document, drawing).state }),
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
function begin(host: Host, document: Document, from?: Drawing): Run {
  const request = requestFor(document, from)
  document.controls?.abandon()
  const run = startRun(host.engine, randomUUID(), request, {
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

/** What the engine is asked for. */
function requestFor({ photo, mask, emphasis, settings }: Document, from?: Drawing): DrawRequest {
  if (!photo) throw refuse('a photo to draw', 'there is none yet', 'open one')
  const { strokes, auto, detail, preset, iterations, encoder, device, width, seeds, seed, text, frameEvery } = settings
  const common = {
    ...{ photo: photo.bytes, mask: engineMask(mask), encoder, frameEvery, seed },
    // The engine checks their names, and says which there are.
    ...{ preset: preset as DrawRequest['preset'], device: device as DrawRequest['device'] },
    ...(emphasis && { emphasis: engineEmphasis(emphasis) }),
    ...(iterations !== null && { iterations }),
    ...(text.trim() !== '' && { text }),
  }
  // One start leads to one drawing.
  if (from) return { ...common, from: from.strokes, locked: from.locked, seeds: 1 }
  // With one asked for, a preset may still begin several and go on with the best.
  // It grows, so that its first strokes are a drawing: whoever wants fewer of them later need not draw again.
  return { ...common, strokes: auto ? 'auto' : strokes, detail, order: 'grow', width, ...(seeds > 1 && { seeds }) }
}
