import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openJournal } from '../../main/host/journal.ts'
import { openPreferences } from '../../main/host/preferences.ts'
import { impersonal } from '../../src/impersonal.ts'

let folder: string
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'fewline-journal-'))))
afterEach(() => rmSync(folder, { recursive: true }))

describe('what is impersonal', () => {
  test.each([
    [
      'Expected a photo, but "Anna’s wedding.jpg" is damaged: copy it again.',
      'Expected a photo, but "…" is damaged: copy it again.',
    ],
    ['could not open /home/anna smith/Pictures/us.png: denied', 'could not open <path>: denied'],
    [String.raw`at C:\Users\Anna Smith\Desktop\a.jpg`, 'at <path>'],
    [String.raw`\\server\share\anna`, '<path>'],
    ['wedding.jpeg is no photo', '<file> is no photo'],
    ['    at draw (file:///opt/anna/dist/engine/draw.js:12:5)', '    at draw (draw.js:12:5)'],
    ['ONNX Runtime 1.30.0, 3.5 GiB, 12.4 ms', 'ONNX Runtime 1.30.0, 3.5 GiB, 12.4 ms'],
  ])('%s', (text, left) => {
    expect(impersonal(text)).toBe(left)
  })

  test('names neither the user nor where they are at home', () => {
    const { username } = userInfo()
    const left = impersonal(`${join(homedir(), 'x')} of ${username} and ${homedir()}`)
    if (username.length > 2) expect(left).not.toMatch(new RegExp(`\\b${username}\\b`))
    expect(left).not.toContain(join(homedir(), 'x'))
  })
})

describe('a journal', () => {
  test('keeps the last lines, each with its time, and nothing personal', () => {
    const journal = openJournal(join(folder, 'fewline.log'))
    for (let i = 0; i < 10; i++) journal.note(`line ${i}\nof "secret.jpg"`)
    expect(journal.last(2)).toEqual([
      expect.stringMatching(/^\d{4}-\d\d-\d\dT\S+Z line 8 of "…"$/),
      expect.stringMatching(/line 9 of "…"$/),
    ])
    expect(openJournal(join(folder, 'fewline.log')).last(100)).toHaveLength(10)
  })

  test('begins another file when one is full, and takes no more room than both', () => {
    const file = join(folder, 'fewline.log')
    const journal = openJournal(file)
    writeFileSync(file, `${'x'.repeat(300_000)}\n`)
    journal.note('after')
    expect(statSync(`${file}.1`).size).toBe(300_001)
    expect(statSync(file).size).toBeLessThan(200)
    expect(journal.last(1)[0]).toMatch(/after$/)
    writeFileSync(file, `${'y'.repeat(300_000)}\n`)
    journal.note('again')
    expect(statSync(`${file}.1`).size + statSync(file).size).toBeLessThan(310_000)
  })

  test('does nothing where it can’t be written', () => {
    const journal = openJournal(join(folder, 'no', 'such', 'fewline.log'))
    journal.note('x')
    expect(journal.last(5)).toEqual([])
  })
})

test.each([
  '',
  '{',
  '[]',
  '{"settings":3,"app":{"theme":"pink"},"recent":[{}]}',
  '\u0000\u0001',
  '{"settings":{"strokes":-4}}',
])('a broken settings file (%j) is a new one, and can be written again', (content) => {
  const file = join(folder, 'preferences.json')
  writeFileSync(file, content)
  const preferences = openPreferences(file)
  expect(preferences.app.theme).toBe('system')
  expect(preferences.settings.strokes).toBe(16)
  expect(preferences.recent).toEqual([])
  preferences.changeApp({ theme: 'dark', language: 'zh' })
  expect(openPreferences(file).app).toEqual({ theme: 'dark', language: 'zh' })
})
