import { EventEmitter } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runInNewContext } from 'node:vm'
import type { IpcMain, MenuItemConstructorOptions, WebContents } from 'electron'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { connect, type EventOf, events, type Port } from '../../main/api.ts'
import { ORIGIN, setupDoor } from '../../main/desktop/door.ts'
import { setupDropped } from '../../main/desktop/dropped.ts'
import { utilityEngine } from '../../main/desktop/engine.ts'
import { filesIn, setupOpenFiles } from '../../main/desktop/files.ts'
import { menuTemplate, releasesPage } from '../../main/desktop/menu.ts'
import { followRuns } from '../../main/desktop/progress.ts'
import { registerScheme, setupProtocol } from '../../main/desktop/protocol.ts'
import { setupSecurity } from '../../main/desktop/security.ts'
import { desktopShell } from '../../main/desktop/shell.ts'
import { readWindowState, setupWindowState } from '../../main/desktop/state.ts'
import { setupTheme } from '../../main/desktop/theme.ts'
import { followDocument } from '../../main/desktop/title.ts'
import { createWindows, windowOptions } from '../../main/desktop/windows.ts'
import type { Looks } from '../../main/pages.ts'
import type { Shell } from '../../main/host/shell.ts'
import { openPreferences } from '../../main/host/preferences.ts'
import { memoryPorts, SAMPLES, testPages, testStudio, type TestStudio } from './support/studio.ts'

// Electron's program is not needed here: each setup is given stand-ins for the parts of it that it uses.
let folder: string
let host: TestStudio
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fewline-desktop-'))
  host = testStudio()
})
afterAll(() => {
  host.close()
  rmSync(folder, { recursive: true })
})

/** A page as the host sees it: `heard` is what it was sent. */
class FakePage extends EventEmitter {
  readonly mainFrame = { url: `${ORIGIN}/` }
  readonly heard: unknown[] = []
  readonly id: number
  constructor(id: number) {
    super()
    this.id = id
  }
  isDestroyed = () => false
  send(channel: string, message: unknown) {
    this.heard.push([channel, message])
    this.emit('sent', channel, message)
  }
}

const browser: Shell = {
  host: 'desktop',
  deliver: async () => ({ to: 'nowhere' }),
  copy: async () => ({ to: 'nowhere' }),
}

function door() {
  const ipc = new EventEmitter()
  const connected = vi.fn()
  setupDoor(ipc as unknown as Pick<IpcMain, 'on'>, host.studio, () => browser, connected)
  const say = (page: FakePage, channel: string, message?: unknown, senderFrame: unknown = page.mainFrame) =>
    ipc.emit(channel, { sender: page, senderFrame }, message)
  /** The preload script's end, as the page has it. */
  const portOf = (page: FakePage): Port => ({
    send: (message) => say(page, 'door', message),
    onMessage: (listener) =>
      page.on('sent', (channel, message) => channel === 'door' && listener(message as Uint8Array)),
    onClose: (listener) => page.on('sent', (channel) => channel === 'door-closed' && listener()),
    close: () => say(page, 'door-close'),
  })
  return { say, portOf, connected }
}

describe('the door of the desktop app', () => {
  test('lets the page of a window of ours in', async () => {
    const { say, portOf, connected } = door()
    const page = new FakePage(1)
    const way = connect(portOf(page))
    say(page, 'door-open')
    expect((await way.call('hello', {})).host).toBe('desktop')
    expect(connected).toHaveBeenCalledOnce()
  })

  test.each([
    ['another site', (page: FakePage) => ((page.mainFrame.url = 'https://evil.example/'), page.mainFrame)],
    ['a site named like ours', (page: FakePage) => ((page.mainFrame.url = `${ORIGIN}.evil.example/`), page.mainFrame)],
    ['a frame within our page', () => ({ url: `${ORIGIN}/` })],
    ['a frame that is gone', () => null],
  ])('is closed to %s', async (_name, frame) => {
    const { say, connected } = door()
    const page = new FakePage(2)
    const sender = frame(page)
    say(page, 'door-open', undefined, sender)
    say(page, 'door', new Uint8Array(8), sender)
    await new Promise((resolve) => setTimeout(resolve, 10))
    expect(connected).not.toHaveBeenCalled()
    expect(page.heard).toEqual([])
  })

  test('is a new one when the page is loaded again', async () => {
    const { say, portOf } = door()
    const page = new FakePage(3)
    const closed = vi.fn()
    portOf(page).onClose(closed)
    say(page, 'door-open')
    expect(closed).not.toHaveBeenCalled()
    say(page, 'door-open')
    expect(closed).toHaveBeenCalledOnce()
    expect((await connect(portOf(page)).call('hello', {})).host).toBe('desktop')
  })

  test('passes over what is no bytes', () => {
    const { say } = door()
    const page = new FakePage(4)
    say(page, 'door-open')
    for (const message of [undefined, 'text', { length: 4 }, 7]) say(page, 'door', message)
    expect(page.heard).toEqual([])
  })
})

describe('security', () => {
  const setup = () => {
    const app = new EventEmitter()
    const session = {
      setPermissionRequestHandler: vi.fn(),
      setPermissionCheckHandler: vi.fn(),
      setDevicePermissionHandler: vi.fn(),
    }
    setupSecurity(app as never, session)
    return { app, session }
  }

  test('windows stay on their page and open no others', () => {
    const { app } = setup()
    const contents = Object.assign(new EventEmitter(), { setWindowOpenHandler: vi.fn() })
    app.emit('web-contents-created', {}, contents)
    for (const event of ['will-navigate', 'will-frame-navigate', 'will-redirect', 'will-attach-webview']) {
      const preventDefault = vi.fn()
      contents.emit(event, { preventDefault })
      expect(preventDefault).toHaveBeenCalledOnce()
    }
    expect(contents.setWindowOpenHandler.mock.calls[0]![0]({ url: 'https://example.org' })).toEqual({ action: 'deny' })
  })

  test.each([
    ['geolocation', {}, ORIGIN, false],
    ['notifications', {}, ORIGIN, false],
    ['openExternal', {}, ORIGIN, false],
    ['media', { mediaTypes: ['audio'] }, ORIGIN, false],
    ['media', { mediaTypes: ['video', 'audio'] }, ORIGIN, false],
    ['media', { mediaTypes: ['video'] }, ORIGIN, true],
    ['media', { mediaTypes: ['video'] }, 'https://evil.example', false],
    ['clipboard-sanitized-write', {}, ORIGIN, true],
    ['clipboard-read', {}, ORIGIN, false],
  ])('%s %o asked by %s: %s', (permission, details, origin, allowed) => {
    const { session } = setup()
    const answered = vi.fn()
    session.setPermissionRequestHandler.mock.calls[0]![0]({ getURL: () => `${origin}/` }, permission, answered, details)
    expect(answered).toHaveBeenCalledExactlyOnceWith(allowed)
  })

  test.each([
    ['media', { mediaType: 'video' }, ORIGIN, true],
    ['media', { mediaType: 'audio' }, ORIGIN, false],
    ['media', { mediaType: 'unknown' }, ORIGIN, false],
    ['media', {}, ORIGIN, false],
    ['media', { mediaType: 'video' }, 'https://evil.example', false],
    ['clipboard-sanitized-write', {}, ORIGIN, true],
    ['geolocation', {}, ORIGIN, false],
    ['usb', {}, ORIGIN, false],
  ])('whether it has %s %o, asked by %s: %s', (permission, details, origin, allowed) => {
    const check = setup().session.setPermissionCheckHandler.mock.calls[0]![0]
    expect(check(null, permission, origin, details)).toBe(allowed)
  })

  test('an installed app has no tools to look into it', () => {
    const state = { width: 900, height: 700, maximized: false }
    expect(windowOptions('/preload.cjs', state, false, true).webPreferences).toMatchObject({ devTools: true })
    expect(windowOptions('/preload.cjs', state, false, false).webPreferences).toMatchObject({ devTools: false })
  })

  test('a page opens by path only what was dropped on its own window', async () => {
    const ipc = new EventEmitter()
    const dropped = setupDropped(ipc as unknown as Pick<IpcMain, 'on'>)
    const [page, other] = [new FakePage(11), new FakePage(12)]
    const path = join(SAMPLES, 'teapot.jpg')
    const drop = (what: unknown, senderFrame: unknown = page.mainFrame) =>
      ipc.emit('door-dropped', { sender: page, senderFrame }, what)
    const parts = {
      askOpen: async () => ({ canceled: true, filePaths: [] }),
      askSave: async () => ({ canceled: true, filePath: '' }),
      ...{ copy: async () => undefined, noteRecent: () => undefined },
    }
    const windowOf = (contents: FakePage) => {
      const [near, far] = memoryPorts()
      const isDropped = dropped(contents as never)
      host.studio.connect(far, desktopShell(host.studio.host.engine, { ...parts, isDropped }, {}))
      return connect(near)
    }
    const way = windowOf(page)
    const source = { from: 'path', path } as const
    for (const command of ['open', 'importModel'] as const) {
      await expect(way.call(command, { source })).rejects.toThrow(/choose the file itself/)
    }
    drop(path, { url: `${ORIGIN}/` })
    drop('')
    drop(undefined)
    await expect(way.call('open', { source })).rejects.toThrow(/dropped on this window/)
    drop(path)
    expect((await way.call('open', { source })).opened?.title).toBe('teapot')
    await expect(windowOf(other).call('open', { source })).rejects.toThrow(/dropped on this window/)
    page.emit('destroyed')
    expect(dropped(page as never)(path)).toBe(false)
  })

  test('pages run apart from Electron and from Node', () => {
    const { webPreferences } = windowOptions('/preload.cjs', { width: 900, height: 700, maximized: false }, false, true)
    expect(webPreferences).toMatchObject({
      ...{ contextIsolation: true, sandbox: true, webSecurity: true },
      ...{ nodeIntegration: false, nodeIntegrationInWorker: false, webviewTag: false },
    })
  })

  test('the scheme serves the built page with its policy, and nothing else', async () => {
    const register = vi.fn()
    registerScheme({ registerSchemesAsPrivileged: register })
    expect(register.mock.calls[0]![0][0]).toMatchObject({ scheme: 'fewline', privileges: { secure: true } })
    const handle = vi.fn()
    let looks: Looks = { language: 'en', theme: 'system' }
    setupProtocol({ handle }, testPages(), () => looks)
    const serve = handle.mock.calls[0]![1] as (request: Request | { url: string; method: string }) => Response
    const answer = (url: string, method = 'GET') => serve({ url, method })
    expect(await answer(`${ORIGIN}/`).text()).toContain('<title>Test</title>')
    expect(answer(`${ORIGIN}/`).headers.get('content-security-policy')).toContain("default-src 'none'")
    looks = { language: 'de', theme: 'dark' }
    expect(await answer(`${ORIGIN}/`).text()).toMatch(/<html lang="de" data-theme="dark">.*<title>Versuch/)
    for (const url of [`${ORIGIN}/../package.json`, `${ORIGIN}/nothing`, 'fewline://other/']) {
      expect([url, answer(url).status]).toEqual([url, 404])
    }
    expect(answer(`${ORIGIN}/`, 'POST').status).toBe(404)
  })
})

describe('the menu', () => {
  const build = (isMac = false) => {
    const tell = vi.fn<(item: string) => void>()
    const openRecent = vi.fn<(id: string) => void>()
    const openReleases = vi.fn()
    const actions = { tell, openRecent, openReleases, newWindow: vi.fn(), openFile: vi.fn() }
    const recent = [{ id: 'a1', name: 'cat.jpg', kind: 'photo' as const, opened: 0 }]
    return { template: menuTemplate(actions, recent, isMac), tell, openRecent, openReleases }
  }
  const items = (template: MenuItemConstructorOptions[]): MenuItemConstructorOptions[] =>
    template.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? items(item.submenu) : [])])

  test('shows the shortcuts of the studio', () => {
    const found = new Map(items(build().template).map(({ label, accelerator }) => [label, accelerator]))
    expect(found.get('Draw or Pause')).toBe('CmdOrCtrl+Enter')
    expect(found.get('Undo')).toBe('CmdOrCtrl+Z')
    expect(found.get('Save')).toBe('CmdOrCtrl+S')
    expect(found.get('Open…')).toBe('CmdOrCtrl+O')
    expect(found.get('Export…')).toBe('CmdOrCtrl+E')
  })

  test('leaves the keys that fields need to the page', () => {
    const shared = items(build().template).filter(({ registerAccelerator }) => registerAccelerator === false)
    expect(shared.map(({ accelerator }) => accelerator)).toEqual(
      expect.arrayContaining(['CmdOrCtrl+Z', 'CmdOrCtrl+A', 'Delete']),
    )
  })

  test('no two items share a shortcut', () => {
    const shortcuts = items(build().template).flatMap(({ accelerator }) => (accelerator ? [accelerator] : []))
    expect(new Set(shortcuts).size).toBe(shortcuts.length)
  })

  test('what is chosen reaches the window as an event that it knows', () => {
    const { template, tell, openRecent } = build(true)
    for (const { click } of items(template)) (click as (() => void) | undefined)?.()
    expect(tell.mock.calls.length).toBeGreaterThan(15)
    for (const [item] of tell.mock.calls) expect(events.menu.safeParse({ item }).success).toBe(true)
    expect(openRecent).toHaveBeenCalledExactlyOnceWith('a1')
  })

  test('newer versions are looked for when that is chosen, on the page of what was released', () => {
    const { template, openReleases } = build()
    expect(openReleases).not.toHaveBeenCalled()
    const item = items(template).find(({ label }) => label === 'Check for Updates…')
    ;(item?.click as () => void)()
    expect(openReleases).toHaveBeenCalledOnce()
    expect(releasesPage('package.json')).toMatch(/^https:\/\/[^/]+\/.+\/releases$/)
  })
})

describe('files from outside', () => {
  test.each([
    [['/opt/fewline', 'a.jpg', '--flag'], true, ['/home/me/a.jpg']],
    [['electron', '.', '/x/b.fewline'], false, ['/x/b.fewline']],
    [['/opt/fewline'], true, []],
  ])('%j name %j', (argv, isPackaged, files) => {
    expect(filesIn(argv, isPackaged, '/home/me')).toEqual(files)
  })

  test('a second start hands its files to the first, or calls it to the front', () => {
    const app = Object.assign(new EventEmitter(), { isPackaged: true })
    const [open, focus] = [vi.fn(), vi.fn()]
    setupOpenFiles(app as never, open, focus)
    app.emit('second-instance', {}, ['fewline', 'a.jpg'], '/home/me')
    expect(open).toHaveBeenCalledExactlyOnceWith('/home/me/a.jpg')
    app.emit('second-instance', {}, ['fewline'], '/home/me')
    expect(focus).toHaveBeenCalledOnce()
    const preventDefault = vi.fn()
    app.emit('open-file', { preventDefault }, '/x/c.png')
    expect(open).toHaveBeenLastCalledWith('/x/c.png')
  })

  const fakeWindow = (id: number) => ({
    ...{ webContents: { id }, on: vi.fn(), focus: vi.fn(), restore: vi.fn() },
    ...{ isFocused: () => false, isMinimized: () => true },
  })

  test('a file opens in a window that shows nothing yet, else in a new one', () => {
    let id = 0
    const make = vi.fn(() => fakeWindow(++id) as never)
    const studio = { openFile: vi.fn(async () => undefined), tell: vi.fn() }
    const windows = createWindows(make, studio)
    windows.open()
    const empty = { document: { photo: undefined }, shell: browser } as never
    windows.connected({ id: 1 } as WebContents, empty)
    windows.openFile('/a.jpg')
    expect(make).toHaveBeenCalledOnce()
    expect(studio.openFile).toHaveBeenLastCalledWith(empty, '/a.jpg')
    Object.assign(empty, { document: { photo: {} } })
    windows.openFile('/b.jpg')
    expect(make).toHaveBeenCalledTimes(2)
    // It waits for the page of the new window.
    expect(studio.openFile).toHaveBeenCalledOnce()
    const second = { document: {}, shell: browser } as never
    windows.connected({ id: 2 } as WebContents, second)
    expect(studio.openFile).toHaveBeenLastCalledWith(second, '/b.jpg')
    windows.tell('save')
    expect(studio.tell).toHaveBeenCalledExactlyOnceWith(second, 'menu', { item: 'save' })
  })

  test('a file that is gone is told in one line', async () => {
    const { say, portOf, connected } = door()
    const page = new FakePage(9)
    say(page, 'door-open')
    const window = connected.mock.calls[0]![1]
    const told = new Promise<EventOf<'notice'>>((resolve) => connect(portOf(page)).on('notice', resolve))
    await host.studio.openFile(window, join(folder, 'gone.jpg'))
    expect((await told).text).toMatch(/^Expected a file to open, but ".*gone.jpg" is not there: choose it again\.$/)
  })
})

describe('what the desktop shows', () => {
  const frame = (part: Partial<EventOf<'frame'>>) => part as EventOf<'frame'>

  test('the taskbar follows the run, and a notification comes when nobody looks', () => {
    const window = { setProgressBar: vi.fn(), isFocused: () => false, show: vi.fn(), isDestroyed: () => false }
    const notify = vi.fn()
    const watch = followRuns(window, notify)
    watch('frame', frame({ way: { taken: 150, total: 200 } }))
    expect(window.setProgressBar).toHaveBeenLastCalledWith(0.75)
    watch('run', { run: 'r', phase: 'done' })
    expect(window.setProgressBar).toHaveBeenLastCalledWith(-1)
    expect(notify).toHaveBeenCalledOnce()
    notify.mock.calls[0]![2]()
    expect(window.show).toHaveBeenCalledOnce()
    watch('run', { run: 'r', phase: 'stopped' })
    followRuns({ ...window, isFocused: () => true }, notify)('run', { run: 'r', phase: 'done' })
    expect(notify).toHaveBeenCalledOnce()
  })

  test('the title is that of the document, with a mark while it is not saved', async () => {
    const [setTitle, setDocumentEdited, setRepresentedFilename] = [vi.fn(), vi.fn(), vi.fn()]
    const window = Object.assign(new EventEmitter(), { setTitle, setDocumentEdited, setRepresentedFilename })
    const shows = followDocument(Object.assign(window, { isDestroyed: () => false }) as never)
    const [near, far] = memoryPorts()
    const parts = { host: 'desktop', copy: browser.copy, shows } as const
    host.studio.connect(far, { ...parts, deliver: async ({ name }) => ({ to: 'file', path: `/x/${name}`, name }) })
    const way = connect(near)
    await way.call('open', { source: { from: 'sample', name: 'teapot.jpg' } })
    expect(setTitle).toHaveBeenLastCalledWith('• teapot – Fewline')
    expect(setDocumentEdited).toHaveBeenLastCalledWith(true)
    await way.call('saveProject', { as: false })
    expect(setTitle).toHaveBeenLastCalledWith('teapot – Fewline')
    expect(setDocumentEdited).toHaveBeenLastCalledWith(false)
    expect(setRepresentedFilename).toHaveBeenLastCalledWith('/x/teapot.fewline')
    await way.call('newDocument', {})
    expect(setTitle).toHaveBeenLastCalledWith('Fewline')
    const preventDefault = vi.fn()
    window.emit('page-title-updated', { preventDefault })
    expect(preventDefault).toHaveBeenCalledOnce()
  })

  test('a drawing is written where the user wants it; a dialog that was closed is no error', async () => {
    const work = vi.fn(async () => undefined)
    const file = { name: 'cat.svg', type: 'image/svg+xml', bytes: new Uint8Array(3) }
    const parts = {
      askSave: vi.fn(async () => ({ canceled: false, filePath: '/x/cat.svg' })),
      askOpen: async () => ({ canceled: true, filePaths: [] }),
      copy: vi.fn(async () => undefined),
      noteRecent: vi.fn(),
      isDropped: () => false,
    }
    const shell = desktopShell({ work } as never, parts, {})
    expect(await shell.deliver(file)).toEqual({ to: 'file', path: '/x/cat.svg', name: 'cat.svg' })
    expect(work).toHaveBeenCalledExactlyOnceWith('write', { path: '/x/cat.svg', content: file.bytes })
    expect(await shell.deliver(file, '/known.svg')).toMatchObject({ path: '/known.svg' })
    expect(parts.askSave).toHaveBeenCalledOnce()
    parts.askSave.mockResolvedValue({ canceled: true, filePath: '' })
    expect(await shell.deliver(file)).toEqual({ to: 'nowhere' })
    expect(await shell.chooseFile!()).toBeUndefined()
    expect(await shell.copy(file)).toEqual({ to: 'clipboard' })
    expect(parts.copy).toHaveBeenCalledExactlyOnceWith(file)
  })

  test('a window comes back where it was, unless that is on no screen', () => {
    const file = join(folder, 'window.json')
    const screens = [{ x: 0, y: 0, width: 1920, height: 1080 }]
    expect(readWindowState(file, screens)).toMatchObject({ width: 1280, height: 800 })
    const window = Object.assign(new EventEmitter(), {
      getNormalBounds: () => ({ x: 50, y: 60, width: 1000, height: 700 }),
      isMaximized: () => true,
    })
    setupWindowState(window as never, file)
    window.emit('close')
    expect(readWindowState(file, screens)).toEqual({ x: 50, y: 60, width: 1000, height: 700, maximized: true })
    expect(readWindowState(file, [{ x: 5000, y: 0, width: 800, height: 600 }]).x).toBeUndefined()
    writeFileSync(file, '{"width": "wide"')
    expect(readWindowState(file, screens)).toMatchObject({ width: 1280, height: 800 })
  })

  test('the theme that is set is the one of the system parts', () => {
    mkdirSync(join(folder, 'theme'))
    const preferences = openPreferences(join(folder, 'theme', 'preferences.json'))
    const nativeTheme = { themeSource: 'light' as 'system' | 'light' | 'dark' }
    setupTheme(nativeTheme, preferences)
    expect(nativeTheme.themeSource).toBe('system')
    preferences.changeApp({ theme: 'dark' })
    expect(nativeTheme.themeSource).toBe('dark')
    expect(openPreferences(join(folder, 'theme', 'preferences.json')).app.theme).toBe('dark')
  })
})

test('the engine runs in a process of Electron', () => {
  const child = Object.assign(new EventEmitter(), { postMessage: vi.fn(), kill: vi.fn() })
  const fork = vi.fn(() => child)
  const engine = utilityEngine(fork, '/engine.js')
  const [heard, gone] = [vi.fn(), vi.fn()]
  engine.onMessage(heard)
  engine.onExit(gone)
  engine.post({ id: 1, do: 'pause' })
  expect(child.postMessage).toHaveBeenCalledExactlyOnceWith({ id: 1, do: 'pause' })
  child.emit('message', { id: 1, result: 7 })
  expect(heard).toHaveBeenCalledExactlyOnceWith({ id: 1, result: 7 })
  child.emit('exit', 1)
  expect(gone).toHaveBeenCalledOnce()
})

test('the preload script gives the page a port, and nothing of Electron', () => {
  const script = readFileSync(join(import.meta.dirname, '../../dist/preload/preload.cjs'), 'utf8')
  const sent: unknown[] = []
  const exposed: Record<string, Port> = {}
  const ipcRenderer = Object.assign(new EventEmitter(), { send: (...args: unknown[]) => sent.push(args) })
  const electron = {
    contextBridge: { exposeInMainWorld: (name: string, value: Port) => (exposed[name] = value) },
    ipcRenderer,
    webUtils: { getPathForFile: (file: unknown) => (file === 'dropped' ? '/dropped.jpg' : '') },
  }
  runInNewContext(script, { require: () => electron, exports: {}, module: {} })
  expect(Object.keys(exposed)).toEqual(['fewline'])
  const { fewline } = exposed
  expect(Object.keys(fewline!).sort()).toEqual(['close', 'onClose', 'onMessage', 'pathOf', 'send'])
  const message = Uint8Array.of(1)
  fewline!.send(message)
  expect(sent).toEqual([['door-open'], ['door', message]])
  // A file that the page has made itself lies nowhere, and the host is told of none.
  expect([fewline!.pathOf!('made'), fewline!.pathOf!('dropped')]).toEqual(['', '/dropped.jpg'])
  expect(sent.slice(2)).toEqual([['door-dropped', '/dropped.jpg']])
  const heard = vi.fn()
  fewline!.onMessage(heard)
  ipcRenderer.emit('door', { sender: 'secret' }, message)
  expect(heard).toHaveBeenCalledExactlyOnceWith(message)
})
