import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Report } from '../../src/cli/report.ts'
import { fromSvg } from '../../src/export/read-svg.ts'
import type { Strokes } from '../../src/strokes/strokes.ts'
import { TINY_VIT, writeClip, writeVocabulary } from '../support/clip.ts'
import { expectSentence, fewline, pathsIn, useFolder, writePhoto } from './fewline.ts'

const models = mkdtempSync(join(tmpdir(), 'fewline-models-'))
const VIT = join(models, 'vit.pt')
beforeAll(() => {
  vi.stubEnv('FEWLINE_MODELS', models)
  vi.stubEnv('FEWLINE_CACHE', models)
  writeVocabulary(models)
  writeClip(VIT, { ...TINY_VIT, resolution: 224, patch: 32 })
})
afterAll(() => {
  vi.unstubAllEnvs()
  rmSync(models, { recursive: true })
})

const folder = useFolder()
const read = (name: string) => readFileSync(join(folder.path, name), 'utf8')
const QUICK = ['--encoder', VIT, '--device', 'cpu', '--preset', 'fast', '--iterations', '4', '--strokes', '8']
const draw = (...args: string[]) => fewline(folder.path, ['draw', ...args])

describe('fewline draw', () => {
  test('paints a sentence into a file of its name, and a report says how', async () => {
    const { code, stderr } = await draw('a fox, "red" #1', ...QUICK, '--json', 'a.json', '--negative', 'text')
    expect([code, stderr]).toEqual([0, expect.stringContaining('8 strokes, done')])
    const svg = read('a-fox-red-1.svg')
    expect(pathsIn(svg)).toBe(8)
    expect(svg).toContain('<title>a fox, "red" #1</title>')
    const report = JSON.parse(read('a.json')) as Report
    expect(report).toMatchObject({ prompt: 'a fox, "red" #1', strokes: 8, preset: 'fast', iterations: 4 })
    expect(Object.keys(report.history[0]!.terms)).toEqual(['text', 'negative'])
  })

  test('in a few colours on paper of its own, as every format, begun on a photo or on a drawing', async () => {
    await writePhoto(join(folder.path, 'photo.png'))
    const first = await draw(
      'sea',
      ...QUICK,
      '--from',
      'photo.png',
      '--palette',
      '#036,#fc0',
      '--paper',
      '#eee',
      '-o',
      'a.svg',
    )
    expect(first).toMatchObject({ code: 0 })
    expect(read('a.svg')).toContain('fill="#eeeeee"')
    expect([...read('a.svg').matchAll(/stroke="(#\w+)"/g)].map(([, colour]) => colour)).toSatisfy((used: string[]) =>
      used.every((colour) => ['#003366', '#ffcc00'].includes(colour)),
    )
    const other = ['--from', 'a.svg', '--pens', '1', '--plotter', '--size', '120mm', '-o', 'b.pdf']
    expect(await draw('sea', ...QUICK.slice(0, -2), ...other)).toMatchObject({ code: 0 })
    expect(readFileSync(join(folder.path, 'b.pdf')).subarray(0, 5).toString()).toBe('%PDF-')
  })

  test('for a plotter in as many colours as it has pens, a layer for each; a sketch of a photo begins with it', async () => {
    const { code } = await draw('sea', ...QUICK, '--strokes', '24', '--pens', '3', '--plotter', '-o', 'a.svg')
    expect(code).toBe(0)
    const layers = read('a.svg').split('inkscape:groupmode="layer"').slice(1)
    const pens = layers.map((layer) => new Set(Array.from(layer.matchAll(/stroke="(#\w+)"/g), ([, colour]) => colour)))
    expect(pens.map(({ size }) => size)).toEqual([1, 1, 1])
    expect(new Set(pens.flatMap((pen) => [...pen])).size).toBe(3)
    expect(layers.map(pathsIn).reduce((sum, count) => sum + count)).toBe(24)

    await writePhoto(join(folder.path, 'photo.png'))
    const from = ['photo.png', '--from', 'a.svg', '--encoder', 'builtin', '--iterations', '2', '-o', 'b.svg']
    expect(await fewline(folder.path, ['sketch', ...from])).toMatchObject({ code: 0 })
    const [first, then] = ['a.svg', 'b.svg'].map((name) => fromSvg(read(name)))
    const coloursOf = ({ colors }: Strokes) =>
      Array.from(first!.widths.keys(), (i) => colors!.slice(4 * i, 4 * i + 4).join()).sort()
    expect(coloursOf(then!)).toEqual(coloursOf(first!))
    expect([...then!.widths].sort()).toEqual([...first!.widths].sort())
  })

  test('stopped, it leaves a checkpoint that goes on to the identical file', async () => {
    await writePhoto(join(folder.path, 'photo.png'))
    const words = ['--from', 'photo.png', '--style', 'photo.png', '--negative', 'text', '--paper', '#eee']
    const call = ['sea', ...QUICK.slice(0, -4), '--iterations', '16', '--strokes', '6', ...words]
    expect((await draw(...call, '-o', 'whole.svg')).code).toBe(0)
    const stopped = await fewline(folder.path, ['draw', ...call, '-o', 'part.svg'], (child) =>
      child.stderr!.on('data', (text: Buffer) => text.includes('step ') && child.kill('SIGINT')),
    )
    expect(stopped.code).toBe(130)
    expect(stopped.stderr).toContain('To go on with it: fewline draw --resume "part.checkpoint.json"')
    expect(pathsIn(read('part.svg'))).toBe(6)
    expect((await draw('--resume', 'part.checkpoint.json', '-o', 'part.svg')).code).toBe(0)
    expect(read('part.svg')).toBe(read('whole.svg'))
    const other = await draw('land', '--resume', 'part.checkpoint.json', '-o', 'part.svg')
    expect([other.code, other.stderr]).toEqual([2, expect.stringContaining('text was "sea" then')])
  })

  test('reads another script, in the style of the very photo that it begins on', async () => {
    await writePhoto(join(folder.path, 'photo.png'))
    const { code, stderr } = await draw('雪の中の赤い狐', ...QUICK, '--from', 'photo.png', '--style', 'photo.png')
    expect([code, stderr]).toEqual([0, expect.stringContaining('8 strokes, done')])
    const [name] = folder.files().filter((file) => file.endsWith('.svg'))
    expect(pathsIn(read(name!))).toBe(8)
    expect(read(name!)).toContain('<title>雪の中の赤い狐</title>')
  })

  test('a sketch is moved by words, without a photo', async () => {
    await draw('sea', ...QUICK, '-o', 'a.svg')
    const moved = ['--from', 'a.svg', '--source', 'a cat', '-o', 'b.svg', ...QUICK.slice(0, -2)]
    const sketch = (...args: string[]) => fewline(folder.path, ['sketch', ...args])
    expect(await sketch(...moved, '--text', 'a smiling cat')).toMatchObject({ code: 0 })
    expect(pathsIn(read('b.svg'))).toBe(pathsIn(read('a.svg')))
    expect(read('b.svg')).not.toBe(read('a.svg'))
    for (const more of [[], ['a.png', '--text', 'a dog'], ['--text', 'a dog', '--mask', 'none']]) {
      const { code, stderr } = await sketch(...more, ...moved)
      expect([code, stderr]).toEqual([2, expect.stringContaining('--source "a cat"')])
      expectSentence(stderr)
    }
  })

  test('says after which word a sentence is longer than CLIP reads', async () => {
    const { code, stderr } = await draw(
      Array.from({ length: 2000 }, (_, i) => `w${i}`).join(' '),
      ...QUICK,
      '-o',
      'a.svg',
    )
    expect(code).toBe(0)
    // Letters and digits are a token each: 10 words of two, and 18 of three.
    expect(stderr).toContain('Note: The sentence is longer than CLIP reads: what comes after “w27” does not count.')
  })

  test.each([
    ['no sentence', [], 2, 'a red fox in the snow'],
    ['an empty sentence', ['  '], 2, 'a red fox in the snow'],
    ['a style that is not there', ['fox', '--style', 'none.png', '--encoder', VIT], 1, 'does not exist'],
    ['no model', ['fox'], 1, 'fewline models download'],
    ['black and colours', ['fox', '--mono', '--palette', '#fff'], 2, 'leave one of them out'],
    ['a colour that is none', ['fox', '--palette', '#zzz'], 2, '#f7f3e8'],
    ['a checkpoint that is none', ['fox', '--resume', 'nowhere.json'], 2, 'nowhere.json'],
  ])('refuses %s', async (_, args, exit, said) => {
    const { code, stderr } = await draw(...args)
    expect(code).toBe(exit)
    expectSentence(stderr)
    expect(stderr).toContain(said)
  })
})
