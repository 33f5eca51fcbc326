import { join } from 'node:path'
import { type EventName, type EventOf, sentence } from '../api.ts'
import { openEngine } from '../engine/engine.ts'
import { openAutosave } from './autosave.ts'
import { openBatch } from './batch/batch.ts'
import { openStore } from './batch/store.ts'
import { handlersFor } from './commands/index.ts'
import { answer } from './connection.ts'
import { createDownloads } from './downloads.ts'
import { type Document, snapshotOf } from './document.ts'
import { createDocuments } from './documents.ts'
import { createFilms } from './films.ts'
import { openGallery } from './gallery.ts'
import { type Journal, openJournal } from './journal.ts'
import type { Host, StudioOptions } from './host.ts'
import { createWaiting } from './long.ts'
import { readIncoming } from './incoming.ts'
import { openIn, restoredDocument } from './opening.ts'
import { paintedBy } from './painted.ts'
import { openPreferences } from './preferences.ts'
import { makePrivate } from './private.ts'
import { problemOf } from './problems.ts'
import { photoOrder } from './requests.ts'
import type { Shell } from './shell.ts'
import { type OpenWindow, tell, type Window, type WindowPort } from './telling.ts'

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

/** A window that is loaded again finds what it showed for so long, in milliseconds, even if nothing of it would be lost. */
const RELOAD = 10 * 60_000

/** The host of all windows: documents, one engine, and what is remembered. */
export function openStudio(options: StudioOptions): Studio {
  const windows = new Set<OpenWindow>()
  const showing = (document: Document) => [...windows].filter((window) => window.document === document)
  const find = (window: Window) => [...windows].filter((open) => open === window)

  function announce(document: Document): void {
    for (const { shell } of showing(document)) shell.shows?.(document)
  }

  function change(document: Document): void {
    Object.assign(document, { modified: true, kept: false, changed: Date.now() })
    announce(document)
    gallery.soon(document)
  }

  makePrivate(options.data)
  const journal = openJournal(join(options.data, 'fewline.log'))
  journal.note(`started, version ${options.version}`)
  const engine = openEngine(options.startEngine, () => journal.note("the engine's process was lost"))
  const autosave = openAutosave(join(options.data, 'autosave'), (error) => {
    const text = 'Your work is not kept by itself: save it as a project.'
    host.tellAll('notice', { about: 'autosave', level: 'warning', text, details: String(error) })
  })
  const preferences = openPreferences(join(options.data, 'preferences.json'))
  const store = openStore(join(options.data, 'batch'))
  const batch = openBatch({
    ...{
      store,
      engine,
      requestFor: (document: Document) => photoOrder(document).request,
      startEngine: options.startEngine,
      results: options.results,
    },
    settings: () => preferences.settings,
    changed: (change) => host.tellAll('batch', change),
    noted: (text) => host.tellAll('notice', { about: 'batch', level: 'warning', text }),
    failed({ details, ...problem }) {
      host.tellAll('notice', { about: 'batch', level: 'warning', text: sentence(problem), details })
    },
  })
  const films = createFilms(options.startEngine)
  const gallery = openGallery(
    join(options.data, 'gallery'),
    (work) => paintedBy(engine, work),
    (error) => {
      const text = 'Your drawings can’t be kept in the gallery: save them as projects.'
      host.tellAll('notice', { about: 'autosave', level: 'warning', text, details: String(error) })
    },
  )
  const restore = async (id: string) => {
    const work = autosave.read(id)
    return work && restoredDocument(engine, id, work)
  }

  const host: Host = {
    options,
    engine,
    journal,
    autosave,
    films,
    gallery,
    downloads: createDownloads(engine, (progress) => host.tellAll('model', progress)),
    preferences,
    batch: { batch, store },
    documents: createDocuments(autosave, restore, (document) => showing(document).length > 0),
    create: () => host.documents.create(host.preferences.settings),
    show(window, document) {
      const before = window.document
      if (before === document) return
      window.document = document
      window.shell.shows?.(document)
      // Nobody watches it any more: it ends with its best strokes.
      if (showing(before).length === 0) before.controls?.stop()
      host.documents.leave(before)
    },
    tell(document, event, data, message) {
      noteEvent(journal, event, data)
      tell(showing(document), event, data, message)
    },
    tellAll(event, data) {
      noteEvent(journal, event, data)
      tell([...windows], event, data)
    },
    changed(document) {
      change(document)
      autosave.now(document)
    },
    moved(document) {
      change(document)
      autosave.soon(document)
    },
    exported(document) {
      document.kept = true
      autosave.now(document)
    },
    async checkRoom(document, load) {
      const { note } = await engine.work('room', load).catch(() => ({ note: undefined }))
      if (note !== undefined) host.tell(document, 'notice', { about: 'engine', level: 'warning', text: note })
    },
    saved(document) {
      document.modified = false
      host.exported(document)
      announce(document)
    },
  }

  return {
    host,
    connect(port, shell) {
      const window: OpenWindow = { port, shell, document: host.create(), waiting: createWaiting() }
      windows.add(window)
      port.onClose(() => {
        windows.delete(window)
        setTimeout(() => window.document.kept && host.documents.leave(window.document), RELOAD).unref()
      })
      answer(port, handlersFor(host, window), (command, problem) => journal.note(`${command}: ${sentence(problem)}`))
      return window
    },
    async openFile(window, path) {
      try {
        await openIn(host, window, await readIncoming(path))
        tell(find(window), 'opened', snapshotOf(window.document))
      } catch (error) {
        const { details, ...problem } = problemOf(error)
        tell(find(window), 'notice', { about: 'file', level: 'warning', text: sentence(problem), details })
      }
    },
    tell: (window, event, data) => tell(find(window), event, data),
    close() {
      autosave.flush()
      gallery.flush()
      films.close()
      batch.close()
      engine.close()
    },
  }
}

/** What is told of runs and by notices is noted; frames are not. */
function noteEvent<E extends EventName>(journal: Journal, event: E, data: EventOf<E>): void {
  if (event === 'run') {
    const { phase, problem } = data as EventOf<'run'>
    journal.note(`run ${phase}${problem ? `: ${sentence(problem)}` : ''}`)
  }
  if (event === 'notice') journal.note((data as EventOf<'notice'>).text)
}
