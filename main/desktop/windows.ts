import type { BrowserWindow, BrowserWindowConstructorOptions, WebContents } from 'electron'
import type { EventOf } from '../api.ts'
import type { Studio } from '../host/studio.ts'
import type { Window } from '../host/telling.ts'
import { ORIGIN } from './door.ts'
import type { WindowState } from './state.ts'

/** How a window is made: its page runs apart from Electron and from Node. `tools`: who develops it may look into it. */
export function windowOptions(
  preload: string,
  state: WindowState,
  dark: boolean,
  tools: boolean,
): BrowserWindowConstructorOptions {
  const { x, y, width, height } = state
  return {
    ...{ x, y, width, height },
    minWidth: 800,
    minHeight: 560,
    show: false,
    title: 'Fewline',
    // What is seen before the page is there.
    backgroundColor: dark ? '#1c1b19' : '#f6f4ef',
    webPreferences: {
      preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
      devTools: tools,
    },
  }
}

/** Loads the studio's page, and shows the window once there is something to see. */
export function openPage(
  window: Pick<BrowserWindow, 'once' | 'show' | 'maximize' | 'loadURL'>,
  maximized: boolean,
): void {
  window.once('ready-to-show', () => {
    if (maximized) window.maximize()
    window.show()
  })
  void window.loadURL(`${ORIGIN}/`)
}

/** The windows of the app, and which document each shows. */
export interface Windows {
  /** Opens a window; with a file, that is opened in it. */
  open(path?: string): void
  /** Opens a file from outside: in a window that shows nothing yet, else in a new one. */
  openFile(path: string): void
  /** A window's page has come to the door. */
  connected(contents: WebContents, window: Window): void
  /** The menu's word to the window in front. */
  tell(item: EventOf<'menu'>['item']): void
  focus(): void
}

/** The part of a BrowserWindow that is needed here. */
type Shown = Pick<BrowserWindow, 'on' | 'isFocused' | 'isMinimized' | 'restore' | 'focus'> & {
  webContents: Pick<WebContents, 'id'>
}

interface Entry {
  shown: Shown
  window?: Window
  /** To be opened when the page is there. */
  file?: string
}

export function createWindows(make: () => Shown, studio: Pick<Studio, 'openFile' | 'tell'>): Windows {
  const entries = new Map<number, Entry>()
  const front = () => [...entries.values()].find(({ shown }) => shown.isFocused()) ?? [...entries.values()].at(-1)

  function open(path?: string): void {
    const shown = make()
    const { id } = shown.webContents
    entries.set(id, { shown, file: path })
    shown.on('closed', () => entries.delete(id))
  }

  return {
    open,
    openFile(path) {
      const empty = [...entries.values()].find(({ window, file }) => window && isEmpty(window) && file === undefined)
      if (!empty?.window) {
        open(path)
        return
      }
      void studio.openFile(empty.window, path)
      empty.shown.focus()
    },
    connected({ id }, window) {
      const entry = entries.get(id)
      if (!entry) return
      entry.window = window
      const { file } = entry
      entry.file = undefined
      if (file !== undefined) void studio.openFile(window, file)
    },
    tell(item) {
      const { window } = front() ?? {}
      if (window) studio.tell(window, 'menu', { item })
    },
    focus() {
      const { shown } = front() ?? {}
      if (shown?.isMinimized()) shown.restore()
      shown?.focus()
    },
  }
}

function isEmpty({ document }: Window): boolean {
  return document.photo === undefined && document.drawing === undefined
}
