import { readFileSync } from 'node:fs'
import type { MenuItemConstructorOptions } from 'electron'
import type { EventOf, Recent } from '../api.ts'

type Item = EventOf<'menu'>['item']

/** What the menu can do. */
export interface MenuActions {
  /** Tells the window in front. */
  tell(item: Item): void
  newWindow(): void
  openFile(): void
  openRecent(id: string): void
  /** Opens the page of what was released, in the browser. */
  openReleases(): void
}

/** The page of what was released, as our package tells. Nothing asks it by itself. */
export function releasesPage(packageFile: string): string {
  const { homepage } = JSON.parse(readFileSync(packageFile, 'utf8')) as { homepage: string }
  return `${homepage}/releases`
}

/** The menu, with every shortcut of the studio. What fields need as well is shown, and left to the page. */
export function menuTemplate(
  actions: MenuActions,
  recent: readonly Recent[],
  isMac: boolean,
): MenuItemConstructorOptions[] {
  const item = (label: string, name: Item, accelerator?: string): MenuItemConstructorOptions => ({
    label,
    click: () => actions.tell(name),
    ...(accelerator !== undefined && { accelerator }),
  })
  const own = (label: string, name: Item, accelerator: string) => ({
    ...item(label, name, accelerator),
    registerAccelerator: false,
  })
  const line: MenuItemConstructorOptions = { type: 'separator' }
  const recentItems = recent.map(({ id, name }) => ({ label: name, click: () => actions.openRecent(id) }))
  return [
    ...(isMac ? [{ role: 'appMenu' } as const] : []),
    {
      label: '&File',
      submenu: [
        item('New', 'new', 'CmdOrCtrl+N'),
        { label: 'New Window', accelerator: 'CmdOrCtrl+Shift+N', click: () => actions.newWindow() },
        { label: 'Open…', accelerator: 'CmdOrCtrl+O', click: () => actions.openFile() },
        { label: 'Open Recent', enabled: recentItems.length > 0, submenu: recentItems },
        line,
        item('Save', 'save', 'CmdOrCtrl+S'),
        item('Save As…', 'saveAs', 'CmdOrCtrl+Shift+S'),
        item('Export…', 'export', 'CmdOrCtrl+E'),
        line,
        { role: isMac ? 'close' : 'quit' },
      ],
    },
    {
      label: '&Edit',
      submenu: [
        own('Undo', 'undo', 'CmdOrCtrl+Z'),
        own('Redo', 'redo', 'CmdOrCtrl+Shift+Z'),
        line,
        { role: 'cut' },
        { role: 'copy' },
        { role: 'paste' },
        item('Copy as SVG', 'copySvg', 'CmdOrCtrl+Shift+C'),
        item('Copy as PNG', 'copyPng'),
        line,
        own('Delete Strokes', 'delete', 'Delete'),
        own('Select All', 'selectAll', 'CmdOrCtrl+A'),
      ],
    },
    {
      label: '&Drawing',
      submenu: [
        item('Draw or Pause', 'toggleRun', 'CmdOrCtrl+Enter'),
        item('Stop', 'stop', 'CmdOrCtrl+.'),
        item('Continue', 'continue', 'CmdOrCtrl+Shift+Enter'),
        line,
        item('Models…', 'models'),
      ],
    },
    {
      label: '&View',
      submenu: [
        item('Zoom In', 'zoomIn', 'CmdOrCtrl+Plus'),
        item('Zoom Out', 'zoomOut', 'CmdOrCtrl+-'),
        item('Fit', 'zoomFit', 'CmdOrCtrl+0'),
        line,
        { role: 'togglefullscreen' },
      ],
    },
    { role: 'windowMenu' },
    {
      role: 'help',
      submenu: [
        item('Keyboard Shortcuts', 'shortcuts'),
        { label: 'Check for Updates…', click: () => actions.openReleases() },
      ],
    },
  ]
}
