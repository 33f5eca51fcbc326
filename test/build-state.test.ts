import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { buildIsCurrent, stampOf } from '../scripts/build-state.mjs'

const BEFORE = new Date(2020, 1, 1)
const BUILT = new Date(2020, 1, 2)
const AFTER = new Date(2020, 1, 3)
const SOURCES = ['src', 'src/raster', 'src/draw.ts', 'src/raster/raster.ts', 'tsconfig.json', 'tsconfig.build.json']

let root: string
const put = (file: string, time: Date) => {
  writeFileSync(file, '')
  utimesSync(file, time, time)
}
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'fewline'))
  mkdirSync(join(root, 'src', 'raster'), { recursive: true })
  for (const name of SOURCES.filter((source) => source.includes('.'))) put(join(root, name), BEFORE)
  for (const name of ['src', 'src/raster']) utimesSync(join(root, name), BEFORE, BEFORE)
})
afterEach(() => rmSync(root, { recursive: true }))

const build = () => {
  mkdirSync(dirname(stampOf(root)), { recursive: true })
  put(stampOf(root), BUILT)
}

test('what was never built is not current', () => {
  expect(buildIsCurrent(root)).toBe(false)
})

test('a build newer than its sources is current', () => {
  build()
  expect(buildIsCurrent(root)).toBe(true)
})

// A file that was removed or renamed shows in the time of its folder.
test.each(SOURCES)('a build older than %s is not', (name) => {
  build()
  utimesSync(join(root, name), AFTER, AFTER)
  expect(buildIsCurrent(root)).toBe(false)
})
