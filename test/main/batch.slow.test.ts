import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type Batch, type BatchRow, connect, type Door, type EventOf } from '../../main/api.ts'
import { browserShell } from '../../main/host/shell.ts'
import { useFolder } from '../support/folder.ts'
import { memoryPorts, testStudio, type TestStudio } from './support/studio.ts'

const folder = useFolder()
let studio: TestStudio
let door: Door
let photos: string
let results: string
let mayOpen: string
let notices: EventOf<'notice'>[]

beforeEach(async () => {
  photos = join(folder.path, 'photos')
  results = join(folder.path, 'results')
  for (const path of [photos, results]) mkdirSync(path)
  mayOpen = photos
  await openStudio()
})
afterEach(() => studio.close())

async function openStudio(): Promise<void> {
  studio = testStudio()
  const [near, far] = memoryPorts()
  studio.studio.connect(far, {
    ...browserShell,
    mayOpen: (path) => path === mayOpen,
    chooseFolder: async () => results,
  })
  door = connect(near)
  notices = []
  door.on('notice', (notice) => notices.push(notice))
  await door.call('hello', {})
}

/** Small pictures of one shape, each another. */
async function takePhotos(...names: readonly string[]): Promise<void> {
  for (const [i, name] of names.entries()) {
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="64" height="56"><rect width="64" height="56" fill="#fff"/><circle cx="${24 + 4 * i}" cy="28" r="${12 + i}" fill="#222"/></svg>`
    writeFileSync(join(photos, name), await sharp(Buffer.from(svg)).png().toBuffer())
  }
}

/** Adds all photos, to be drawn in no time. */
async function begin(): Promise<void> {
  expect(await door.call('batchFolder', {})).toEqual({ chosen: true })
  await add()
  await door.call('batchSet', { settings: { preset: 'fast', auto: false, strokes: 2, iterations: 1 } })
}
const add = () => door.call('batchAdd', { source: { from: 'path', path: photos } })
const batch = async (): Promise<Batch> => (await door.call('batch', {})).batch
const rows = async (): Promise<BatchRow[]> => (await batch()).rows
const row = async (name: string): Promise<BatchRow> => (await rows()).find((each) => each.name === name)!
const over = () => expect.poll(async () => (await batch()).going, { timeout: 120_000, interval: 100 }).toBe(false)
const written = (): string[] => readdirSync(results).sort()

test('draws what can be drawn, in the order and by the settings asked for, and says of the rest why not', async () => {
  await takePhotos('a.png', 'b.png', 'c.png', 'gone.png')
  writeFileSync(join(photos, 'corrupt.jpg'), 'no picture')
  writeFileSync(join(photos, 'notes.txt'), 'left alone')
  writeFileSync(join(results, 'a.svg'), 'not ours')
  await begin()
  expect(await add()).toEqual({ added: 0, known: 5 })
  const [a, b] = [await row('a.png'), await row('b.png')]
  await door.call('batchSet', { ids: [b.id], settings: { strokes: 3, colour: '#b8391f' } })
  await door.call('batchMove', { id: b.id, by: -1 })
  await door.call('batchRemove', { ids: [(await row('c.png')).id] })
  expect((await rows()).map(({ name }) => name)).toEqual(['b.png', 'a.png', 'corrupt.jpg', 'gone.png'])
  // It goes while the first is drawn.
  const stop = door.on('batch', ({ rows }) => {
    if (!rows.some(({ phase }) => phase === 'drawing')) return
    rmSync(join(photos, 'gone.png'))
    stop()
  })
  await door.call('batchStart', {})
  await over()

  expect((await rows()).map(({ phase }) => phase)).toEqual(['done', 'done', 'failed', 'failed'])
  expect((await row('corrupt.jpg')).problem).toMatchObject({ kind: 'photo', todo: expect.stringMatching(/\w/) })
  expect((await row('gone.png')).problem?.came).toMatch(/is not there/)
  expect(notices).toEqual([])
  // A file of somebody else keeps its name; the drawing is found by its row.
  expect(written()).toEqual(['a-2.svg', 'a.svg', 'b.svg'])
  expect(readFileSync(join(results, 'a.svg'), 'utf8')).toBe('not ours')
  const b2 = readFileSync(join(results, 'b.svg'), 'utf8')
  expect(b2.match(/<path/g)).toHaveLength(3)
  expect(b2).toMatch(/#b8391f/i)

  const { photo, sketch } = await door.call('batchPicture', { id: a.id })
  expect((await sharp(photo!.bytes).metadata()).width).toBe(64)
  expect(sketch?.strokes.widths).toHaveLength(2)
  const { opened } = await door.call('batchOpen', { id: b.id })
  expect(opened).toMatchObject({ title: 'b', settings: { strokes: 3 }, photo: { name: 'b.png', width: 64 } })
  expect(opened.drawing?.strokes.widths).toHaveLength(3)
  expect(opened.history.length).toBeGreaterThan(0)
  await door.call('edit', { drawing: { ...opened.drawing!, locked: [1] } })
  await door.call('newDocument', {})
  // The same document again, as it was left.
  expect((await door.call('batchOpen', { id: b.id })).opened.drawing?.locked).toEqual([1])

  await takePhotos('gone.png')
  await door.call('batchRetry', { ids: [(await row('gone.png')).id] })
  await door.call('batchOutput', { output: { format: 'png', pixels: 64 } })
  await door.call('batchStart', {})
  await over()
  expect(written()).toEqual(['a-2.svg', 'a.svg', 'b.svg', 'gone.png'])
  // A drawing that lies among photos is none of them.
  mayOpen = results
  expect(await door.call('batchAdd', { source: { from: 'path', path: results } })).toEqual({ added: 0, known: 1 })

  // Any format that a single drawing can have, films too.
  for (const [name, output] of [
    ['a', { format: 'pdf' }],
    ['b', { format: 'gif', pixels: 64 }],
    ['gone', { format: 'webp', pixels: 64 }],
  ] as const) {
    const { format } = output
    await door.call('batchRetry', { ids: [(await row(`${name}.png`)).id] })
    await door.call('batchOutput', { output })
    await door.call('batchStart', {})
    await over()
    const bytes = readFileSync(join(results, `${name}.${format}`))
    if (format === 'pdf') expect(bytes.subarray(0, 5).toString()).toBe('%PDF-')
    else expect(await sharp(bytes).metadata()).toMatchObject({ format, pages: expect.any(Number) })
  }
  expect(notices).toEqual([])
})

/** A shape that hardly stands out. */
async function takeDark(name: string): Promise<void> {
  const dim = Buffer.from('<svg width="30" height="24"><rect width="30" height="24" fill="#0e0e0e"/></svg>')
  const image = sharp({ create: { width: 64, height: 48, channels: 3, background: '#050505' } })
  writeFileSync(
    join(photos, name),
    await image
      .composite([{ input: dim, left: 16, top: 12 }])
      .png()
      .toBuffer(),
  )
}

test('photos that will draw badly are told before they are drawn, and may be opened for what helps', async () => {
  const [dark, hidden] = ['dark.png', 'hidden.png']
  await takePhotos('a.png', 'b.png')
  await takeDark(dark)
  writeFileSync(join(photos, 'corrupt.jpg'), 'no picture')
  await begin()
  const hints = async (name: string) => (await row(name)).hints
  await expect.poll(() => hints(dark)).toEqual([expect.stringMatching(/^The photo is very dark: brighten it/)])
  // Of what can't be read, whoever draws it says why.
  await expect.poll(async () => (await rows()).map((each) => each.hints?.length)).toEqual([0, 0, 0, 1])
  expect((await rows()).map(({ phase }) => phase)).toEqual(Array(4).fill('waiting'))
  const { id } = await row(dark)
  const { opened } = await door.call('batchOpen', { id })
  expect(opened.subject?.hints).toMatchObject([{ about: 'dark' }])
  expect(opened.drawing).toBeUndefined()

  // What comes while others are drawn is told of as its turn comes.
  await takeDark(hidden)
  const stop = door.on('batch', ({ rows }) => {
    if (!rows.some(({ phase }) => phase === 'drawing')) return
    void add()
    stop()
  })
  await door.call('batchStart', {})
  await expect
    .poll(async () => (await rows()).find(({ name }) => name === hidden)?.phase, { timeout: 120_000 })
    .toBe('done')
  await over()
  expect(await hints(hidden)).toEqual([expect.stringMatching(/^The photo is very dark/)])
  // What was drawn is opened, not what the photo was opened as before.
  expect((await door.call('batchOpen', { id })).opened.drawing?.strokes.widths).toHaveLength(2)
})

test('memory that may not suffice is told, with what fits, before anything is drawn', async () => {
  vi.stubEnv('FEWLINE_MEMORY', '0.2')
  try {
    studio.close()
    await openStudio()
    await door.call('open', { source: { from: 'sample', name: 'teapot.jpg' } })
    await door.call('change', { settings: { preset: 'fast', iterations: 1, encoder: 'builtin' } })
    const first = new Promise<string>((resolve) => {
      door.on('frame', () => resolve('frame'))
      door.on('notice', ({ text }) => resolve(text))
    })
    await door.call('draw', {})
    expect(await first).toMatch(/^builtin takes about 0\.3 GB of memory, and 0\.2 GB are free: close other programs\.$/)
  } finally {
    vi.unstubAllEnvs()
  }
})

test('waits where the results can’t be written, and writes what was drawn without drawing it again', async () => {
  await takePhotos('a.png', 'b.png')
  await begin()
  rmSync(results, { recursive: true })
  await expect(door.call('batchStart', {})).rejects.toThrow(/to write .*, but its folder does not exist: create it/)
  expect((await batch()).going).toBe(false)

  mkdirSync(results)
  // It goes while the first is drawn.
  const stop = door.on('batch', ({ rows }) => {
    if (!rows.some(({ phase }) => phase === 'drawing')) return
    rmSync(results, { recursive: true })
    stop()
  })
  await door.call('batchStart', {})
  await over()
  expect(notices).toMatchObject([
    { about: 'batch', text: expect.stringMatching(/its folder does not exist: create it/) },
  ])
  const sketches = () =>
    readdirSync(join(studio.data, 'batch', String(process.pid)))
      .filter((name) => name.endsWith('.sketch'))
      .map((name) => [name, statSync(join(studio.data, 'batch', String(process.pid), name)).mtimeMs])
  const drawn = sketches()
  expect(drawn.length).toBeGreaterThan(0)

  mkdirSync(results)
  await door.call('batchStart', {})
  await over()
  expect(written()).toEqual(['a.svg', 'b.svg'])
  expect((await rows()).map(({ phase }) => phase)).toEqual(['done', 'done'])
  expect(sketches()).toEqual(expect.arrayContaining(drawn))
})

const isRoot = process.getuid?.() === 0
test.skipIf(!isRoot)('a full disk is told once, and loses nothing', async ({ skip }) => {
  const small = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=16k', 'tmpfs', results])
  if (small.status !== 0) skip('no small disk can be made here')
  try {
    writeFileSync(join(results, 'full'), Buffer.alloc(12 * 1024))
    await takePhotos('a.png', 'b.png')
    await begin()
    await door.call('batchOutput', { output: { format: 'png', pixels: 1024 } })
    await door.call('batchStart', {})
    await over()
    expect(notices).toMatchObject([{ text: expect.stringMatching(/, but the disk is full: free some space/) }])
    expect(written()).toEqual(['full'])
    await door.call('batchOutput', { output: { format: 'svg' } })
    rmSync(join(results, 'full'))
    await door.call('batchStart', {})
    await over()
    expect(written()).toEqual(['a.svg', 'b.svg'])
  } finally {
    spawnSync('umount', [results])
  }
  expect(existsSync(join(results, 'a.svg'))).toBe(false)
})
