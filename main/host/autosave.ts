import { mkdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { decode } from '../api.ts'
import { type Document, holdsWork } from './document.ts'
import { NO_EDITS, packEdits } from './edits.ts'
import { about, filesOf, readWork, remove, type Work, write, writeSeen, writeWork } from './kept.ts'
import { listed, ownFolder, takeLeft } from './own-folder.ts'

/** What a run draws is kept at most this often (milliseconds): it could be drawn again. */
const EVERY = 2000

/** What an earlier process left behind, in short. */
export interface LeftWork {
  id: string
  title: string
  /** When it changed, in milliseconds since 1970. */
  changed: number
  /** There is more to it than a photo. */
  holdsWork: boolean
}

/** Keeps documents safe from crashes and closed windows, in a folder that this process has to itself. */
export interface Autosave {
  /** The document has changed by its user's hand: it is on the disk when this returns. */
  now(document: Document): void
  /** A run has changed it. */
  soon(document: Document): void
  /** Its photo is another one. */
  photo(document: Document): void
  /** So is what is seen in it. */
  seen(document: Document): void
  /** So is what can be undone and done again. */
  steps(document: Document): void
  /** So are the edits of its photo, not only which of them is shown. */
  edits(document: Document): void
  /** Nothing of it is worth keeping any more. */
  forget(document: Document): void
  /** Writes what is still waiting. */
  flush(): void
  /** Takes over what earlier processes left behind and nobody has in a file, the newest last. */
  takeOver(): LeftWork[]
  /** What was kept of a document; undefined when it can't be read. */
  read(id: string): Work | undefined
}

/** `failed` is told once when work can't be written. */
export function openAutosave(folder: string, failed: (error: unknown) => void = () => undefined): Autosave {
  const own = ownFolder(folder)
  const waiting = new Map<string, Document>()
  let timer: NodeJS.Timeout | undefined
  let complained = false

  function guarded(write: () => void): void {
    try {
      write()
    } catch (error) {
      if (!complained) failed(error)
      complained = true
    }
  }

  function flush(): void {
    clearTimeout(timer)
    timer = undefined
    for (const document of waiting.values()) now(document)
  }

  function now(document: Document): void {
    waiting.delete(document.id)
    guarded(() => writeWork(own, document))
  }

  function seen(document: Document): void {
    guarded(() => writeSeen(own, document))
  }

  return {
    now,
    seen,
    soon(document) {
      waiting.set(document.id, document)
      timer ??= setTimeout(flush, EVERY).unref()
    },
    photo(document) {
      const { id, photo } = document
      if (photo) guarded(() => write(own, id, 'photo', photo.bytes))
      seen(document)
    },
    steps({ id, steps }) {
      if (steps) guarded(() => write(own, id, 'steps', steps))
    },
    edits({ id, edits }) {
      if (edits) guarded(() => write(own, id, 'edits', packEdits(edits)))
    },
    forget({ id }) {
      waiting.delete(id)
      remove(own, id)
    },
    flush,
    takeOver: () =>
      takeLeft(folder)
        .flatMap((left) => moveAll(left, own))
        .sort((a, b) => a.changed - b.changed),
    read: (id) => readWork(own, id),
  }
}

/** Moves the work of one process into the folder of another, and tells of it. Photos alone can be opened again. */
function moveAll(from: string, to: string): LeftWork[] {
  mkdirSync(to, { recursive: true, mode: 0o700 })
  const names = new Set(listed(from))
  const ids = [...names].flatMap((name) => /^([\w-]+)\.work$/.exec(name)?.[1] ?? [])
  for (const name of ids.flatMap(filesOf)) if (names.has(name)) renameSync(join(from, name), join(to, name))
  rmSync(from, { recursive: true, force: true })
  return ids.flatMap((id) => aboutWork(to, id) ?? [])
}

/** Undefined for what can't be read, and for what is in a file of the user's, which is let go of. */
function aboutWork(folder: string, id: string): LeftWork | undefined {
  try {
    const path = join(folder, `${id}.work`)
    const found = about.parse(decode(readFileSync(path)))
    if (!found.kept)
      return {
        id,
        title: found.title,
        changed: statSync(path).mtimeMs,
        holdsWork: holdsWork({ ...found, edits: found.shown && NO_EDITS }),
      }
    remove(folder, id)
  } catch {
    // It stays where it is, for a Fewline that can read it.
  }
  return undefined
}
