import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { outcomeOf } from '../cli/fewline.ts'
import { COMMANDS } from '../../main/command-line.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const HOOK = new URL('../support/electron/hook.mjs', import.meta.url).href

/** The built app, started on a checkout by a stand-in for Electron. */
const start = (...args: string[]) => outcomeOf(process.execPath, ['--import', HOOK, 'dist/main/main.js', ...args], ROOT)

test('the app waits for nothing that comes only when it has been read to its end', async () => {
  // Node's own word for a file that waits for ever is 13.
  expect(await start()).toMatchObject({ code: 0, stderr: '' })
})

test('what is asked of the command line is answered by it, with its exit code', async () => {
  expect(await start('--version')).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) })
  expect(await start('sketch', 'nothing.jpg')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('nothing.jpg'),
  })
})

test('the app knows every command', async () => {
  const { stdout } = await start('--help')
  const commands = [...stdout.matchAll(/^ {2}([a-z]+) /gm)].map(([, name]) => name)
  expect(commands).toContain('sketch')
  expect([...COMMANDS]).toEqual(expect.arrayContaining(commands))
})
