import {
  copy,
  deleteSelected,
  goOn,
  nudge,
  redo,
  saveProject,
  selectAll,
  stopRun,
  takeTool,
  toggleExport,
  toggleRun,
  undo,
} from './panels/actions.ts'
import type { Studio } from './state/studio.svelte.ts'

/** Canvas units that an arrow key moves a stroke, and with Shift. */
const NUDGE = { fine: 1, coarse: 10 }

/** Elements that have their own use for keys. */
const TYPING = 'input:not([type=range]), select, textarea'
const SLIDING = 'input[type=range]'
const PRESSING = `${TYPING}, button, summary, a`

interface Window {
  studio: Studio
  choosePhoto: () => void
}

/** What the keyboard does anywhere in the window; true when it did something. */
export function press(window: Window, event: KeyboardEvent): boolean {
  const target = event.target instanceof Element ? event.target : document.body
  const action =
    event.ctrlKey || event.metaKey
      ? commands(window, event)[event.key.toLowerCase()]
      : target.matches(event.key === ' ' ? PRESSING : `${TYPING}, ${SLIDING}`)
        ? undefined
        : plain(window, event)[event.key]
  action?.()
  return action !== undefined
}

type Actions = Readonly<Record<string, (() => void) | undefined>>

function commands({ studio, choosePhoto }: Window, { shiftKey, target }: KeyboardEvent): Actions {
  const typing = target instanceof Element && target.matches('input[type=text], input[type=number]')
  return {
    s: () => void saveProject(studio, shiftKey),
    o: choosePhoto,
    e: () => toggleExport(studio),
    '.': () => stopRun(studio),
    enter: () => goOn(studio),
    ...(!typing && {
      z: () => (shiftKey ? redo(studio) : undo(studio)),
      y: () => redo(studio),
      a: () => selectAll(studio),
    }),
    ...(shiftKey && { c: () => void copy(studio, 'svg') }),
  }
}

function plain({ studio }: Window, { shiftKey }: KeyboardEvent): Actions {
  const far = shiftKey ? NUDGE.coarse : NUDGE.fine
  const selecting = studio.sketch.selected.size > 0
  return {
    ' ': () => toggleRun(studio),
    Delete: () => deleteSelected(studio),
    Backspace: () => deleteSelected(studio),
    v: () => takeTool(studio, 'select'),
    p: () => takeTool(studio, 'pen'),
    h: () => takeTool(studio, 'hand'),
    '+': () => studio.camera.zoom(1.25),
    '=': () => studio.camera.zoom(1.25),
    '-': () => studio.camera.zoom(0.8),
    '0': studio.camera.reset,
    Escape: () => {
      studio.sketch.select([])
      studio.run.scrubbed = undefined
    },
    ...(selecting && {
      ArrowLeft: () => nudge(studio, -far, 0),
      ArrowRight: () => nudge(studio, far, 0),
      ArrowUp: () => nudge(studio, 0, -far),
      ArrowDown: () => nudge(studio, 0, far),
    }),
  }
}
