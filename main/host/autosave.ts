import { mkdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { writeWhole } from '../../src/temporary.ts'
import { type Bytes, decode, encode } from '../api.ts'
import { photo, subject } from '../api/document.ts'
import { drawing, moment, runState, seedResult } from '../api/drawing.ts'
import { packedSteps } from '../api/steps.ts'
import { emphasis, greyImage, title } from '../api/values.ts'
import { shownEdit } from '../api/words.ts'
import { type Document, holdsWork } from './document.ts'
import { type Edits, NO_EDITS, packEdits, unpackEdits } from './edits.ts'
import { soundSettings } from './settings.ts'
import { listed, ownFolder, takeLeft } from './own-folder.ts'

/** What a run draws is kept at most this often (milliseconds): it could be drawn again. */
const EVERY = 2000

/** What is kept of a document. Its photo, which is large and never changes, lies in a file beside it. */
const work = z.object({
  fewline: z.literal(1),
  title,
  photo: title.optional(),
  mask: z.union([z.enum(['auto', 'none']), greyImage]),
  emphasis: emphasis.optional(),
  settings: z.record(z.string(), z.unknown()).transform((kept) => soundSettings(kept)),
  /** What is shown of the edits, which lie in a file of their own. */
  shown: shownEdit.optional(),
  drawing: drawing.optional(),
  run: z.object({ state: runState, moments: z.array(moment), seeds: z.array(seedResult) }).optional(),
  path: z.string().optional(),
  /** It is in a file of the user's, as it stands: nobody needs it from here. */
  kept: z.boolean().default(false),
})
/** What the engine has seen in the photo: with it, work is shown again at once. */
const seen = z.object({ shown: photo, subject: subject.optional() })
export type Work = z.infer<typeof work> & {
  steps?: Bytes
  edits?: Edits
  bytes?: Uint8Array
  seen?: z.infer<typeof seen>
}
/** As much of it as a list shows. */
const about = work.pick({ title: true, mask: true, emphasis: true, drawing: true, shown: true, kept: true })

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
    guarded(() => write(own, document.id, 'work', encode(workOf(document))))
  }

  function seen({ id, photo, subject }: Document): void {
    if (photo) guarded(() => write(own, id, 'seen', encode({ shown: photo.shown, subject })))
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

function workOf(document: Document): z.input<typeof work> {
  const { title, photo, mask, emphasis, settings, edits, drawing, run, path, kept } = document
  const record = run && { state: run.state, moments: [...run.moments], seeds: run.seeds }
  const known = { title, photo: photo?.shown.name, mask, emphasis, settings, shown: edits?.shown }
  return { fewline: 1, ...known, drawing, run: record, path, kept }
}

/** Whole or not at all. */
function write(folder: string, id: string, kind: string, content: Uint8Array): void {
  writeWhole(join(folder, `${id}.${kind}`), content, 0o600)
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

const filesOf = (id: string): string[] => [`${id}.work`, `${id}.photo`, `${id}.seen`, `${id}.steps`, `${id}.edits`]

function remove(folder: string, id: string): void {
  for (const name of filesOf(id)) rmSync(join(folder, name), { force: true })
}

function readWork(folder: string, id: string): Work | undefined {
  try {
    const kept = work.parse(decode(readFileSync(join(folder, `${id}.work`))))
    const found = { ...kept, steps: readSteps(folder, id), edits: kept.shown && readEdits(folder, id, kept.shown) }
    if (found.photo === undefined) return found
    return { ...found, bytes: readFileSync(join(folder, `${id}.photo`)), seen: readSeen(folder, id) }
  } catch {
    return undefined
  }
}

/** Undefined when it has to be seen again. */
function readSeen(folder: string, id: string): Work['seen'] {
  try {
    return seen.parse(decode(readFileSync(join(folder, `${id}.seen`))))
  } catch {
    return undefined
  }
}

/** Undefined when they can't be read any more. */
function readEdits(folder: string, id: string, shown: Edits['shown']): Work['edits'] {
  try {
    const edits = unpackEdits(readFileSync(join(folder, `${id}.edits`)))
    return edits && { ...edits, shown }
  } catch {
    return undefined
  }
}

/** Undefined when nothing can be undone any more. */
function readSteps(folder: string, id: string): Work['steps'] {
  try {
    return packedSteps.parse(new Uint8Array(readFileSync(join(folder, `${id}.steps`))))
  } catch {
    return undefined
  }
}
