import type { EventName, EventOf, ReplyOf } from '../api.ts'
import type { Document } from './document.ts'

export type Delivered = ReplyOf<'save'>['delivered']

/** A file on its way to the user. */
export interface OutgoingFile {
  name: string
  type: string
  bytes: Uint8Array<ArrayBuffer>
}

/** What lies around a window: a browser, or the desktop. */
export interface Shell {
  host: 'desktop' | 'browser'
  /** The system's dialog; undefined when it was closed. Where there is none, files come from the page. */
  chooseFile?(): Promise<string | undefined>
  /** The same for a folder that files go to. */
  chooseFolder?(): Promise<string | undefined>
  /** Whether the page may open the file at this path: where the user has dropped it. None when absent. */
  mayOpen?(path: string): boolean
  /** Hands a file to the user. `path`: where it goes without asking. */
  deliver(file: OutgoingFile, path?: string): Promise<Delivered>
  copy(file: OutgoingFile): Promise<Delivered>
  /** Learns which document the window shows, and each time that is changed or saved. */
  shows?(document: Pick<Document, 'title' | 'path' | 'modified'>): void
  /** Sees every event that the window is told of. */
  watch?: <E extends EventName>(event: E, data: EventOf<E>) => void
}

/** What the page of a browser does by itself: it downloads, and it has a clipboard. */
export const browserShell: Shell = {
  host: 'browser',
  deliver: async (file) => ({ to: 'download', file }),
  copy: async (file) => ({ to: 'download', file }),
}
