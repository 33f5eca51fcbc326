import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DEFAULT_SETTINGS } from '../../main/api.ts'
import { freeName, isNameOf } from '../../main/host/batch/drawer.ts'
import { type Entry, moved, newId, resumed } from '../../main/host/batch/queue.ts'
import { openStore } from '../../main/host/batch/store.ts'
import { openPreferences } from '../../main/host/preferences.ts'
import { useFolder } from '../support/folder.ts'

const folder = useFolder()
/** No process has this number. */
const DEAD = 2 ** 22 + 7

const entry = (name: string, rest: Partial<Entry> = {}): Entry => ({
  ...{ id: newId(), name, phase: 'waiting', begun: 0 },
  ...rest,
})
const queueOf = (rows: readonly Entry[]) => ({
  ...{ going: true, settings: DEFAULT_SETTINGS, output: { format: 'svg' as const }, rows },
})

test('what a process has left behind is found again, whole and once', () => {
  const dead = join(folder.path, String(DEAD))
  mkdirSync(join(dead, 'results'), { recursive: true })
  const rows = [entry('a.png', { phase: 'done', file: 'a.svg' }), entry('b.png', { phase: 'drawing', begun: 1 })]
  writeFileSync(join(dead, 'queue.json'), JSON.stringify(queueOf(rows)))
  writeFileSync(join(dead, `${rows[1]!.id}.photo`), 'bytes')
  writeFileSync(join(dead, 'results', 'a.svg'), 'drawn')

  const store = openStore(folder.path)
  const queue = store.open(DEFAULT_SETTINGS)
  expect(queue.going).toBe(true)
  expect(queue.rows.map(({ name, phase }) => [name, phase])).toEqual([
    ['a.png', 'done'],
    ['b.png', 'waiting'],
  ])
  expect(Buffer.from(store.read(rows[1]!.id, 'photo')!).toString()).toBe('bytes')
  expect(readFileSync(join(store.results, 'a.svg'), 'utf8')).toBe('drawn')
  expect(readdirSync(folder.path)).toEqual([String(process.pid)])
  // Nothing is doubled by opening it again.
  expect(openStore(folder.path).open(DEFAULT_SETTINGS).rows).toHaveLength(2)
})

test('a queue that is damaged costs what is damaged of it', () => {
  const own = join(folder.path, String(DEAD))
  mkdirSync(own)
  const { settings, ...rest } = queueOf([entry('a.png')])
  const broken = {
    ...rest,
    settings: { ...settings, strokes: 'many', width: 5 },
    output: 7,
    rows: [...rest.rows, { id: '../x' }, 3],
  }
  writeFileSync(join(own, 'queue.json'), JSON.stringify(broken))
  const queue = openStore(folder.path).open(DEFAULT_SETTINGS)
  expect(queue.rows.map(({ name }) => name)).toEqual(['a.png'])
  expect(queue.output).toEqual({ format: 'svg' })
  expect(queue.settings).toMatchObject({ strokes: DEFAULT_SETTINGS.strokes, width: 5 })
})

test.each(['', '{', '[]', '{"rows":{}}', '\0\0\0'])('a queue or preferences of %j are begun anew', (text) => {
  mkdirSync(join(folder.path, String(DEAD)))
  writeFileSync(join(folder.path, String(DEAD), 'queue.json'), text)
  expect(openStore(folder.path).open(DEFAULT_SETTINGS)).toMatchObject({
    going: false,
    rows: [],
    settings: DEFAULT_SETTINGS,
  })
  const file = join(folder.path, 'preferences.json')
  writeFileSync(file, text)
  const preferences = openPreferences(file)
  expect(preferences.settings).toEqual(DEFAULT_SETTINGS)
  preferences.changeApp({ theme: 'dark' })
  expect(openPreferences(file).app.theme).toBe('dark')
})

test('a photo that ends Fewline each time is left out in the end', () => {
  const [a, b] = resumed(
    queueOf([entry('a', { phase: 'drawing', begun: 2 }), entry('b', { phase: 'drawing', begun: 3 })]),
  ).rows
  expect(a!.phase).toBe('waiting')
  expect(b).toMatchObject({ phase: 'failed', problem: { came: expect.stringMatching(/closed 3 times/) } })
})

test('a row that is moved stands where it is to stand, and the others as before', () => {
  const rows = ['a', 'b', 'c', 'd', 'e'].map((name) => entry(name))
  fc.assert(
    fc.property(fc.nat(4), fc.integer({ min: -6, max: 6 }), (from, by) => {
      const next = moved(rows, rows[from]!.id, by)
      expect(next.indexOf(rows[from]!)).toBe(Math.min(4, Math.max(0, from + by)))
      expect(next.filter((row) => row !== rows[from])).toEqual(rows.filter((row) => row !== rows[from]))
    }),
  )
})

test('a file takes no name that is taken, in any letters, and keeps its own', () => {
  expect(freeName('cat', '.svg', ['Cat.SVG', 'cat-2.svg', 'dog.svg'])).toBe('cat-3.svg')
  expect(freeName('cat', '.png', ['cat.svg'])).toBe('cat.png')
  expect(freeName('\u00e9', '.svg', ['e\u0301.svg'])).toBe('\u00e9-2.svg')
  expect(isNameOf('cat-2.svg', 'cat', '.svg')).toBe(true)
  expect(isNameOf('cat.animated.svg', 'cat', '.svg')).toBe(false)
  expect(isNameOf('cat.animated.svg', 'cat', '.animated.svg')).toBe(true)
})
