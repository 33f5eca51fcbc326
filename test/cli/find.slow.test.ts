import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { pointAt, type Cubic } from '../../src/strokes/fit.ts'
import { scene } from '../finder/scene.ts'
import { hasShared, SHARED } from '../support/golden.ts'
import { expectSentence, fewline, useFolder } from './fewline.ts'

const folder = useFolder()
const place = (name: string) => join(folder.path, name)

/** Points all along the lines of an SVG of ours. */
function pointsOf(svg: string): [number, number][] {
  return svg.match(/ d="[^"]*"/g)!.flatMap((path) => {
    const numbers = path.match(/-?\d+\.?\d*/g)!.map(Number)
    const cubics = Array.from({ length: (numbers.length - 2) / 6 }, (_, k) => numbers.slice(6 * k, 6 * k + 8) as Cubic)
    return cubics.flatMap((cubic) => Array.from({ length: 21 }, (_, k) => pointAt(cubic, k / 20)))
  })
}

/** A dark disc on white, lying on its side in the file: upright it is 200 wide, 300 high, the disc at 140, 60. */
beforeEach(async () => {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="300" height="200"><rect width="300" height="200" fill="#fff"/>
    <circle cx="60" cy="60" r="40" fill="#333"/></svg>`
  writeFileSync(place('a.jpg'), await sharp(Buffer.from(svg)).jpeg().withMetadata({ orientation: 6 }).toBuffer())
})

interface Answer {
  width: number
  height: number
  finder: string
  things: { words: string; score: number; box: { x: number; y: number; width: number; height: number } }[]
}

describe('fewline find without words', () => {
  test('writes the subject white on black, in the upright shape of the photo, and says where it is', async () => {
    const { code, stdout } = await fewline(folder.path, ['find', 'a.jpg', '-o', 'mask.png', '--json'])
    expect(code).toBe(0)
    const { width, height, finder, things } = JSON.parse(stdout) as Answer
    expect([width, height, finder]).toEqual([200, 300, 'subject'])
    const [{ box }] = things as [Answer['things'][number]]
    for (const [side, at] of Object.entries({ x: 100, y: 20, width: 80, height: 80 })) {
      expect(Math.abs(box[side as keyof typeof box] - at)).toBeLessThan(4)
    }
    const { data, info } = await sharp(place('mask.png')).greyscale().raw().toBuffer({ resolveWithObject: true })
    expect([info.width, info.height]).toEqual([200, 300])
    expect(data[60 * 200 + 140]).toBeGreaterThan(250)
    expect(data[200 * 200 + 60]).toBeLessThan(5)
  })

  test('replaces its own mask, and no file of others', async () => {
    expect(await fewline(folder.path, ['find', 'a.jpg', '-o', 'mask.png'])).toMatchObject({ code: 0 })
    expect(await fewline(folder.path, ['find', 'a.jpg', '-o', 'mask.png'])).toMatchObject({ code: 0 })
    writeFileSync(place('mine.png'), 'not ours')
    const { code, stderr } = await fewline(folder.path, ['find', 'a.jpg', '-o', 'mine.png'])
    expect(code).toBe(2)
    expectSentence(stderr)
    expect(readFileSync(place('mine.png'), 'utf8')).toBe('not ours')
  })

  test.each([
    ['a photo that is not there', ['find', 'nothing.jpg'], 1],
    ['a mask that is no PNG', ['find', 'a.jpg', '-o', 'mask.jpg'], 2],
    ['two things on standard output', ['find', 'a.jpg', '-o', '-', '--json'], 2],
    ['a mask over the photo', ['find', 'a.png', '-o', 'a.png'], 2],
  ])('refuses %s in a sentence', async (_, args, expected) => {
    const { code, stderr } = await fewline(folder.path, args)
    expect(code).toBe(expected)
    expectSentence(stderr)
  })
})

describe.skipIf(!hasShared)('with a model that understands colours', () => {
  beforeEach(async () => {
    vi.stubEnv('FEWLINE_MODELS', join(folder.path, 'models'))
    copyFileSync(`${SHARED}/golden/colour-vit.pt`, place('colours.pt'))
    copyFileSync(`${SHARED}/models/bpe_simple_vocab_16e6.txt.gz`, place('bpe_simple_vocab_16e6.txt.gz'))
    writeFileSync(place('scene.png'), await scene())
  })
  afterAll(() => vi.unstubAllEnvs())
  const colours = ['--encoder', 'colours.pt']
  const QUICK = ['--strokes', '6', '--iterations', '2']

  test('find writes a mask and an overlay, and knows a phrase from an option', async () => {
    const args = ['find', 'scene.png', 'the red one', '-opal', ...colours, '-o', 'a.overlay.png', '--json']
    const { code, stdout } = await fewline(folder.path, args)
    expect(code).toBe(0)
    const { finder, things } = JSON.parse(stdout) as Answer
    expect(finder).toBe('clip')
    expect(things.map(({ words }) => words)).toEqual(['the red one'])
    const { data, info } = await sharp(place('a.overlay.png')).removeAlpha().raw().toBuffer({ resolveWithObject: true })
    expect([info.width, info.height]).toEqual([240, 160])
    // The background is the photo's own; the disc is tinted.
    expect([...data.subarray(3 * (150 * 240 + 5), 3 * (150 * 240 + 5) + 3)].every((v) => Math.abs(v - 128) < 6)).toBe(
      true,
    )
  })

  test('label --boxes says where each thing is', async () => {
    const { code, stdout } = await fewline(folder.path, ['label', 'scene.png', 'red', 'green', '--boxes', ...colours])
    expect(code).toBe(0)
    expect(stdout.trim().split('\n')).toHaveLength(2)
    expect(stdout).toMatch(/% {2}red {2}at 2\d,2\d, 7\d × 7\d/)
  })

  test('sketch --subject draws lines on that thing only; --each gives each a file of its own', async () => {
    const sketch = await fewline(folder.path, ['sketch', 'scene.png', '--subject', 'the red one', ...colours, ...QUICK])
    expect(sketch).toMatchObject({ code: 0 })
    // The disc has its centre at (56, 56) on the canvas, and a radius of 34 units.
    expect(pointsOf(readFileSync(place('scene.svg'), 'utf8')).every(([x, y]) => Math.hypot(x - 56, y - 56) < 39)).toBe(
      true,
    )
    const each = ['sketch', 'scene.png', '--each', 'the green one', ...colours, ...QUICK]
    expect(await fewline(folder.path, each)).toMatchObject({ code: 0 })
    expect(folder.files().filter((name) => name.endsWith('.svg'))).toEqual(['scene-1.svg', 'scene.svg'])
  })

  test('nothing found is exit 1, with the near misses', async () => {
    for (const call of [
      ['find', 'scene.png', 'the yellow one'],
      ['sketch', 'scene.png', '--subject', 'the yellow one'],
    ]) {
      const { code, stderr } = await fewline(folder.path, [...call, ...colours])
      expect(code).toBe(1)
      // Beside it there may be a note on who looked.
      expectSentence(stderr.replace(/^Note: [^\n]*\n/gm, ''))
      expect(stderr).toContain('nearest: "the yellow one"')
    }
    expect(folder.files()).not.toContain('scene.svg')
  })

  test.each([
    ['an empty phrase', ['find', 'scene.png', ' '], 2],
    ['only what is not meant', ['find', 'scene.png', '-red'], 2],
    ['200 phrases', ['find', 'scene.png', ...Array.from({ length: 200 }, (_, i) => `thing ${i}`)], 2],
    ['a point outside', ['find', 'scene.png', '--at', '240,5'], 2],
    ['a point that is none', ['find', 'scene.png', '--at', '5'], 2],
    ['a box of no size', ['find', 'scene.png', '--box', '5,5,0,9'], 2],
    ['an example that is not there', ['find', 'scene.png', '--like', 'nothing.png'], 1],
    ['an example by who takes none', ['find', 'scene.png', '--like', 'scene.png', '--finder', 'clip'], 2],
    ['a box outside of the example', ['find', 'scene.png', '--like', 'scene.png@500,5,10,10'], 2],
    ['an example without a model', ['find', 'scene.png', '--like', 'scene.png@24,24,72,72'], 1],
    ['a finder that takes no words', ['find', 'scene.png', 'red', '--finder', 'region'], 2],
    ['words without a model', ['find', 'scene.png', 'red'], 1],
    ['a subject and a mask', ['sketch', 'scene.png', '--subject', 'red', '--mask', 'none', ...colours], 2],
  ])('refuses %s', async (_, args, expected) => {
    const { code, stderr } = await fewline(folder.path, args)
    expect(code).toBe(expected)
    expectSentence(stderr)
  })

  test('clicks and boxes need no model', async () => {
    const { code, stdout } = await fewline(folder.path, ['find', 'scene.png', '--at', '60,60', '--box', '120,20,90,80'])
    expect(code).toBe(0)
    const [point, box] = stdout.trim().split('\n')
    expect(point).toMatch(/at 60,60 {2}at 2\d,2\d, 7\d × 7\d/)
    expect(box).toContain('in 120,20,90,80')
  })
})
