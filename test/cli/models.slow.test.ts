import type { ChildProcess } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { breaksOffAfter, noise, serves, sha256, slowly, useServer, stubModels } from '../models/server.ts'
import { randomTensor, writeSafetensors } from '../support/weights.ts'
import { expectSentence, fewline, useFolder, type Outcome } from './fewline.ts'

const folder = useFolder()
const server = useServer()

const CONTENT = noise(2_000_000)
const models = (): string => join(folder.path, 'models')

/** What the command reads of the environment. */
beforeEach(() => {
  const file = { name: 'tiny.pt', content: CONTENT, urls: [server.url('/tiny.pt')] }
  stubModels(folder.path, [file], models())
})

function call(line: string, started?: (child: ChildProcess) => void): Promise<Outcome> {
  return fewline(folder.path, ['models', ...line.split(' ').filter(Boolean)], started)
}

function expectDone({ code, stderr }: Outcome): void {
  expect([code, stderr]).toEqual([0, ''])
}

describe('fewline models', () => {
  test('lists what there is', async () => {
    for (const line of ['', 'list']) {
      const outcome = await call(line)
      expectDone(outcome)
      expect(outcome.stdout).toMatch(/^Tiny\/1 +not installed, 2 MB, MIT\n {2}tests\n/)
      expect(outcome.stdout).toContain(`Folder: ${models()}`)
    }
  })

  test('lists it for other programs', async () => {
    const outcome = await call('list --json')
    expectDone(outcome)
    expect(JSON.parse(outcome.stdout)).toMatchObject({
      folder: models(),
      models: [{ name: 'Tiny/1', installed: false, bytes: 2_000_000, missing: 2_000_000 }],
    })
  })

  test('download fetches, tells how far it is, and goes nowhere when all is there', async () => {
    server.put('/tiny.pt', CONTENT)
    const { code, stdout, stderr } = await call('download Tiny/1')
    expect([code, stdout]).toEqual([0, `Tiny/1 is installed: ${join(models(), 'tiny.pt')}\n`])
    expect(stderr).toMatch(/^(tiny\.pt: \d+ % of 2\.0 MB\n)+$/)
    expect(stderr).toContain('100 %')
    const asked = server.asked.length
    expectDone(await call('download Tiny/1'))
    expect(server.asked).toHaveLength(asked)
    expect((await call('')).stdout).toContain('Tiny/1     installed, 2 MB')
    expect((await call('verify')).stdout).toBe(`${join(models(), 'tiny.pt')} is as it should be\n`)
  })

  test('two at once do not harm each other', async () => {
    server.put('/tiny.pt', CONTENT, slowly(10, 50), slowly(7, 50))
    const both = await Promise.all([call('download Tiny/1'), call('download Tiny/1')])
    expect(both.map(({ code }) => code)).toEqual([0, 0])
    expect(readFileSync(join(models(), 'tiny.pt')).equals(CONTENT)).toBe(true)
    expect(readdirSync(models())).toEqual(['tiny.pt'])
  })

  test('a server that breaks off is asked for the rest', async () => {
    server.put('/tiny.pt', CONTENT, breaksOffAfter(1_000_000))
    expect((await call('download Tiny/1')).code).toBe(0)
    expect(server.asked).toHaveLength(2)
  })

  test('import takes a file, verify finds its damage, and remove removes it', async () => {
    const tower = { 'visual.conv1.weight': randomTensor([8, 3, 16, 16], 1), 'visual.proj': randomTensor([8, 4], 2) }
    const rest = { 'visual.positional_embedding': randomTensor([5, 8], 3) }
    const block = { 'visual.transformer.resblocks.0.ln_1.weight': randomTensor([8], 4) }
    writeSafetensors(join(folder.path, 'mine.safetensors'), { ...tower, ...rest, ...block })
    const { code, stdout, stderr } = await call('import mine.safetensors')
    expect([code, stderr]).toEqual([0, ''])
    const path = stdout.replace('mine.safetensors is installed: ', '').trim()
    expect((await call('verify')).code).toBe(0)
    writeFileSync(path, 'something else')
    expect(await call('verify')).toMatchObject({ code: 1, stdout: expect.stringContaining('is damaged: remove it') })
    const name = /([^/\\]+)\.safetensors$/.exec(path)![1]!
    expect(await call(`remove ${name}`)).toMatchObject({ code: 0, stdout: `${path} is removed\n` })
    expect(readdirSync(models())).toEqual([])
  })
})

describe.skipIf(process.platform === 'win32')('a download that ends before its end', () => {
  test('by Ctrl-C gives 130, and the next call goes on from there', async () => {
    server.put('/tiny.pt', CONTENT, slowly(100, 50))
    const stopped = await call('download Tiny/1', (child) => child.stderr!.once('data', () => child.kill('SIGINT')))
    expect([stopped.code, stopped.stdout]).toEqual([130, ''])
    expect(stopped.stderr).toMatch(/Stopped\. .*\n$/)
    const [partial] = readdirSync(models())
    expect(partial).toBe(`tiny.pt.${sha256(CONTENT).slice(0, 8)}.part`)
    const { length } = readFileSync(join(models(), partial!))
    expect((await call('download Tiny/1')).code).toBe(0)
    expect(server.asked.at(-1)).toBe(`/tiny.pt bytes=${length}-`)
    expect(readdirSync(models())).toEqual(['tiny.pt'])
  })

  test('by a crash is gone on with', async () => {
    server.put('/tiny.pt', CONTENT, slowly(100, 50))
    await call('download Tiny/1', (child) => child.stderr!.once('data', () => child.kill('SIGKILL')))
    expect((await call('download Tiny/1')).code).toBe(0)
    expect(server.asked.at(-1)).toMatch(/bytes=[1-9]\d*-$/)
    expect(readFileSync(join(models(), 'tiny.pt')).equals(CONTENT)).toBe(true)
    expect(readdirSync(models())).toEqual(['tiny.pt'])
  })
})

describe('one sentence on stderr, and', () => {
  test.each([
    ['an unknown model', 'download RN9000', '"RN9000" is none'],
    ['no model', 'download', "'names'"],
    ['an unknown command', 'upload', 'list, download, import, verify or remove'],
    ['an unknown option', 'list --long', '--long'],
    ['a model to remove that is not there', 'remove Tiny/1', '"Tiny/1" is not'],
  ])('exit code 2 for %s', async (_what, line, hint) => {
    const { code, stdout, stderr } = await call(line)
    expect([code, stdout]).toEqual([2, ''])
    expectSentence(stderr)
    expect(stderr).toContain(hint)
  })

  test('exit code 2 for a catalogue that is none', async () => {
    writeFileSync(join(folder.path, 'catalogue.json'), '{}')
    const { code, stderr } = await call('list')
    expect(code).toBe(2)
    expectSentence(stderr)
  })

  test.each([
    ['a file that is no model', 'import catalogue.json', 'is neither a .pt archive nor a .safetensors file'],
    ['a file that is not there', 'import nowhere.pt', 'does not exist'],
    ['a model that no server has', 'download Tiny/1', 'answers 404'],
  ])('exit code 1 for %s', async (_what, line, hint) => {
    const { code, stdout, stderr } = await call(line)
    expect([code, stdout]).toEqual([1, ''])
    expectSentence(stderr)
    expect(stderr).toContain(hint)
  })

  test('exit code 1 for a file with a wrong byte, of which nothing is kept', async () => {
    const wrong = Buffer.from(CONTENT)
    wrong[1_234_567]! ^= 1
    server.put('/tiny.pt', CONTENT, serves(wrong))
    const { code, stderr } = await call('download Tiny/1')
    expect(code).toBe(1)
    expect(stderr).toContain('has another file (its SHA-256 differs)')
    expect(readdirSync(models())).toEqual([])
  })

  test('exit code 1 for a folder that may not be made', async () => {
    writeFileSync(models(), 'a file')
    const { code, stderr } = await call('download Tiny/1')
    expect(code).toBe(1)
    expectSentence(stderr)
  })
})
