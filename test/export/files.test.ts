import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { FewlineError } from '../../src/errors.ts'
import { checkOutput, writeOutput } from '../../src/export/files.ts'
import { toPng } from '../../src/export/png.ts'
import { toSvg } from '../../src/export/svg.ts'

const windows = process.platform === 'win32'
const root = process.getuid?.() === 0
const points = Float32Array.of(10, 10, 20, 20, 30, 20, 40, 10)
const svg = toSvg({ points, widths: Float32Array.of(3), width: 224, height: 224 }, { title: 'Ein „Tier“' })

let folder: string
let out: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fewline ärger '))
  out = join(folder, 'out.svg')
})
afterEach(() => {
  chmodSync(folder, 0o755)
  rmSync(folder, { recursive: true })
})

const problemOf = async (work: Promise<unknown>) => {
  const error = (await work.then(
    () => undefined,
    (reason: unknown) => reason,
  )) as FewlineError
  expect(error.name).toBe('FewlineError')
  expect(error.message).toMatch(/^Expected [^\n]+, but [^\n]+: [^\n]+\.$/)
  return error.problem
}

describe('writeOutput', () => {
  test('writes the file and leaves nothing beside it', async () => {
    await writeOutput(out, svg)
    expect(readFileSync(out, 'utf8')).toBe(svg)
    expect(readdirSync(folder)).toEqual(['out.svg'])
  })

  test('says that the folder is missing', async () => {
    const problem = await problemOf(writeOutput(join(folder, 'no', 'out.svg'), svg))
    expect(problem).toMatchObject({ kind: 'output', came: 'its folder does not exist' })
    expect(readdirSync(folder)).toEqual([])
  })

  test('says that the folder is a file', async () => {
    writeFileSync(out, svg)
    expect(await problemOf(writeOutput(join(out, 'out.svg'), svg))).toMatchObject({ kind: 'output' })
  })

  test.skipIf(windows || root)('says that the folder may not be written in', async () => {
    chmodSync(folder, 0o555)
    const problem = await problemOf(writeOutput(out, svg))
    expect(problem).toMatchObject({ kind: 'output', came: 'its folder may not be written in' })
  })

  test.skipIf(windows)('a link stays a link', async () => {
    symlinkSync(join(folder, 'real.svg'), out)
    writeFileSync(join(folder, 'real.svg'), '')
    await writeOutput(out, svg)
    expect(readFileSync(join(folder, 'real.svg'), 'utf8')).toBe(svg)
    expect(readdirSync(folder).sort()).toEqual(['out.svg', 'real.svg'])
  })
})

describe('a file that is there already', () => {
  const contents: [string, () => Promise<string | Uint8Array>][] = [
    ['a drawing', async () => svg],
    ['a rendered drawing', () => toPng(svg)],
    ['a report', async () => '{\n  "fewline": "0.1.0",\n  "photo": "a.png"\n}\n'],
    ['an empty file', async () => ''],
  ]
  test.each(contents)('is replaced when it is %s of ours', async (_what, content) => {
    writeFileSync(out, await content())
    await writeOutput(out, `${svg}\n`)
    expect(readFileSync(out, 'utf8')).toBe(`${svg}\n`)
  })

  const strangers: [string, string | Uint8Array][] = [
    [
      'a drawing by someone else',
      '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><title>Mine</title></svg>',
    ],
    ['a drawing of ours that someone edited', svg.replace('<svg ', '<?xml version="1.0"?>\n<svg ')],
    ['a text that speaks of Fewline', 'Drawn by Fewline'],
    ['a photo', Uint8Array.of(0xff, 0xd8, 0xff)],
  ]
  test.each(strangers)('stays when it is %s, unless forced', async (_what, content) => {
    writeFileSync(out, content)
    expect(await problemOf(checkOutput(out))).toMatchObject({ kind: 'call' })
    expect(await problemOf(writeOutput(out, svg))).toMatchObject({ kind: 'call' })
    expect(readFileSync(out)).toEqual(Buffer.from(content))
    await writeOutput(out, svg, { force: true })
    expect(readFileSync(out, 'utf8')).toBe(svg)
    expect(readdirSync(folder)).toEqual(['out.svg'])
  })

  test('is never a folder, forced or not', async () => {
    mkdirSync(out)
    expect(await problemOf(writeOutput(out, svg, { force: true }))).toMatchObject({ kind: 'call' })
  })

  test.skipIf(windows)('is never a device', async () => {
    expect(await problemOf(checkOutput('/dev/null', { force: true }))).toMatchObject({ kind: 'call' })
  })
})
