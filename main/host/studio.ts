import { join } from 'node:path'
import { encode, type EventName, type EventOf, type Port, sentence } from '../api.ts'
import { type Engine, openEngine } from '../engine/engine.ts'
import type { EngineProcess } from '../engine/protocol.ts'
import { openAutosave, type Autosave } from './autosave.ts'
import { handlersFor } from './commands/index.ts'
import { answer } from './connection.ts'
import { createDownloads, type Downloads } from './downloads.ts'
import { type Document, newDocument, snapshotOf } from './document.ts'
import { openIn, readIncoming, restoredDocument } from './opening.ts'
import { openPreferences, type Preferences } from './preferences.ts'
import { problemOf } from './problems.ts'
import type { Shell } from './shell.ts'

export interface StudioOptions {
  /** Starts the engine's process. */
  startEngine: () => EngineProcess
  /** The folder for what is remembered and kept. */
  data: string
  /** The folder of the sample photos. */
  samples: string
  version: string
}

/** A port with a window behind it, which may be slow. */
export interface WindowPort extends Port {
  /** Bytes that are on their way. */
  readonly waiting?: number
}

/** A window as the host sees it. */
export interface Window {
  /** What it shows. */
  document: Document
  readonly shell: Shell
}

/** What the handlers of all windows share. */
export interface Host {
  readonly options: StudioOptions
  readonly engine: Engine
  readonly preferences: Preferences
  readonly autosave: Autosave
  readonly downloads: Downloads
  /** The document by its id, when there is such a one. */
  find(id: string): Document | undefined
  /** Work that no window shows; else undefined. */
  adopt(): Promise<Document | undefined>
  create(): Document
  /** Tells all windows that show the document. */
  tell<E extends EventName>(document: Document, event: E, data: EventOf<E>): void
  tellAll<E extends EventName>(event: E, data: EventOf<E>): void
  /** The document is not what it was: it will be kept. */
  changed(document: Document): void
}

export interface Studio {
  readonly host: Host
  /** A window has come: it is served until its port closes. */
  connect(port: WindowPort, shell: Shell): Window
  /** Opens a file in a window from outside of it, as a document of its own. What goes wrong is told there. */
  openFile(window: Window, path: string): Promise<void>
  tell<E extends EventName>(window: Window, event: E, data: EventOf<E>): void
  /** Keeps everything and ends. */
  close(): void
}

/** A window that has this much on its way gets no more frames until it has caught up. */
const BUSY = 2 ** 20

/** The host of all windows: documents, one engine, and what is remembered. */
export function openStudio(options: StudioOptions): Studio {
  const windows = new Set<OpenWindow>()
  const documents = new Map<string, Document>()
  const notice = (about: 'engine' | 'autosave', text: string, details?: string) =>
    host.tellAll('notice', { about, level: 'warning', text, details })
  const engine = openEngine(options.startEngine, () => notice('engine', 'The engine stopped and was started again.'))
  const autosave = openAutosave(join(options.data, 'autosave'), (error) =>
    notice('autosave', 'Your work is not kept by itself: save it as a project.', String(error)),
  )
  const isShown = (document: Document) => [...windows].some((window) => window.document === document)
  let left: string[] | undefined

  const host: Host = {
    options,
    engine,
    autosave,
    downloads: createDownloads(engine, (progress) => host.tellAll('model', progress)),
    preferences: openPreferences(join(options.data, 'preferences.json')),
    find: (id) => documents.get(id),
    async adopt() {
      const unseen = [...documents.values()].reverse().find((document) => !document.kept && !isShown(document))
      left ??= autosave.takeOver()
      const id = unseen ? undefined : left.pop()
      return id === undefined ? unseen : restore(id)
    },
    create: () => add(newDocument(host.preferences.settings)),
    tell(document, event, data) {
      send(
        [...windows].filter((window) => window.document === document),
        event,
        data,
      )
    },
    tellAll: (event, data) => send([...windows], event, data),
    changed(document) {
      document.modified = true
      document.kept = false
      autosave.soon(document)
    },
  }

  function add(document: Document): Document {
    documents.set(document.id, document)
    return document
  }

  async function restore(id: string): Promise<Document | undefined> {
    const work = autosave.read(id)
    return work && add(await restoredDocument(engine, id, work))
  }

  return {
    host,
    connect(port, shell) {
      const window: OpenWindow = { port, shell, document: host.create() }
      windows.add(window)
      port.onClose(() => {
        windows.delete(window)
        if (window.document.kept && !isShown(window.document)) discard(window.document)
      })
      answer(port, handlersFor(host, window))
      return window
    },
    async openFile(window, path) {
      try {
        const document = host.create()
        await openIn(host, document, await readIncoming(path))
        window.document = document
        send(find(window), 'opened', snapshotOf(document))
      } catch (error) {
        const { details, ...problem } = problemOf(error)
        send(find(window), 'notice', { about: 'file', level: 'warning', text: sentence(problem), details })
      }
    },
    tell: (window, event, data) => send(find(window), event, data),
    close() {
      autosave.flush()
      engine.close()
    },
  }

  function find(window: Window): OpenWindow[] {
    return [...windows].filter((open) => open === window)
  }

  /** Nothing is lost with it. */
  function discard(document: Document): void {
    documents.delete(document.id)
    autosave.forget(document)
  }
}

interface OpenWindow extends Window {
  readonly port: WindowPort
}

/** Encodes once for all. A window that is slow gets the frames that end a run, and others when it has caught up. */
function send<E extends EventName>(windows: OpenWindow[], event: E, data: EventOf<E>): void {
  for (const { shell } of windows) shell.watch?.(event, data)
  const mayWait = event === 'frame' && !(data as EventOf<'frame'>).order
  const ready = windows.filter(({ port }) => !mayWait || (port.waiting ?? 0) < BUSY)
  if (ready.length === 0) return
  const message = encode({ event, data })
  for (const { port } of ready) port.send(message)
}
