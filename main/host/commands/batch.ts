import { stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { isPictureName, visibleFiles } from '../../../src/batch/pictures.ts'
import type { BatchPicture, Bytes, Picture, RequestOf, Source } from '../../api.ts'
import type { Looked } from '../batch/batch.ts'
import type { Handlers } from '../connection.ts'
import { snapshotOf } from '../document.ts'
import type { Host } from '../host.ts'
import type { Incoming } from '../incoming.ts'
import { withoutEnding } from '../names.ts'
import { lookAt } from '../opening.ts'
import { droppedPath, refuse } from '../problems.ts'
import type { Window } from '../telling.ts'

type BatchCommands = Pick<Handlers, Extract<keyof Handlers, `batch${string}`>>

/** The longer side of a photo in a list, in pixels. */
const SMALL = 128

/** Many photos. */
export function batchCommands(host: Host, window: Window): BatchCommands {
  const { engine } = host
  const { batch, store } = host.batch
  const { shell } = window
  return {
    batch: () => ({ batch: batch.told() }),
    batchAdd: async ({ source }) => batch.add(await photosOf(source, window)),
    async batchStart() {
      await batch.start()
      return {}
    },
    batchStop: done(() => batch.stop()),
    batchRetry: done(({ ids }: RequestOf<'batchRetry'>) => batch.retry(ids)),
    batchMove: done(({ id, by }: RequestOf<'batchMove'>) => batch.move(id, by)),
    batchRemove: done(({ ids }: RequestOf<'batchRemove'>) => batch.remove(ids)),
    batchSet: done(({ settings, ids }: RequestOf<'batchSet'>) => batch.set(settings, ids)),
    batchOutput: done(({ output }: RequestOf<'batchOutput'>) => batch.output(output)),
    async batchFolder() {
      const path = batch.told().fixed ? undefined : await shell.chooseFolder?.()
      if (path !== undefined) batch.folder(path)
      return { chosen: path !== undefined }
    },
    async batchPicture({ id }) {
      const { photo, sketch } = await batch.look(id)
      return {
        photo: photo && (await smallOf(host, id, photo)),
        ...(sketch && { sketch: { strokes: sketch.drawing.strokes, frame: sketch.frame } }),
      }
    },
    async batchOpen({ id }) {
      const looked = await batch.look(id)
      const { document: before } = looked.entry
      const known = before === undefined ? undefined : await host.documents.recall(before)
      if (known) host.show(window, known)
      else await openRow(host, window, looked)
      batch.opened(id, window.document.id)
      return { opened: snapshotOf(window.document) }
    },
    async batchSave() {
      const paths = batch.files().map((name) => join(store.results, name))
      if (paths.length === 0) throw refuse('results to save', 'there are none yet', 'start the batch')
      const bytes = (await engine.work('packFiles', { paths })) as Bytes
      return { delivered: await shell.deliver({ name: 'sketches.zip', type: 'application/zip', bytes }) }
    },
  }
}

/** A command that is answered as soon as it is obeyed. */
const done =
  <Request>(obey: (request: Request) => void) =>
  (request: Request): Record<string, never> => {
    obey(request)
    return {}
  }

/** The photos that a source speaks of: a page names only what was dropped on its window. */
async function photosOf(source: Source, { shell }: Window): Promise<(string | Incoming)[]> {
  if (source.from === 'bytes') return [source]
  if (source.from !== 'path') throw refuse('photos for the batch', 'something else came', 'choose the files')
  const path = droppedPath(source.path, shell.mayOpen)
  const about = await stat(path).catch(() => undefined)
  if (!about?.isDirectory()) return [path]
  const files = await visibleFiles(path, true)
  const photos = files.filter((file) => isPictureName(basename(file))).sort()
  if (photos.length === 0) throw refuse('a folder of photos', `"${path}" holds none`, 'choose another', 'photo')
  return photos
}

/** A small picture of a photo, made once; undefined for what is none. */
async function smallOf(
  { engine, batch: { store } }: Host,
  id: string,
  photo: Uint8Array,
): Promise<BatchPicture['photo']> {
  const known = store.read(id, 'picture')
  const bytes = known ?? (await engine.work('preview', { photo, longest: SMALL }).catch(() => undefined))
  if (!bytes) return undefined
  if (!known) keepQuietly(() => store.keep(id, 'picture', bytes))
  return { type: 'image/jpeg', bytes: bytes as Bytes } satisfies Picture
}

/** It can be made again. */
function keepQuietly(keep: () => void): void {
  try {
    keep()
  } catch {
    // See above.
  }
}

/** A row as a document of its own, with what was drawn, as any other that was opened. */
async function openRow(host: Host, window: Window, { entry, settings, photo, sketch }: Looked): Promise<void> {
  const { name } = entry
  if (!photo && !sketch) throw refuse('the photo', `"${name}" is not there any more`, 'remove it', 'photo')
  const seen = photo && (await window.waiting.begin(() => lookAt(host.engine, name, photo, 'auto')))
  const run = sketch && {
    state: { run: entry.id, phase: 'done' as const },
    moments: sketch.moments,
    seeds: sketch.seeds,
  }
  const document = host.create()
  Object.assign(document, {
    title: withoutEnding(name),
    ...{ settings, drawing: sketch?.drawing, run },
    ...seen,
  })
  host.show(window, document)
  host.autosave.photo(document)
}
