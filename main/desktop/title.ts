import type { BrowserWindow } from 'electron'
import type { Shell } from '../host/shell.ts'

type Titled = Pick<BrowserWindow, 'on' | 'setTitle' | 'setDocumentEdited' | 'setRepresentedFilename' | 'isDestroyed'>

/** Keeps the title of a window that of its document, with a mark while that is in no project file as it stands. */
export function followDocument(window: Titled): NonNullable<Shell['shows']> {
  // The page has a title of its own, for browsers.
  window.on('page-title-updated', (event) => event.preventDefault())
  let shown = ''
  return ({ title, path = '', modified }) => {
    const next = `${modified ? '• ' : ''}${title === '' ? 'Fewline' : `${title} – Fewline`}`
    if (next + path === shown || window.isDestroyed()) return
    shown = next + path
    window.setTitle(next)
    // On macOS: a dot in the close button, and the file to take hold of.
    window.setDocumentEdited(modified)
    window.setRepresentedFilename(path)
  }
}
