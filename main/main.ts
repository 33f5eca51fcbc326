import { join } from 'node:path'
import {
  app,
  BrowserWindow,
  clipboard,
  ClipboardItem,
  dialog,
  ipcMain,
  Menu,
  nativeTheme,
  Notification,
  type OpenDialogOptions,
  protocol,
  type SaveDialogOptions,
  screen,
  session,
  shell,
  utilityProcess,
  type WebContents,
} from 'electron'
import { type Language, languageOf, openTranslator } from '../src/words/languages.ts'
import type { Translate } from '../src/words/phrases.ts'
import { runCommandLine, unpacked } from './command-line.ts'
import { setupDoor } from './desktop/door.ts'
import { setupDropped } from './desktop/dropped.ts'
import { utilityEngine } from './desktop/engine.ts'
import { filesIn, setupOpenFiles } from './desktop/files.ts'
import { menuTemplate, releasesPage } from './desktop/menu.ts'
import { followRuns, type Notify } from './desktop/progress.ts'
import { registerScheme, setupProtocol } from './desktop/protocol.ts'
import { setupSecurity } from './desktop/security.ts'
import { desktopShell } from './desktop/shell.ts'
import { readWindowState, setupWindowState } from './desktop/state.ts'
import { setupTheme } from './desktop/theme.ts'
import { followDocument } from './desktop/title.ts'
import { createWindows, openPage, windowOptions } from './desktop/windows.ts'
import { browserShell, type OutgoingFile } from './host/shell.ts'
import { openStudio } from './host/studio.ts'
import { type Looks, openPages } from './pages.ts'

/** What menus, dialogs and messages of the system say, in the language of the windows. */
let translate: Translate = (english) => english
const said: Translate = (english) => translate(english, true)

registerScheme(protocol)
if (!(await runCommandLine(app))) {
  // Not awaited: Electron is ready only after this file has been run to its end.
  if (app.requestSingleInstanceLock()) openApp().catch(giveUp)
  else app.quit()
}

/** The desktop app: one studio, whose parts each get what they need of Electron. */
async function openApp(): Promise<void> {
  const root = app.getAppPath()
  const files = unpacked(root)
  const data = app.getPath('userData')
  const stateFile = join(data, 'window.json')
  await app.whenReady()

  const studio = openStudio({
    startEngine: (threads) => utilityEngine(utilityProcess.fork, join(files, 'dist', 'main', 'engine.js'), threads),
    data,
    samples: join(files, 'resources', 'samples'),
    version: app.getVersion(),
  })
  const windows = createWindows(makeWindow, studio)

  setupSecurity(app, session.defaultSession)
  const { preferences } = studio.host
  const languageNow = (): Language => preferences.app.language ?? languageOf(app.getLocale())
  const looksNow = (): Looks => ({ language: languageNow(), theme: preferences.app.theme })
  setupProtocol(protocol, openPages(join(files, 'dist', 'renderer')), looksNow)
  const dropped = setupDropped(ipcMain)
  setupDoor(ipcMain, studio, shellOf, windows.connected)
  setupTheme(nativeTheme, preferences)
  setupMenu()
  setupOpenFiles(app, windows.openFile, windows.focus)
  setupLife()

  const asked = filesIn(process.argv, app.isPackaged, process.cwd())
  if (asked.length === 0) windows.open()
  for (const file of asked) windows.open(file)

  function makeWindow(): BrowserWindow {
    const state = readWindowState(
      stateFile,
      screen.getAllDisplays().map(({ workArea }) => workArea),
    )
    const preload = join(root, 'dist', 'preload', 'preload.cjs')
    const window = new BrowserWindow(windowOptions(preload, state, nativeTheme.shouldUseDarkColors, !app.isPackaged))
    setupWindowState(window, stateFile)
    openPage(window, state.maximized)
    return window
  }

  function shellOf(contents: WebContents) {
    const window = BrowserWindow.fromWebContents(contents)
    if (!window) return browserShell
    const parts = {
      askOpen: (options: OpenDialogOptions) => dialog.showOpenDialog(window, options),
      askSave: (options: SaveDialogOptions) => dialog.showSaveDialog(window, options),
      noteRecent: (path: string) => app.addRecentDocument(path),
      copy,
    }
    const follow = { watch: followRuns(window, notify, said), shows: followDocument(window) }
    return desktopShell(studio.host.engine, { ...parts, isDropped: dropped(contents) }, follow, said)
  }

  function setupMenu(): void {
    const openRecent = (id: string) => {
      const file = preferences.recent.find((recent) => recent.id === id)
      if (file) windows.openFile(file.path)
    }
    const actions = {
      tell: windows.tell,
      newWindow: () => windows.open(),
      openFile: () => windows.tell('open'),
      openRecent,
      openReleases: () => void shell.openExternal(releasesPage(join(files, 'package.json'))),
    }
    const isMac = process.platform === 'darwin'
    const build = async () => {
      translate = await openTranslator(languageNow())
      Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(actions, preferences.recent, isMac, said)))
    }
    void build()
    preferences.onChange(() => void build())
  }

  function setupLife(): void {
    app.on('activate', () => {
      if (BrowserWindow.getAllWindows().length === 0) windows.open()
    })
    app.on('window-all-closed', () => {
      if (process.platform !== 'darwin') app.quit()
    })
    // What is being drawn is kept: it is there when Fewline is started again.
    app.on('will-quit', () => studio.close())
  }
}

function giveUp(error: unknown): void {
  dialog.showErrorBox(
    said('Fewline could not be opened'),
    error instanceof Error ? (error.stack ?? error.message) : String(error),
  )
  app.exit(1)
}

const notify: Notify = (title, body, clicked) => {
  if (!Notification.isSupported()) return
  const notification = new Notification({ title, body })
  notification.on('click', clicked)
  notification.show()
}

async function copy({ type, bytes }: OutgoingFile): Promise<void> {
  if (type === 'image/png') await clipboard.write([new ClipboardItem({ [type]: new Blob([bytes], { type }) })])
  else await clipboard.writeText(new TextDecoder().decode(bytes))
}
