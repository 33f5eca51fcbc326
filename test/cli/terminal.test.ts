import type { WriteStream } from 'node:tty'
import { expect, test } from 'vitest'
import { openDownloads } from '../../src/cli/downloads.ts'
import { openProgress } from '../../src/cli/progress.ts'
import { jsonLines, printable } from '../../src/cli/say.ts'
import { canRedraw, shortened } from '../../src/cli/terminal.ts'
import type { Frame } from '../../src/index.ts'

const frame = (taken: number) => ({ way: { taken, total: 9 }, loss: 0.5, done: taken === 9 }) as Frame

/** A terminal that keeps what is written to it. */
function terminal(columns: number) {
  let text = ''
  const write = (part: string) => Boolean((text += part))
  return { stream: { isTTY: true, columns, write } as unknown as WriteStream, text: () => text }
}

test.each([20, 80, 300])(
  'a bar in %i columns leaves the terminal as it was, whatever ends the program',
  async (columns) => {
    const { stream, text } = terminal(columns)
    const progress = await openProgress('Katze 猫\u001b[2J', stream)
    for (let i = 1; i < 9; i++) progress.show(frame(i))
    progress.end()
    const downloads = await openDownloads(stream)
    downloads.show({ name: 'RN101', done: 1, total: 2 })
    downloads.end()
    // Where the cursor is, and what is after it: nothing that stays.
    const seen = text().replaceAll('\u001b', 'ESC')
    expect(seen.replaceAll(/ESC(\[\d*[GK]|[78])/g, '')).not.toContain('ESC')
    for (const line of seen.split(/ESC\[1?G|\n/)) {
      expect(line.replaceAll(/ESC(\[\w+|[78])/g, '').length).toBeLessThanOrEqual(columns)
    }
    if (columns >= 80) expect(text()).toMatch(/step 1\/9 · loss 0\.5000 · \S+ left/)
  },
)

test('a program that ends in the middle of a bar ends its line', async () => {
  const { stream, text } = terminal(80)
  const before = process.listeners('exit')
  const progress = await openProgress('a', stream)
  progress.show(frame(1))
  const [close] = process.listeners('exit').filter((listener) => !before.includes(listener))
  close!(130)
  expect(text()).toMatch(/\n$/)
  progress.end()
  expect(process.listeners('exit')).toEqual(before)
})

test.each([
  [true, { TERM: 'xterm' }, true],
  [true, { TERM: 'dumb' }, false],
  [true, {}, false],
  [true, { OS: 'Windows_NT' }, true],
  [false, { TERM: 'xterm' }, false],
])('a terminal (%s) with %j: %s', (isTTY, env, expected) => {
  expect(canRedraw({ isTTY } as WriteStream, env)).toBe(expected)
})

test('names are shown, and never obeyed', () => {
  expect(printable('Käse 日本 👩‍🚀')).toBe('Käse 日本 👩‍🚀')
  expect(printable('a\u001b]0;b\u0007\n\u009b2J\u202egpj\ud800')).toBe(
    'a\\u001b]0;b\\u0007\\u000a\\u009b2J\\u202egpj\\ud800',
  )
  const value = { name: 'a\u009b2J\u007f\u202e\n' }
  expect(jsonLines(value).join('\n')).not.toMatch(/[\u007f-\u009f\u202e]/)
  expect(JSON.parse(jsonLines(value).join('\n'))).toEqual(value)
  expect(shortened('日本'.repeat(20), { columns: 60 })).toBe(`${'日本'.repeat(5)}…`)
})
