import {
  chmodSync,
  linkSync,
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
import { checkOutput, identityOf, writeOutput } from '../../src/export/files.ts'
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

describe('names', () => {
  test.skipIf(windows)('a link to a file that is not there yet stays a link', async () => {
    symlinkSync('middle.svg', out)
    symlinkSync(join(folder, 'real.svg'), join(folder, 'middle.svg'))
    await writeOutput(out, svg)
    expect(readFileSync(join(folder, 'real.svg'), 'utf8')).toBe(svg)
    expect(readdirSync(folder).sort()).toEqual(['middle.svg', 'out.svg', 'real.svg'])
  })

  test.skipIf(windows)('links that lead to each other are refused', async () => {
    symlinkSync(join(folder, 'b.svg'), join(folder, 'a.svg'))
    symlinkSync(join(folder, 'a.svg'), join(folder, 'b.svg'))
    expect(await problemOf(checkOutput(join(folder, 'a.svg')))).toMatchObject({ kind: 'output' })
  })

  // So long as any name may be, in bytes and in letters of several bytes.
  test.each(['a'.repeat(251), 'ä'.repeat(125), 'a'.repeat(239)])(
    'as long as the system takes work: %#',
    async (name) => {
      const path = join(folder, `${name}.svg`)
      await writeOutput(path, svg)
      expect(readFileSync(path, 'utf8')).toBe(svg)
    },
  )

  test.each(['a'.repeat(252), 'ä'.repeat(126), '日'.repeat(84)])(
    'that are longer are found out before: %#',
    async (name) => {
      const problem = await problemOf(checkOutput(join(folder, `${name}.svg`)))
      expect(problem).toMatchObject({ kind: 'output', came: 'its name is too long' })
    },
  )

  test('many writers of one file all succeed, and nothing is left beside it', async () => {
    const contents = Array.from({ length: 20 }, (_, i) => svg + '\n'.repeat(i))
    await Promise.all(contents.map((content) => writeOutput(out, content)))
    expect(contents).toContain(readFileSync(out, 'utf8'))
    expect(readdirSync(folder)).toEqual(['out.svg'])
  })
})

describe('the identity of a file', () => {
  test.skipIf(windows)('is the same by a link, through one, and by any way to it', async () => {
    writeFileSync(out, svg)
    symlinkSync(out, join(folder, 'soft.svg'))
    linkSync(out, join(folder, 'hard.svg'))
    symlinkSync(folder, join(folder, 'here'))
    const names = ['out.svg', 'soft.svg', 'hard.svg', 'here/out.svg', 'here/./here/hard.svg']
    const identities = await Promise.all(names.map((name) => identityOf(join(folder, name))))
    expect(new Set(identities).size).toBe(1)
    writeFileSync(join(folder, 'other.svg'), svg)
    expect(identities).not.toContain(await identityOf(join(folder, 'other.svg')))
  })

  test.skipIf(windows)('of one that is not there yet, too', async () => {
    symlinkSync(folder, join(folder, 'here'))
    symlinkSync(join(folder, 'new.svg'), join(folder, 'soft.svg'))
    const names = ['new.svg', 'here/new.svg', 'soft.svg', 'NEW.svg']
    expect(new Set(await Promise.all(names.map((name) => identityOf(join(folder, name))))).size).toBe(1)
    expect(await identityOf(join(folder, 'b.svg'))).not.toBe(await identityOf(join(folder, 'new.svg')))
    expect(await identityOf(join(folder, 'no/new.svg'))).not.toBe(await identityOf(join(folder, 'new.svg')))
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
