import { mkdtempSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { DEFAULT_SETTINGS, MOST_DRAWINGS } from '../../main/api.ts'
import { type Document, newDocument } from '../../main/host/document.ts'
import { openGallery } from '../../main/host/gallery.ts'
import { someDrawing, somePhoto } from '../renderer/fake-door.ts'

let folder: string
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'fewline-gallery-')), 'gallery')
})
afterEach(() => rmSync(join(folder, '..'), { recursive: true }))

const failed = vi.fn()
const paint = vi.fn(async () => Uint8Array.of(1, 2, 3))
const open = () => openGallery(folder, paint, failed)
const files = (kind: string) => readdirSync(folder).filter((name) => name.endsWith(kind))

function drawn(name: string, changed: number, more: Partial<Document> = {}): Document {
  const photo = { bytes: Uint8Array.of(7), shown: somePhoto() }
  return Object.assign(newDocument(DEFAULT_SETTINGS), { title: name, changed, drawing: someDrawing(3), photo, ...more })
}

test('keeps drawings when they rest, for the next one who looks, the latest first', async () => {
  const gallery = open()
  const [cat, dog] = [drawn('cat', 10), drawn('dog', 20)]
  for (const document of [dog, cat, drawn('empty', 30, { drawing: someDrawing(0) })]) gallery.soon(document)
  gallery.soon(drawn('going on', 40, { controls: {} as Document['controls'] & object }))
  gallery.flush()
  expect(files('.tmp')).toEqual([])
  if (process.platform !== 'win32') expect(statSync(join(folder, files('.card')[0]!)).mode & 0o077).toBe(0)

  paint.mockClear()
  const later = open()
  const drawings = await later.list()
  expect(drawings).toMatchObject([
    { id: dog.id, name: 'dog', changed: 20, strokes: 3, broken: false, picture: { type: 'image/png' } },
    { id: cat.id, name: 'cat' },
  ])
  await later.list()
  expect(paint).toHaveBeenCalledTimes(2)
  // Painted anew when the drawing is another one.
  later.soon({ ...cat, changed: 50, drawing: someDrawing(4) })
  expect((await later.list())[0]).toMatchObject({ name: 'cat', strokes: 4 })
  expect(paint).toHaveBeenCalledTimes(3)
  const work = later.read(cat.id)!
  expect(work).toMatchObject({ title: 'cat', photo: 'cat.jpg', seen: { shown: { name: 'cat.jpg' } } })
  expect([...work.bytes!]).toEqual([7])
  expect(failed).not.toHaveBeenCalled()
})

test('are called otherwise, duplicated, deleted and brought back', async () => {
  const gallery = open()
  const { id } = drawn('cat', 10)
  gallery.soon(drawn('cat', 10, { id }))
  gallery.rename(id, 'Tom')
  expect(gallery.read(id)!.title).toBe('Tom')
  gallery.copy(id, 'Tom again')
  const [copy] = await gallery.list()
  expect(copy).toMatchObject({ name: 'Tom again', strokes: 3 })
  gallery.delete(id)
  expect((await gallery.list()).map(({ name }) => name)).toEqual(['Tom again'])
  expect(gallery.read(id)).toBeUndefined()
  expect([...gallery.read(copy!.id)!.bytes!]).toEqual([7])
  gallery.bringBack(id)
  expect((await gallery.list()).map(({ name }) => name)).toEqual(['Tom again', 'Tom'])
  // None of these is there, and nothing happens.
  for (const nobody of ['nobody', '..']) {
    gallery.rename(nobody, 'x')
    gallery.copy(nobody, 'x')
    gallery.delete(nobody)
    gallery.bringBack(nobody)
    expect(gallery.read(nobody)).toBeUndefined()
  }
  expect(await gallery.list()).toHaveLength(2)
})

test('are no more than so many: the oldest make room', async () => {
  const gallery = open()
  for (let i = 0; i <= MOST_DRAWINGS; i++) gallery.soon(drawn(`drawing ${i}`, i))
  const drawings = await gallery.list()
  expect(drawings).toHaveLength(MOST_DRAWINGS)
  expect(drawings.at(-1)!.name).toBe('drawing 1')
  expect(files('.work')).toHaveLength(MOST_DRAWINGS)
})

test('what is spoilt is there as that, and hides nothing else', async () => {
  const gallery = open()
  const [card, work, good] = [drawn('card', 10), drawn('work', 20), drawn('good', 30)]
  for (const document of [card, work, good]) gallery.soon(document)
  gallery.flush()
  truncateSync(join(folder, `${card.id}.card`), 9)
  truncateSync(join(folder, `${work.id}.work`), 40)
  writeFileSync(join(folder, 'no card at all'), 'x')
  const drawings = await gallery.list()
  expect(drawings.map(({ name, broken }) => [name, broken]).toSorted()).toEqual([
    ['', true],
    ['good', false],
    ['work', true],
  ])
  for (const { id } of [card, work]) {
    expect(gallery.read(id)).toBeUndefined()
    gallery.delete(id)
  }
  expect(await gallery.list()).toHaveLength(1)
})

test('where nothing can be kept, that is said once', async () => {
  writeFileSync(folder, 'a file in its place')
  const gallery = open()
  for (const name of ['one', 'two']) {
    gallery.soon(drawn(name, 1))
    gallery.flush()
  }
  expect(failed).toHaveBeenCalledTimes(1)
  expect(await gallery.list()).toEqual([])
  rmSync(folder)
})
