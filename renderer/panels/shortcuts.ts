import type { Messages } from '../i18n/en.ts'

/** Every key that does something anywhere in the window, as ARIA writes them, and what it does. */
export const SHORTCUTS: readonly (readonly [keyof Messages['keys']['does'], ...string[]])[] = [
  ['run', 'Space'],
  ['stop', 'Control+.'],
  ['continue', 'Control+Enter'],
  ['open', 'Control+O'],
  ['save', 'Control+S'],
  ['export', 'Control+E'],
  ['copySvg', 'Control+Shift+C'],
  ['undo', 'Control+Z'],
  ['redo', 'Control+Shift+Z'],
  ['tools', 'V', 'P', 'H'],
  ['zoom', '+', '-', '0'],
  ['selectAll', 'Control+A'],
  ['deselect', 'Escape'],
  ['move', '←', '→', '↑', '↓'],
  ['moveFar', 'Shift+←', 'Shift+→'],
  ['delete', 'Delete'],
]
