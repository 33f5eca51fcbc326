import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { EditReport } from '../../src/cli/report.ts'
import { TINY_VIT, VOCABULARY, writeClip, writeVocabulary } from '../support/clip.ts'
import { fromSvg } from '../../src/export/read-svg.ts'
import { colourGenerator, npy, SIDE, twoFiles, unfit } from '../support/generators.ts'
import { hasShared, SHARED } from '../support/golden.ts'
import { expectSentence, fewline, photo, useFolder, writePhoto } from './fewline.ts'

const models = mkdtempSync(join(tmpdir(), 'fewline-models-'))
/** One that understands colours where that is at hand, else one that understands nothing. */
const CLIP = hasShared ? resolve(SHARED, 'golden/colour-vit.pt') : join(models, 'vit.pt')
beforeAll(() => {
  vi.stubEnv('FEWLINE_MODELS', models)
  vi.stubEnv('FEWLINE_CACHE', models)
  if (hasShared) copyFileSync(`${SHARED}/models/${VOCABULARY}`, join(models, VOCABULARY))
  else {
    writeVocabulary(models)
    writeClip(CLIP, { ...TINY_VIT, resolution: 224, patch: 32 })
  }
})
afterAll(() => {
  vi.unstubAllEnvs()
  rmSync(models, { recursive: true })
})

const folder = useFolder()
const at = (name: string) => join(folder.path, name)
const QUICK = ['--encoder', CLIP, '--device', 'cpu', '--threads', '1', '--iterations', '4']
const edit = (...args: string[]) => fewline(folder.path, ['edit', ...args])
const pixels = (file: string) =>
  sharp(readFileSync(at(file)), { ignoreIcc: true })
    .raw({ depth: 'uchar' })
    .toBuffer()

describe('fewline edit', () => {
  test('writes the photo as it became, beside a report; with no strength it is the photo', async () => {
    await writePhoto(at('cup.png'))
    const { code, stderr } = await edit('cup.png', 'warm "light" #1', ...QUICK, '--json', 'a.json')
    expect([code, stderr]).toEqual([0, expect.stringContaining('cup-edited.png: done')])
    expect(await pixels('cup-edited.png')).not.toEqual(await pixels('cup.png'))
    const report = JSON.parse(readFileSync(at('a.json'), 'utf8')) as EditReport
    expect(report).toMatchObject({
      photo: 'cup.png',
      prompt: 'warm "light" #1',
      mode: 'tone',
      strength: 1,
      iterations: 4,
    })
    expect(Object.keys(report.history[0]!.terms)).toEqual(['direction', 'content', 'change', 'smoothness', 'range'])
    // A file of ours may be replaced.
    expect((await edit('cup.png', 'warm', ...QUICK, '--strength', '0')).code).toBe(0)
    expect(await pixels('cup-edited.png')).toEqual(await pixels('cup.png'))
  })

  test('keeps 16 bits, profile, camera and shape, and what is outside of a region; forgets the place', async () => {
    const deep = await sharp(await photo())
      .toColourspace('rgb16')
      .withIccProfile('p3')
      .withExif({ IFD0: { Make: 'Fewline Cameras' }, IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '51/1 30/1 12/1' } })
      .png()
      .toBuffer()
    writeFileSync(at('deep.png'), deep)
    const half = { create: { width: 120, height: 160, channels: 3, background: 'white' } } as const
    const region = sharp({ create: { ...half.create, width: 240, background: 'black' } })
    await region
      .composite([{ input: half, left: 0, top: 0 }])
      .png()
      .toFile(at('region.png'))
    const { code } = await edit('deep.png', 'cold', ...QUICK, '--region', 'region.png', '-o', 'out.png')
    expect(code).toBe(0)
    const [before, after] = await Promise.all(['deep.png', 'out.png'].map((file) => sharp(at(file)).metadata()))
    expect(after).toMatchObject({ width: 240, height: 160, depth: 'ushort' })
    expect(after!.icc).toEqual(before!.icc)
    expect(after!.exif!.includes('Fewline Cameras')).toBe(true)
    expect(after!.exif!.includes(Buffer.from([51, 0, 0, 0, 1, 0, 0, 0]))).toBe(false)
    const samples = async (file: string) => {
      const raw = sharp(at(file), { ignoreIcc: true }).extract({ left: 120, top: 0, width: 120, height: 160 })
      return raw.toColourspace('rgb16').raw({ depth: 'ushort' }).toBuffer()
    }
    expect(await samples('out.png')).toEqual(await samples('deep.png'))
    expect(await pixels('out.png')).not.toEqual(await pixels('deep.png'))
  })

  test('stopped, it leaves a checkpoint that goes on to the identical file', async () => {
    await writePhoto(at('cup.png'))
    const long = [...QUICK.slice(0, -1), '60']
    expect((await edit('cup.png', 'warm', ...long, '-o', 'whole.png')).code).toBe(0)
    const stopped = await fewline(folder.path, ['edit', 'cup.png', 'warm', ...long, '-o', 'part.png'], (child) =>
      child.stderr!.on('data', (text: Buffer) => text.includes('step 1') && child.kill('SIGINT')),
    )
    expect(stopped.code).toBe(130)
    expect(stopped.stderr).toContain('To go on with it: fewline edit --resume "part.checkpoint.json"')
    expect((await edit('--resume', 'part.checkpoint.json', '-o', 'part.png')).code).toBe(0)
    expect(await pixels('part.png')).toEqual(await pixels('whole.png'))
    const other = await edit('cup.png', 'cold', '--resume', 'part.checkpoint.json', '-o', 'part.png')
    expect([other.code, other.stderr]).toEqual([2, expect.stringContaining('text was "warm" then')])
  })

  test('changes what words find alone, and paints strokes that an SVG holds as well', async () => {
    const red = { create: { width: 120, height: 160, channels: 3, background: '#c22' } } as const
    await sharp({ create: { ...red.create, width: 240, background: '#27c' } })
      .composite([{ input: red, left: 0, top: 0 }])
      .removeAlpha()
      .png()
      .toFile(at('two.png'))
    const words = ['--mode', 'paint', '--strokes', '20', '--region', 'red', '--finder', 'clip']
    const { code, stderr } = await edit('two.png', 'green', ...QUICK, ...words, '-o', 'out.png')
    if (!hasShared) return
    expect([code, stderr]).toEqual([0, expect.stringContaining('out.png, out.svg: done')])
    const [before, after] = [await pixels('two.png'), await pixels('out.png')]
    const changed = (left: number, right: number): number => {
      let count = 0
      for (let i = 0; i < before.length; i++) {
        const x = Math.floor(i / 3) % 240
        if (x >= left && x < right && before[i] !== after[i]) count++
      }
      return count
    }
    expect(changed(170, 240)).toBe(0)
    expect(changed(20, 80)).toBeGreaterThan(20 * 160)
    expect(readFileSync(at('out.svg'), 'utf8').match(/<path/g)).toHaveLength(20)
    expect(fromSvg(readFileSync(at('out.svg'), 'utf8')).widths).toHaveLength(20)
  })

  test('moves the latent of a generator, in one file or two, to the same picture for a seed, and goes on from a checkpoint', async () => {
    writeFileSync(at('colour.onnx'), colourGenerator())
    writeFileSync(at('z.npy'), npy([-0.3, 0.1, 0.2], [1, 3]))
    const long = [...QUICK.slice(0, -1), '40']
    const one = ['--generator', 'colour.onnx', '--latent', 'z.npy']
    const { code, stderr } = await edit(...one, 'red', ...long, '--json', 'a.json')
    expect([code, stderr]).toEqual([0, expect.stringContaining('colour-edited.png: done')])
    expect(await sharp(at('colour-edited.png')).metadata()).toMatchObject({ width: SIDE, height: SIDE })
    const [red, green, blue] = await pixels('colour-edited.png')
    const report = JSON.parse(readFileSync(at('a.json'), 'utf8')) as EditReport
    expect(report).toMatchObject({
      generator: [expect.stringMatching(/colour\.onnx$/)],
      mode: 'generator',
      iterations: 40,
    })
    expect(Object.keys(report.history[0]!.terms)).toEqual(['text', 'latent'])
    if (hasShared) expect([red! > 110, green! < 140, blue! < 140]).toEqual([true, true, true])

    const stopped = await fewline(folder.path, ['edit', ...one, 'red', ...long, '-o', 'part.png'], (child) =>
      child.stderr!.on('data', (text: Buffer) => text.includes('step 1') && child.kill('SIGINT')),
    )
    expect(stopped.code).toBe(130)
    expect((await edit('--resume', 'part.checkpoint.json', '-o', 'part.png')).code).toBe(0)
    expect(await pixels('part.png')).toEqual(await pixels('colour-edited.png'))

    for (const [i, file] of twoFiles().entries()) writeFileSync(at(`${i}.onnx`), file)
    const two = await edit('--generator', '0.onnx', '1.onnx', '--latent', 'random', 'red', ...QUICK, '-o', 'two.png')
    expect([two.code, two.stderr]).toEqual([0, expect.stringContaining('two.png: done')])
    const short = await edit('--generator', '1.onnx', '--latent', 'z.npy', 'red', ...QUICK, '-o', 'no.png')
    expect([short.code, short.stderr]).toEqual([2, expect.stringContaining('a latent of 6 numbers, but it has 3')])
  })

  test.each([
    ['an operator without a gradient', 'Mish'],
    ['shapes that are open', 'whose shapes are fixed'],
    ['two inputs', 'with one input, the latent, but it has 2 ("z", "c")'],
  ] as const)('refuses a generator with %s', async (what, said) => {
    writeFileSync(at('g.onnx'), unfit[what]())
    const { code, stderr } = await edit('--generator', 'g.onnx', '--latent', 'random', 'red', '--encoder', CLIP)
    expect(code).toBe(1)
    expectSentence(stderr)
    expect(stderr).toContain(said)
    expect(folder.files()).toEqual(['g.onnx'])
  })

  test('reads any script, says after which word it reads no more, and takes a region of any size but of no other shape', async () => {
    await writePhoto(at('cup.png'))
    const white = (width: number, height: number) =>
      sharp({ create: { width, height, channels: 3, background: 'white' } }).png()
    await white(60, 40).toFile(at('small.png'))
    await white(50, 50).toFile(at('square.png'))
    const long = Array.from({ length: 2000 }, () => 'warm тёплый 光').join(' ')
    const { code, stderr } = await edit('cup.png', long, ...QUICK, '--region', 'small.png', '-o', 'a.png')
    expect([code, stderr]).toEqual([0, expect.stringContaining('a.png: done')])
    expect(stderr).toMatch(
      /Note: The sentence is longer than CLIP reads: what comes after “(warm|тёплый|光)” does not count\./,
    )
    expect(await pixels('a.png')).not.toEqual(await pixels('cup.png'))
    const other = await edit('cup.png', 'warm', ...QUICK, '--region', 'square.png', '-o', 'b.png')
    expect(other.code).toBe(1)
    expectSentence(other.stderr)
    expect(other.stderr).toContain('square.png')
    expect(folder.files()).not.toContain('b.png')
  })

  test.each([
    ['a generator without a latent', ['--generator', 'g.onnx', 'red'], '--latent with --generator'],
    ['a latent without a generator', ['cup.png', 'red', '--latent', 'random'], '--generator with --latent'],
    ['a generator and a photo', ['cup.png', 'red', '--generator', 'g.onnx', '--latent', 'random'], 'came as well'],
    [
      'a generator with a strength',
      ['--generator', 'g.onnx', '--latent', 'random', 'red', '--strength', '1'],
      'is for photos',
    ],
    [
      'a generator that is not there',
      ['--generator', 'g.onnx', '--latent', 'random', 'red'],
      'be read: check its path',
    ],
  ])('refuses %s', async (_, args, said) => {
    await writePhoto(at('cup.png'))
    const { code, stderr } = await edit(...args, '--encoder', CLIP)
    expect(code).toBe(2)
    expectSentence(stderr)
    expect(stderr).toContain(said)
    expect(folder.files()).toEqual(['cup.png'])
  })

  test.each([
    ['no photo', [], 2, 'fewline edit PHOTO'],
    ['no sentence', ['cup.png', '--encoder', CLIP], 2, 'say it: fewline edit PHOTO'],
    ['an empty sentence', ['cup.png', '  ', '--encoder', CLIP], 2, 'say it: fewline edit PHOTO'],
    ['no model', ['cup.png', 'warm'], 1, 'fewline models download'],
    ['a photo that is not there', ['none.png', 'warm', '--encoder', CLIP], 1, 'does not exist'],
    ['a region that is not there', ['cup.png', 'warm', '--encoder', CLIP, '--region', 'sky.png'], 2, 'sky.png'],
    ['a file of another kind', ['cup.png', 'warm', '--encoder', CLIP, '-o', 'a.svg'], 2, '-o to end in .png'],
    ['its own photo as its output', ['cup.png', 'warm', '--encoder', CLIP, '-o', 'cup.png'], 2, 'is taken already'],
    ['a strength that is none', ['cup.png', 'warm', '--strength', '2'], 2, '--strength to be a number from 0 to 1'],
  ])('refuses %s', async (_, args, exit, said) => {
    await writePhoto(at('cup.png'))
    const { code, stderr } = await edit(...args)
    expect(code).toBe(exit)
    expectSentence(stderr)
    expect(stderr).toContain(said)
    expect(folder.files()).toEqual(['cup.png'])
  })
})
