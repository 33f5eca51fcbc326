import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Recent, Source } from '../../api.ts'
import type { Handlers } from '../connection.ts'
import { greyBytes, snapshotOf, unitTensor } from '../document.ts'
import { type Incoming, readIncoming } from '../incoming.ts'
import { withoutEnding } from '../names.ts'
import { inspected, openDrawing, openIn, subjectOf } from '../opening.ts'
import { droppedPath, refuse } from '../problems.ts'
import type { Host } from '../host.ts'
import type { Window } from '../telling.ts'

type PhotoCommands = Pick<Handlers, 'open' | 'recent' | 'photo' | 'subject' | 'find'>

/** What to draw. */
export function photoCommands(host: Host, window: Window): PhotoCommands {
  const { engine, preferences } = host
  return {
    async open({ source }) {
      const unsaved = source.from === 'recent' ? await host.documents.recall(source.id) : undefined
      if (source.from === 'gallery') host.show(window, await openDrawing(host, source.id))
      else if (unsaved) host.show(window, unsaved)
      else {
        const incoming = await fetchSource(host, window, source)
        if (!incoming) return {}
        await openIn(host, window, incoming)
      }
      return { opened: snapshotOf(window.document) }
    },

    recent: () => ({ recent: [...host.documents.unsaved(), ...preferences.recent.map(withoutPath)] }),

    photo: () => ({ photo: window.document.photo?.shown }),

    async subject({ mask, emphasis }) {
      const { document } = window
      const { photo } = document
      if (!photo) throw refuse('a photo with a subject', 'there is no photo yet', 'open one')
      // At once: whoever draws without waiting for the answer draws what was asked for.
      Object.assign(document, { mask, emphasis })
      host.changed(document)
      const seen = await window.waiting.begin(() => inspected(engine, photo.bytes, mask, emphasis))
      const subject = subjectOf(seen, mask)
      if (document.mask !== mask || document.emphasis !== emphasis) return { subject }
      document.subject = subject
      host.autosave.seen(document)
      return { subject }
    },

    async find({ words, points }) {
      const { photo } = window.document
      if (!photo) throw refuse('a photo to look at', 'there is no photo yet', 'open one')
      if (words.length > 0) void host.checkRoom(window.document, { finds: true })
      const { things, ...rest } = await engine.work('find', { photo: photo.bytes, words, points })
      return {
        found: { ...rest, things: things.map(({ words, score, mask }) => ({ words, score, mask: greyBytes(mask) })) },
      }
    },
  }
}

/** The file that a source speaks of; undefined when the user changed their mind. */
async function fetchSource(
  host: Host,
  { shell, document }: Window,
  source: Exclude<Source, { from: 'gallery' }>,
): Promise<Incoming | undefined> {
  switch (source.from) {
    case 'bytes':
      return { name: source.name, bytes: source.bytes }
    case 'sample':
      return readSample(host.options.samples, source.name)
    case 'recent':
      return readRecent(host, source.id)
    case 'subject': {
      const { photo, subject } = document
      if (!photo || !subject) throw refuse('a photo with a subject', 'there is no photo yet', 'open one')
      const bytes = await host.engine.work('around', { photo: photo.bytes, mask: unitTensor(subject.mask) })
      return { name: `${withoutEnding(photo.shown.name)}.png`, bytes }
    }
    case 'path':
      return readIncoming(droppedPath(source.path, shell.mayOpen))
    case 'dialog': {
      const path = await shell.chooseFile?.()
      return path === undefined ? undefined : readIncoming(path)
    }
  }
}

async function readSample(folder: string, name: string): Promise<Incoming> {
  const names = await sampleNames(folder)
  // By the name of its file, with or without the ending.
  const file = names.find((each) => each === name || withoutEnding(each) === name)
  if (!file) throw refuse(`a sample (${names.join(', ')})`, `"${name}" is none`, 'choose one')
  const { bytes } = await readIncoming(join(folder, file))
  return { name: file, bytes }
}

function readRecent({ preferences }: Host, id: string): Promise<Incoming> {
  const file = preferences.recent.find((recent) => recent.id === id)
  if (!file) throw refuse('a file opened lately', 'this one is not known any more', 'open it again')
  return readIncoming(file.path).catch((error: unknown) => {
    preferences.removeRecent(id)
    throw error
  })
}

async function sampleNames(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => /\.(png|jpe?g|webp)$/.test(name)).sort()
}

function withoutPath({ id, name, kind, opened }: Recent): Recent {
  return { id, name, kind, opened }
}
