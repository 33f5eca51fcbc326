import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { clearLeft, temporaryIn, writeWhole } from '../src/temporary.ts'
import { useFolder } from './support/folder.ts'

const folder = useFolder()
const gone = () => spawnSync(process.execPath, ['-e', '']).pid
const named = (pid: number) =>
  temporaryIn('elsewhere')
    .replace(/-\d+-/, `-${pid}-`)
    .replace(/^elsewhere./, '')

test('what a process has left that is gone is cleared by the next one, and nothing else', () => {
  const [left, mine, theirs, other] = [named(gone()), named(process.pid), named(process.ppid), '.fewline-notes.tmp']
  for (const name of [left, mine, theirs, other]) writeFileSync(join(folder.path, name), 'a')
  mkdirSync(join(folder.path, named(gone())))
  clearLeft(folder.path)
  expect(folder.files()).toEqual([mine, theirs, other].sort())
})

test('a process of the same number is another one, and numbers are given again', () => {
  const [before, old] = [named(process.pid).replace(/.{10}\.tmp$/, '0123456789.tmp'), named(process.ppid)]
  for (const name of [before, old]) writeFileSync(join(folder.path, name), 'a')
  const yesterday = Date.now() / 1000 - 86_400
  utimesSync(join(folder.path, old), yesterday, yesterday)
  clearLeft(folder.path)
  expect(folder.files()).toEqual([])
})

test('names are short and no two are the same', () => {
  const names = Array.from({ length: 1000 }, () => temporaryIn(folder.path))
  expect(new Set(names).size).toBe(1000)
  expect(Math.max(...names.map((name) => name.length - folder.path.length))).toBeLessThan(48)
})

test('a file is written whole, for its owner alone where that is asked, or not at all', () => {
  const path = join(folder.path, 'new', 'a.json')
  writeWhole(path, 'a', 0o600)
  expect(readFileSync(path, 'utf8')).toBe('a')
  if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o600)
  mkdirSync(join(folder.path, 'taken'))
  expect(() => writeWhole(join(folder.path, 'taken'), 'a')).toThrow()
  expect(readdirSync(folder.path).sort()).toEqual(['new', 'taken'])
})
