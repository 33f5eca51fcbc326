import type { Load } from '../../src/index.ts'
import type { EventName, EventOf } from '../api.ts'
import type { Engine } from '../engine/engine.ts'
import type { EngineProcess } from '../engine/protocol.ts'
import type { Autosave } from './autosave.ts'
import type { Batch } from './batch/batch.ts'
import type { Store } from './batch/store.ts'
import type { Document } from './document.ts'
import type { Documents } from './documents.ts'
import type { Downloads } from './downloads.ts'
import type { Films } from './films.ts'
import type { Gallery } from './gallery.ts'
import type { Journal } from './journal.ts'
import type { Preferences } from './preferences.ts'
import type { Window } from './telling.ts'

export interface StudioOptions {
  /** Starts a process of the engine's; with `threads`, one of several that work behind it. */
  startEngine: (threads?: number) => EngineProcess
  /** The folder for what is remembered and kept. */
  data: string
  /** The folder of the sample photos. */
  samples: string
  version: string
  /** Where the results of a batch go, where the user can't choose a folder. */
  results?: string | undefined
}

/** What the handlers of all windows share. */
export interface Host {
  readonly options: StudioOptions
  readonly engine: Engine
  readonly preferences: Preferences
  readonly autosave: Autosave
  readonly downloads: Downloads
  readonly films: Films
  readonly gallery: Gallery
  readonly documents: Documents
  readonly journal: Journal
  readonly batch: { readonly batch: Batch; readonly store: Store }
  /** An empty document, set as the last one was. */
  create(): Document
  /** Shows a document in a window in place of the one that was there. */
  show(window: Window, document: Document): void
  /** Tells all windows that show the document. */
  tell<E extends EventName>(document: Document, event: E, data: EventOf<E>, message?: Uint8Array): void
  tellAll<E extends EventName>(event: E, data: EventOf<E>): void
  /** Tells those windows when memory may not suffice for what is asked of the engine next. */
  checkRoom(document: Document, load: Load): Promise<void>
  /** Its user has changed the document: it is kept at once. */
  changed(document: Document): void
  /** A run has changed it: it will be kept. */
  moved(document: Document): void
  /** Its drawing is in a file of the user's, as it stands. */
  exported(document: Document): void
  /** All that is in it is in a project file of the user's. */
  saved(document: Document): void
}
