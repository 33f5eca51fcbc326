import { readFileSync } from 'node:fs'
import type { MenuItemConstructorOptions } from 'electron'
import type { Translate } from '../../src/words/phrases.ts'
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
  said: Translate = (english) => english,
): MenuItemConstructorOptions[] {
  const item = (label: string, name: Item, accelerator?: string): MenuItemConstructorOptions => ({
    label: said(label),
    click: () => actions.tell(name),
    ...(accelerator !== undefined && { accelerator }),
  })
  const own = (label: string, name: Item, accelerator: string) => ({
    ...item(label, name, accelerator),
    registerAccelerator: false,
  })
  // What the system names by itself it names in English.
  const role = (name: NonNullable<MenuItemConstructorOptions['role']>, label: string) => ({
    role: name,
    ...(said(label) !== label && { label: said(label) }),
  })
  const line: MenuItemConstructorOptions = { type: 'separator' }
  const recentItems = recent.map(({ id, name }) => ({ label: name, click: () => actions.openRecent(id) }))
  return [
    ...(isMac ? [{ role: 'appMenu' } as const] : []),
    {
      label: said('&File'),
      submenu: [
        item('New', 'new', 'CmdOrCtrl+N'),
        { label: said('New Window'), accelerator: 'CmdOrCtrl+Shift+N', click: () => actions.newWindow() },
        { label: said('Open…'), accelerator: 'CmdOrCtrl+O', click: () => actions.openFile() },
        item('Many Photos…', 'batch', 'CmdOrCtrl+B'),
        { label: said('Open Recent'), enabled: recentItems.length > 0, submenu: recentItems },
        item('Gallery…', 'gallery', 'CmdOrCtrl+G'),
        line,
        item('Save', 'save', 'CmdOrCtrl+S'),
        item('Save As…', 'saveAs', 'CmdOrCtrl+Shift+S'),
        item('Export…', 'export', 'CmdOrCtrl+E'),
        line,
        isMac ? role('close', 'Close Window') : role('quit', 'Quit'),
      ],
    },
    {
      label: said('&Edit'),
      submenu: [
        own('Undo', 'undo', 'CmdOrCtrl+Z'),
        own('Redo', 'redo', 'CmdOrCtrl+Shift+Z'),
        line,
        role('cut', 'Cut'),
        role('copy', 'Copy'),
        role('paste', 'Paste'),
        item('Copy as SVG', 'copySvg', 'CmdOrCtrl+Shift+C'),
        item('Copy as PNG', 'copyPng'),
        line,
        own('Delete Strokes', 'delete', 'Delete'),
        own('Select All', 'selectAll', 'CmdOrCtrl+A'),
      ],
    },
    {
      label: said('&Drawing'),
      submenu: [
        item('Draw or Pause', 'toggleRun', 'CmdOrCtrl+Enter'),
        item('Stop', 'stop', 'CmdOrCtrl+.'),
        item('Continue', 'continue', 'CmdOrCtrl+Shift+Enter'),
        own('Time-Lapse', 'play', 'T'),
        line,
        item('Models…', 'models'),
      ],
    },
    {
      label: said('&View'),
      submenu: [
        item('Zoom In', 'zoomIn', 'CmdOrCtrl+Plus'),
        item('Zoom Out', 'zoomOut', 'CmdOrCtrl+-'),
        item('Fit', 'zoomFit', 'CmdOrCtrl+0'),
        line,
        role('togglefullscreen', 'Toggle Full Screen'),
      ],
    },
    { ...role('windowMenu', '&Window'), submenu: [role('minimize', 'Minimize'), role('close', 'Close Window')] },
    {
      ...role('help', '&Help'),
      submenu: [
        item('Keyboard Shortcuts', 'shortcuts'),
        item('Diagnostics…', 'diagnostics'),
        { label: said('Check for Updates…'), click: () => actions.openReleases() },
      ],
    },
  ]
}
