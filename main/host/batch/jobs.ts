import { readdir } from 'node:fs/promises'
import { readIncoming } from '../incoming.ts'
import { refuse } from '../problems.ts'
import { freeName, isNameOf, type Job } from './drawer.ts'
import type { Keeper } from './keeper.ts'
import { type Entry, settingsOf } from './queue.ts'
import { type Store, unkept } from './store.ts'

/** A row as it is handed to a drawer, and how what becomes of it is kept. `where`: the user's folder for results. */
export function jobFor(entry: Entry, keeper: Keeper, store: Store, where: string | undefined): Job {
  const { id, name } = entry
  const folder = where ?? store.results
  return {
    ...{ id, name, settings: settingsOf(keeper.queue, entry), output: keeper.queue.output, folder },
    sketch: store.sketch(id),
    photo: () => photoOf(entry, store),
    drawn(sketch) {
      try {
        store.keepSketch(id, sketch)
      } catch (error) {
        throw unkept(error)
      }
      // The document that it was opened as is of another drawing.
      keeper.changeRows([id], (row) => ({ ...row, document: undefined }))
    },
    async nameFor(stem, ending) {
      const there = await readdir(folder).catch(() => [])
      const own = keeper.find(id)
      if (own?.folder === where && isNameOf(own?.file, stem, ending)) return own!.file!
      const others = keeper.queue.rows.flatMap((row) => (row.folder === where ? (row.file ?? []) : []))
      const file = freeName(stem, ending, [...there, ...others])
      // Known before it is there: whoever goes on after a crash writes the same file again.
      keeper.changeRows([id], (row) => ({ ...row, file, folder: where }))
      return file
    },
  }
}

/** The bytes of a row's photo. Throws a StudioError when they are gone. */
export async function photoOf({ id, path }: Entry, store: Store): Promise<Uint8Array> {
  if (path !== undefined) return (await readIncoming(path)).bytes
  const bytes = store.read(id, 'photo')
  if (!bytes) throw refuse('the photo', 'its copy is gone', 'add it again', 'photo')
  return bytes
}
