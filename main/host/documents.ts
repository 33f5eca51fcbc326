import type { Recent, Settings } from '../api.ts'
import type { Autosave, LeftWork } from './autosave.ts'
import { type Document, holdsWork, newDocument } from './document.ts'

/** All documents: those that windows show, those they showed before, and those that earlier sessions left behind. */
export interface Documents {
  /** The document by its id, when this session has such a one. */
  find(id: string): Document | undefined
  /** The same, from an earlier session if need be. */
  recall(id: string): Promise<Document | undefined>
  /** Work that no window shows, the newest; else undefined. `begun` is told at once of what has to be brought back first. */
  adopt(begun?: (title: string) => void): Promise<Document | undefined>
  create(settings: Settings): Document
  /** One more that was kept elsewhere. */
  take(document: Document): void
  /** Its window shows another one, or is gone: it is let go of when nothing is lost with it. */
  leave(document: Document): void
  /** Work that is in no file of the user's and in no window, the newest first. */
  unsaved(): Recent[]
}

export function createDocuments(
  autosave: Autosave,
  restore: (id: string) => Promise<Document | undefined>,
  isShown: (document: Document) => boolean,
): Documents {
  const documents = new Map<string, Document>()
  /** Those that the user has put aside for another one: only offered in the list. */
  const aside = new Set<Document>()
  /** Left behind by earlier sessions, the newest last: taken over when they are first asked for. */
  let others: LeftWork[] | undefined
  const left = () => (others ??= autosave.takeOver())

  async function recall(id: string, begun?: (title: string) => void): Promise<Document | undefined> {
    const known = documents.get(id)
    if (known) aside.delete(known)
    const work = left().find((work) => work.id === id)
    if (known || !work) return known
    begun?.(work.title)
    others = left().filter((work) => work.id !== id)
    const document = await restore(id)
    if (document) documents.set(id, document)
    return document
  }

  function forget(document: Document): void {
    documents.delete(document.id)
    autosave.forget(document)
  }

  return {
    find: (id) => documents.get(id),
    recall: (id) => recall(id),
    async adopt(begun) {
      const unseen = [...documents.values()].filter(
        (document) => !document.kept && !aside.has(document) && !isShown(document),
      )
      const id = unseen.at(-1)?.id ?? left().at(-1)?.id
      return id === undefined ? undefined : recall(id, begun)
    },
    create(settings) {
      const document = newDocument(settings)
      documents.set(document.id, document)
      return document
    },
    take: (document) => void documents.set(document.id, document),
    leave(document) {
      if (isShown(document)) return
      if (holdsWork(document)) aside.add(document)
      else forget(document)
    },
    unsaved() {
      const unseen = [...documents.values()].filter((document) => holdsWork(document) && !isShown(document))
      return [...left().filter(({ holdsWork }) => holdsWork), ...unseen]
        .sort((a, b) => b.changed - a.changed)
        .map(({ id, title, changed }) => ({ id, name: title, kind: 'unsaved', opened: changed }))
    },
  }
}
