import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { runCommandLine } from '../../main/command-line.ts'

// A stand-in for the engine's command line: it writes down how it was called, and exits as it is told.
const engine = `
  const { writeFileSync } = await import('node:fs')
  const [, report, code] = process.argv.slice(2)
  writeFileSync(report, JSON.stringify({ args: process.argv.slice(2), asNode: process.env.ELECTRON_RUN_AS_NODE }))
  if (code === 'killed') process.kill(process.pid, 'SIGKILL')
  process.exit(Number(code))
`
let appPath: string
let report: string

beforeAll(() => {
  appPath = mkdtempSync(join(tmpdir(), 'fewline app '))
  report = join(appPath, 'report.json')
  mkdirSync(join(appPath, 'dist', 'engine'), { recursive: true })
  writeFileSync(join(appPath, 'dist', 'engine', 'cli.js'), `(async () => {${engine}})()`)
})
afterAll(() => rmSync(appPath, { recursive: true }))

const start = async (isPackaged: boolean, ...argv: string[]) => {
  const exit = vi.fn<(code: number) => void>()
  const host = { isPackaged, getAppPath: () => appPath, exit }
  const process = Object.assign(Object.create(globalThis.process) as NodeJS.Process, { argv })
  return { asked: await runCommandLine(host, process), exit }
}

test('a call of the installed app is handed to the engine, and its exit code comes back', async () => {
  const { asked, exit } = await start(true, 'fewline', 'sketch', report, '1', 'ein Foto.png')
  expect(asked).toBe(true)
  expect(exit).toHaveBeenCalledExactlyOnceWith(1)
  expect(JSON.parse(readFileSync(report, 'utf8'))).toEqual({
    args: ['sketch', report, '1', 'ein Foto.png'],
    asNode: '1',
  })
})

test('on a checkout the folder that Electron was started on is no argument', async () => {
  const { exit } = await start(false, 'electron', '.', 'bench', report, '0')
  expect(exit).toHaveBeenCalledExactlyOnceWith(0)
  expect(JSON.parse(readFileSync(report, 'utf8'))).toMatchObject({ args: ['bench', report, '0'] })
})

test.skipIf(process.platform === 'win32')('an engine that was killed is no success', async () => {
  const { exit } = await start(true, 'fewline', 'sketch', report, 'killed')
  expect(exit).toHaveBeenCalledExactlyOnceWith(128 + 9)
})

test.each([[[]], [['photo.jpg']], [['drawing.fewline', 'photo.jpg']]])('%j is nothing that was asked', async (args) => {
  const { asked, exit } = await start(true, 'fewline', ...args)
  expect(asked).toBe(false)
  expect(exit).not.toHaveBeenCalled()
})
