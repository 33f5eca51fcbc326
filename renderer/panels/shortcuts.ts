import type { Messages } from '../i18n/en.ts'
import type { Studio } from '../state/studio.svelte.ts'
import {
  bendLine,
  canBend,
  canEdit,
  canJoin,
  canPlay,
  canSplit,
  copy,
  deleteSelected,
  duplicate,
  goOn,
  isPlayed,
  joinLines,
  nudge,
  openGallery,
  redo,
  resize,
  saveProject,
  selectAll,
  splitLine,
  stepBack,
  stopRun,
  takeBrush,
  takeTool,
  toggleExport,
  toggleLock,
  togglePlayer,
  toggleRun,
  undo,
} from './actions.ts'

/** What keys act on. */
export interface Window {
  readonly studio: Studio
  readonly choosePhoto: () => void
}

/** One thing that keys do anywhere in the window. */
export interface Shortcut {
  /** In the words of the list; several that say the same stand there once. */
  readonly does: keyof Messages['keys']['does']
  /** As ARIA writes them, arrows as signs: `Control+Z`, `←`. Control is ⌘ on a Mac. */
  readonly keys: readonly string[]
  /** Absent for what the browser tells of by an event of its own (`clipboard.ts`). */
  readonly act?: (window: Window) => void
  /** When the key comes up again. */
  readonly release?: (window: Window) => void
  /** Whether there is something to do; the key is left to others while not. */
  readonly can?: (studio: Studio) => boolean
  /** It does something where many photos are shown, too. */
  readonly inBatch?: true
  /** Fields have a use of their own for these keys. */
  readonly notTyping?: true
}

/** Canvas units that an arrow key moves a stroke, and with Shift. */
const NUDGE = { fine: 1, coarse: 10 }
/** What one press of a bracket does to a width, and of a plus to the page. */
const WIDER = 1.25
const NEARER = 1.25

export const SHORTCUTS: readonly Shortcut[] = [
  { does: 'run', keys: ['Control+Enter'], act: ({ studio }) => toggleRun(studio), inBatch: true },
  { does: 'stop', keys: ['Control+.'], act: ({ studio }) => stopRun(studio) },
  { does: 'continue', keys: ['Control+Shift+Enter'], act: ({ studio }) => goOn(studio) },
  { does: 'open', keys: ['Control+O'], act: ({ choosePhoto }) => choosePhoto(), inBatch: true },
  { does: 'batch', keys: ['Control+B'], act: ({ studio: { batch } }) => (batch.shown = !batch.shown), inBatch: true },
  { does: 'save', keys: ['Control+S'], act: ({ studio }) => void saveProject(studio) },
  { does: 'saveAs', keys: ['Control+Shift+S'], act: ({ studio }) => void saveProject(studio, true) },
  { does: 'export', keys: ['Control+E'], act: ({ studio }) => toggleExport(studio) },
  { does: 'copySvg', keys: ['Control+Shift+C'], act: ({ studio }) => void copy(studio, 'svg') },
  { does: 'undo', keys: ['Control+Z'], act: ({ studio }) => undo(studio), notTyping: true },
  { does: 'redo', keys: ['Control+Shift+Z', 'Control+Y'], act: ({ studio }) => redo(studio), notTyping: true },

  { does: 'gallery', keys: ['Control+G'], act: ({ studio }) => void openGallery(studio), inBatch: true },
  { does: 'film', keys: ['T'], act: ({ studio }) => togglePlayer(studio), can: canPlay },
  // While a film is shown, these are its.
  { does: 'playing', keys: ['Space'], act: ({ studio: { player } }) => player.toggle(), can: isPlayed },
  { does: 'frames', keys: ['←'], act: ({ studio: { player } }) => player.step(-1), can: isPlayed },
  { does: 'frames', keys: ['→'], act: ({ studio: { player } }) => player.step(1), can: isPlayed },
  { does: 'ends', keys: ['Home'], act: ({ studio: { player } }) => player.seek(0), can: isPlayed },
  { does: 'ends', keys: ['End'], act: ({ studio: { player } }) => player.seek(player.last), can: isPlayed },

  {
    does: 'hold',
    keys: ['Space'],
    act: ({ studio: { look } }) => (look.held = 'hand'),
    release: ({ studio: { look } }) => (look.held = undefined),
  },
  { does: 'select', keys: ['V'], act: ({ studio }) => takeTool(studio, 'select') },
  { does: 'pen', keys: ['P', 'B'], act: ({ studio }) => takeBrush(studio, false) },
  { does: 'eraser', keys: ['E'], act: ({ studio }) => takeBrush(studio, true) },
  { does: 'hand', keys: ['H'], act: ({ studio }) => takeTool(studio, 'hand') },
  { does: 'finer', keys: ['['], act: ({ studio }) => resize(studio, 1 / WIDER) },
  { does: 'wider', keys: [']'], act: ({ studio }) => resize(studio, WIDER) },
  { does: 'larger', keys: ['+', '='], act: ({ studio }) => studio.camera.zoom(NEARER) },
  { does: 'smaller', keys: ['-'], act: ({ studio }) => studio.camera.zoom(1 / NEARER) },
  { does: 'whole', keys: ['0'], act: ({ studio }) => studio.camera.reset() },

  { does: 'selectAll', keys: ['Control+A'], act: ({ studio }) => selectAll(studio), notTyping: true },
  { does: 'deselect', keys: ['Escape'], act: ({ studio }) => stepBack(studio), inBatch: true },
  ...arrows('move', '', NUDGE.fine),
  ...arrows('moveFar', 'Shift+', NUDGE.coarse),
  { does: 'delete', keys: ['Delete', 'Backspace'], act: ({ studio }) => deleteSelected(studio) },
  { does: 'copy', keys: ['Control+C'] },
  { does: 'cut', keys: ['Control+X'] },
  { does: 'paste', keys: ['Control+V'] },
  { does: 'duplicate', keys: ['Control+D'], act: ({ studio }) => duplicate(studio), can: canEdit },
  { does: 'bend', keys: ['Enter'], act: ({ studio }) => bendLine(studio), can: canBend },
  { does: 'split', keys: ['K'], act: ({ studio }) => splitLine(studio), can: canSplit },
  { does: 'join', keys: ['J'], act: ({ studio }) => joinLines(studio), can: canJoin },
  { does: 'lock', keys: ['L'], act: ({ studio }) => toggleLock(studio), can: canEdit },
]

function arrows(does: 'move' | 'moveFar', held: string, by: number): Shortcut[] {
  const ways = { '←': [-by, 0], '→': [by, 0], '↑': [0, -by], '↓': [0, by] } as const
  return Object.entries(ways).map(([key, [dx, dy]]) => ({
    does,
    keys: [`${held}${key}`],
    act: ({ studio }) => nudge(studio, dx, dy),
    can: canEdit,
  }))
}

/** The keys that do it, the first of them where there are several. */
export const keysTo = (does: Shortcut['does']): string => SHORTCUTS.find((shortcut) => shortcut.does === does)!.keys[0]!
