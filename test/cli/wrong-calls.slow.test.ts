import { linkSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { toSvg } from '../../src/export/svg.ts'
import { CLI, expectRefused, expectSentence, fewline, outcomeOf, useFolder, writePhoto } from './fewline.ts'

const folder = useFolder()

describe('a wrong call is exit code 2, one sentence, and nothing written', () => {
  // More of them are in `wrong-options.rare.test.ts`.
  test.each([
    ['no stroke', ['--strokes', '0'], 'from 1 to 512'],
    ['a series that goes down', ['--series', '16,8'], 'to go up'],
    ['a size without its unit', ['--size', '120'], 'write 120mm, 120cm, 120in or 120px'],
    ['an encoder that is not there', ['--encoder', 'abacus'], 'fewline models list'],
    ['a text for an encoder that sees only', ['--text', 'a cat'], 'choose a CLIP model'],
    ['a checkpoint that is not there', ['--resume', 'nowhere.json'], 'nowhere.json'],
    ['an unknown option', ['--strook', '3'], '--strook'],
    ['an unknown kind of output', ['-o', 'a.bmp'], '.svg, .png, .pdf, .gif, .webp'],
    ['a report in the place of the sketch', ['-o', 'b.svg', '--json', './b.svg'], 'of its own'],
    ['a picture of more pixels than one should have', ['-o', 'b.png', '--size', '20000px'], 'at most 17000'],
  ])('%s', (_what, args, hint) => expectRefused(folder, args, hint))

  test.skipIf(process.platform === 'win32').each([
    ['the photo by a link', ['-o', 'soft.png']],
    ['the photo by its other name', ['-o', 'hard.png']],
    ['the photo through a folder that is a link', ['-o', 'here/a.png']],
    ['the mask', ['--mask', 'b.png', '-o', 'here/b.png']],
    ['the drawing to begin with', ['--from', 'c.svg', '-o', 'here/c.svg']],
    ['the photo by the report of a call that is wrong', ['--from', 'missing.svg', '--json', 'hard.png']],
    ['the drawing to begin with, by a frame', ['--from', 'here/a-0001.svg', '--frames', '.']],
    ['the report, by what is left when it is stopped', ['--json', 'a.checkpoint.json']],
  ])('%s is not written over, forced or not', async (_what, args) => {
    await writePhoto(join(folder.path, 'a.png'))
    await writePhoto(join(folder.path, 'b.png'))
    const points = Float32Array.of(10, 10, 20, 20, 30, 20, 40, 10)
    const svg = toSvg({ points, widths: Float32Array.of(3), width: 224, height: 224 })
    for (const name of ['c.svg', 'a-0001.svg']) writeFileSync(join(folder.path, name), svg)
    symlinkSync('a.png', join(folder.path, 'soft.png'))
    linkSync(join(folder.path, 'a.png'), join(folder.path, 'hard.png'))
    symlinkSync('.', join(folder.path, 'here'))
    const before = folder.files()
    const photo = readFileSync(join(folder.path, 'a.png'))
    const { code, stderr } = await fewline(folder.path, ['sketch', 'a.png', ...args, '--force'])
    expect(code).toBe(2)
    expectSentence(stderr)
    expect(folder.files()).toEqual(before)
    expect(readFileSync(join(folder.path, 'a.png'))).toEqual(photo)
    expect(readFileSync(join(folder.path, 'c.svg'), 'utf8')).toBe(svg)
  })

  test.each([
    ['no photo', ['sketch']],
    ['an unknown command', ['skech', 'a.png']],
    ['an unknown bench', ['bench', 'press']],
    ['an empty folder', ['sketch', '.']],
    ['one file for two photos', ['sketch', 'a.png', 'b.png', '-o', 'out.svg']],
    ['one pipe for two photos', ['sketch', 'a.png', 'b.png', '-o', '-']],
  ])('%s', async (_what, args) => {
    const { code, stdout, stderr } = await fewline(folder.path, args)
    expect([code, stdout]).toEqual([2, ''])
    expectSentence(stderr)
    expect(folder.files()).toEqual([])
  })

  test('no command at all shows the help', async () => {
    const { code, stdout, stderr } = await fewline(folder.path, [])
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(/^Usage: fewline/)
  })

  test('the photo as its own output, forced or not', async () => {
    const photo = await writePhoto(join(folder.path, 'a.png'))
    const { code, stderr } = await fewline(folder.path, ['sketch', photo, '-o', 'a.png', '--force'])
    expect(code).toBe(2)
    expectSentence(stderr)
  })

  test('a file that someone else wrote', async () => {
    await writePhoto(join(folder.path, 'a.png'))
    writeFileSync(join(folder.path, 'a.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>')
    const { code, stderr } = await fewline(folder.path, ['sketch', 'a.png'])
    expect(code).toBe(2)
    expectSentence(stderr)
    expect(stderr).toContain('--force')
  })

  test('a folder where a file should go, from the report too', async () => {
    await writePhoto(join(folder.path, 'a.png'))
    mkdirSync(join(folder.path, 'report'))
    const { code, stderr } = await fewline(folder.path, ['sketch', 'a.png', '--json', 'report'])
    expect(code).toBe(2)
    expectSentence(stderr)
    expect(folder.files()).toEqual(['a.png', 'report'])
  })
})

// A library that was loaded shows among the shared objects of the process.
test.each([
  ['--version', 0],
  ['--help', 0],
  ['sketch --help', 0],
  ['sketch a.png --strokes 0', 2],
  ['bench press', 2],
])('%s answers without loading the engine', async (call, expected) => {
  const tell = `process.on('exit', () => process.stdout.write(process.report.getReport().sharedObjects.join('\\n')))`
  const args = ['--import', `data:text/javascript,${encodeURIComponent(tell)}`, CLI, ...call.split(' ')]
  const { code, stdout } = await outcomeOf(process.execPath, args, folder.path)
  expect(code).toBe(expected)
  expect(stdout).not.toMatch(/sharp|vips|onnxruntime/)
})
