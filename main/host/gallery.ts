import { randomUUID } from 'node:crypto'
import { copyFileSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { type Bytes, type Card, MOST_DRAWINGS } from '../api.ts'
import { title } from '../api/values.ts'
import type { Document } from './document.ts'
import { filesOf, readWork, type Work, write, writeAll } from './kept.ts'

/** A drawing is kept so long after its last change, in milliseconds. */
const REST = 1000
/** What was deleted can be brought back for so long, in milliseconds. */
const GONE = 24 * 60 * 60_000
/** What all drawings may take of the disk, with their photos: of more, those before the latest are let go of as well. */
const MOST_BYTES = 2 * 2 ** 30

/** As much of a drawing as a list shows, in a file of its own beside the document. */
const stored = z.object({
  fewline: z.literal(1),
  name: title,
  changed: z.number(),
  strokes: z.int().min(0),
})
type Stored = z.infer<typeof stored>

/** Paints the drawing of a document, for the list. */
type Paint = (work: Work) => Promise<Uint8Array>

/** The drawings of late, with all that they were made from, in a folder that all Fewlines of this user share. */
export interface Gallery {
  /** The document has changed: its drawing is kept when it rests. */
  soon(document: Document): void
  /** Keeps what is waiting. */
  flush(): void
  /** The latest first; those that can't be read are there, too. */
  list(): Promise<Card[]>
  /** A drawing, called as it is called here; undefined when it can't be read. */
  read(id: string): Work | undefined
  rename(id: string, name: string): void
  copy(id: string, name: string): void
  delete(id: string): void
  bringBack(id: string): void
}

/** `failed` is told once when a drawing can't be kept. */
export function openGallery(folder: string, paint: Paint, failed: (error: unknown) => void): Gallery {
  const waiting = new Map<string, Document>()
  let timer: NodeJS.Timeout | undefined
  let complained = false
  const path = (id: string, kind: string): string => join(folder, `${id}.${kind}`)

  function flush(): void {
    clearTimeout(timer)
    timer = undefined
    for (const document of waiting.values()) keep(document)
    waiting.clear()
  }

  function keep(document: Document): void {
    const { id, title: name, changed, drawing } = document
    const strokes = drawing?.strokes.widths.length ?? 0
    // What is being drawn rests when that is over.
    if (strokes === 0 || document.controls) return
    try {
      writeAll(folder, document)
      rmSync(path(id, 'picture'), { force: true })
      writeCard(id, { fewline: 1, name, changed, strokes })
      tidy()
    } catch (error) {
      if (!complained) failed(error)
      complained = true
    }
  }

  function writeCard(id: string, card: Stored): void {
    write(folder, id, 'card', Buffer.from(JSON.stringify(card)))
  }

  /** Undefined when it can't be read. */
  function readCard(id: string): Stored | undefined {
    try {
      return stored.parse(JSON.parse(readFileSync(path(id, 'card'), 'utf8')))
    } catch {
      return undefined
    }
  }

  const ids = (kind: string): string[] =>
    listed(folder).flatMap((name) => (name.endsWith(`.${kind}`) && isId(name) ? name.slice(0, -kind.length - 1) : []))

  /** When a file came to be what it is; 0 when it is gone. */
  const since = (id: string, kind: string): number => statSync(path(id, kind), { throwIfNoEntry: false })?.ctimeMs ?? 0

  const allOf = (id: string): string[] => [`${id}.card`, `${id}.gone`, `${id}.picture`, ...filesOf(id)]

  function remove(id: string): void {
    for (const name of allOf(id)) rmSync(join(folder, name), { force: true })
  }

  const sizeOf = (id: string): number =>
    allOf(id).reduce((sum, name) => sum + (statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0), 0)

  /** What is too many or too much, and what was deleted long ago. The latest always stays. */
  function tidy(): void {
    const drawings = ids('card').map((id) => ({ id, changed: readCard(id)?.changed ?? since(id, 'card') }))
    let bytes = 0
    for (const [i, { id }] of drawings.sort((a, b) => b.changed - a.changed).entries()) {
      bytes += sizeOf(id)
      if (i >= MOST_DRAWINGS || (i > 0 && bytes > MOST_BYTES)) remove(id)
    }
    for (const id of ids('gone')) if (Date.now() - since(id, 'gone') > GONE) remove(id)
  }

  /** What a list shows of it. Its picture is painted when it is first looked at. */
  async function cardOf(id: string): Promise<Card> {
    const card = readCard(id)
    if (!card) return brokenCard(id, since(id, 'card'))
    const picture = await pictureOf(id)
    const { name, changed, strokes } = card
    if (!picture) return { ...brokenCard(id, changed), name }
    return { id, name, changed, strokes, picture: { type: 'image/png', bytes: picture }, broken: false }
  }

  async function pictureOf(id: string): Promise<Bytes | undefined> {
    const known = readBytes(path(id, 'picture'))
    if (known) return known
    const work = readWork(folder, id)
    if (!work?.drawing) return undefined
    const painted = (await paint(work)) as Bytes
    write(folder, id, 'picture', painted)
    return painted
  }

  return {
    soon(document) {
      waiting.set(document.id, document)
      timer ??= setTimeout(flush, REST).unref()
    },
    flush,
    async list() {
      flush()
      const cards = await Promise.all(
        ids('card').map((id) => cardOf(id).catch(() => brokenCard(id, since(id, 'card')))),
      )
      return cards.sort((a, b) => b.changed - a.changed)
    },
    read(id) {
      flush()
      const card = readCard(id)
      const work = card && readWork(folder, id)
      return work?.drawing && { ...work, title: card!.name }
    },
    rename(id, name) {
      flush()
      const card = readCard(id)
      if (card) writeCard(id, { ...card, name })
    },
    copy(id, name) {
      flush()
      const card = readCard(id)
      if (!card) return
      const copied = randomUUID()
      for (const file of [...filesOf(id), `${id}.picture`]) {
        const from = join(folder, file)
        if (statSync(from, { throwIfNoEntry: false })) copyFileSync(from, join(folder, file.replace(id, copied)))
      }
      // Last: without it nobody sees what has been copied.
      writeCard(copied, { ...card, name, changed: Date.now() })
      tidy()
    },
    delete(id) {
      flush()
      if (since(id, 'card') > 0) renameSync(path(id, 'card'), path(id, 'gone'))
    },
    bringBack(id) {
      if (since(id, 'gone') > 0) renameSync(path(id, 'gone'), path(id, 'card'))
    },
  }
}

const brokenCard = (id: string, changed: number): Card => ({ id, name: '', changed, strokes: 0, broken: true })

/** A name that we have given: a number of letters and dashes, and what kind of file it is. */
const isId = (name: string): boolean => /^[\w-]{1,64}\.\w+$/.test(name)

function readBytes(path: string): Bytes | undefined {
  try {
    const bytes = new Uint8Array(readFileSync(path))
    return bytes.length > 0 ? bytes : undefined
  } catch {
    return undefined
  }
}

function listed(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
