import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { ask, type Answer } from '../../src/devices/ask.ts'
import { driverState, remembering } from '../../src/devices/memory.ts'

const folder = mkdtempSync(join(tmpdir(), 'fewline-devices-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** A device whose driver does this to the process that tries it. */
const device = (name: string, code: string): string => {
  const program = join(folder, `${name}.mjs`)
  writeFileSync(program, code)
  return program
}

describe('asking', () => {
  test('gives what the process found', async () => {
    const program = device(
      'fine',
      `console.log(JSON.stringify({ values: [1, 2], milliseconds: process.argv[2].length }))`,
    )
    expect(await ask('webgpu', { program })).toEqual({ values: [1, 2], milliseconds: 6 })
    const both = device('both', `console.log(JSON.stringify({ failed: process.argv.slice(2).join('+') }))`)
    expect(await ask('webgpu half', { program: both })).toEqual({ failed: 'webgpu+half' })
  })

  test.each([
    ['crash', 'process.abort()', 'it ended the process that tried it (SIGABRT)'],
    ['exit', 'process.exit(3)', 'it ended the process that tried it (code 3)'],
    ['garbage', 'console.log("{ gpu")', 'it gave no sensible answer'],
    ['nonsense', 'console.log(JSON.stringify({ values: ["1"], milliseconds: 0 }))', 'it gave no sensible answer'],
    ['nothing', '', 'it gave no sensible answer'],
    ['absence', 'console.log(JSON.stringify({ failed: "there is none" }))', 'there is none'],
    ['hang', 'setInterval(() => undefined, 1000)', 'it did not answer within 0.3 seconds'],
  ])('survives %s', async (name, code, failed) => {
    const patience = name === 'hang' ? 300 : 20_000
    expect(await ask('webgpu', { program: device(name, code), patience })).toEqual({ failed })
  })
})

describe('remembering', () => {
  const file = join(folder, 'cache', 'devices.json')
  const answer: Answer = { values: [1], milliseconds: 2 }
  const counting = () => {
    const asked: string[] = []
    const ask = async (device: string): Promise<Answer> => {
      asked.push(device)
      return device === 'cuda' ? { failed: 'there is none' } : answer
    }
    return { asked, ask }
  }

  test('asks each device once, also across starts, until the drivers change', async () => {
    const { asked, ask } = counting()
    for (const drivers of ['one', 'one', 'two', 'two']) {
      const asking = await remembering(ask, file, drivers)
      expect([await asking('cpu'), await asking('cuda'), await asking('cpu')]).toEqual([
        answer,
        { failed: 'there is none' },
        answer,
      ])
    }
    expect(asked).toEqual(['cpu', 'cuda', 'cpu', 'cuda'])
  })

  test('takes no harm from a file that is damaged, or can’t be written', async () => {
    const { asked, ask } = counting()
    writeFileSync(file, '{"drivers": "two", "answers": {"cpu": {"values": "x"}}}')
    expect(await (await remembering(ask, file, 'two'))('cpu')).toEqual(answer)
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ drivers: 'two', answers: { cpu: answer } })
    const nowhere = join(file, 'inside a file', 'devices.json')
    expect(await (await remembering(ask, nowhere, 'two'))('cpu')).toEqual(answer)
    expect(asked).toEqual(['cpu', 'cpu'])
  })

  test('knows a runtime from the next one', async () => {
    expect(await driverState('1')).toBe(await driverState('1'))
    expect(await driverState('1')).not.toBe(await driverState('2'))
  })
})
