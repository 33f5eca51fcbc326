import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Report } from '../../src/cli/report.ts'
import { TINY_RN, TINY_VIT, writeClip, writeVocabulary } from '../support/clip.ts'
import { expectSentence, fewline, pathsIn, useFolder, writePhoto } from './fewline.ts'

const models = mkdtempSync(join(tmpdir(), 'fewline-models-'))
const RN = join(models, 'rn.pt')
const VIT = join(models, 'vit.pt')
const LARGE = join(models, 'large.pt')
beforeAll(() => {
  vi.stubEnv('FEWLINE_MODELS', models)
  vi.stubEnv('FEWLINE_CACHE', models)
  writeVocabulary(models)
  writeClip(RN, TINY_RN)
  writeClip(VIT, { ...TINY_VIT, resolution: 224, patch: 32 })
  writeClip(LARGE, { ...TINY_VIT, resolution: 288, patch: 32 })
})
afterAll(() => {
  vi.unstubAllEnvs()
  rmSync(models, { recursive: true })
})

const folder = useFolder()
const read = (name: string) => readFileSync(join(folder.path, name), 'utf8')
const place = (name: string) => join(folder.path, name)
const sketch = (...args: string[]) => fewline(folder.path, ['sketch', ...args])
const QUICK = ['--strokes', '4', '--device', 'cpu']
const strokesOf = (name: string) => read(name).match(/<path [^>]*>/g)

describe('fewline sketch with CLIP', () => {
  test.each([
    ['fast', RN, 0, 1],
    ['standard', VIT, 20, 1],
    ['paper', RN, 0, 4],
    ['standard', LARGE, 20, 1],
  ] as const)('%s, by the real command, and a report a researcher can use', async (preset, encoder, trial, views) => {
    await writePhoto(place('a.png'))
    const seeds = preset === 'fast' ? 1 : 2
    const steps = ['--iterations', '22', '--seeds', String(seeds)]
    const asked = ['--preset', preset, '--encoder', encoder, ...steps, '--json', 'a.json', '--csv', 'a.csv']
    const { code, stderr } = await sketch('a.png', ...QUICK, ...asked)
    expect([code, stderr]).toEqual([0, expect.stringContaining('4 strokes, done')])
    expect(pathsIn(read('a.svg'))).toBe(4)

    const report = JSON.parse(read('a.json')) as Report
    expect(report).toMatchObject({ preset, device: 'cpu', iterations: 22, strokes: 4 })
    expect(report.seeds.map(({ seed }) => seed)).toEqual(seeds === 1 ? [0] : [0, 1])
    // The last line of the history is the best, looked at as it is.
    const seen = report.history.slice(0, -1)
    expect(seen.every((moment) => moment.views?.length === views)).toBe(true)
    expect(seen.every(({ views = [] }) => views.every((view) => report.views?.[view]))).toBe(true)
    expect(seen).toHaveLength(seeds === 1 ? 23 : trial ? trial + 23 : 46)
    expect(Object.keys(report.times)).toEqual(
      expect.arrayContaining(['photo', 'raster', 'views', 'encoder', 'optimiser']),
    )
    const plain = report.history.at(-1)!
    expect(report.loss).toBe(plain.loss)
    expect(Object.values(plain.terms).reduce((sum, term) => sum + term, 0)).toBeCloseTo(plain.loss, 4)

    const [head, ...lines] = read('a.csv').trimEnd().split('\n')
    expect(head).toBe(`seed,step,loss,${Object.keys(plain.terms).join(',')}`)
    expect(lines).toHaveLength(report.history.length)
    expect(lines.at(-1)).toBe([plain.seed, plain.step, plain.loss, ...Object.values(plain.terms)].join(','))
    const noAttention = encoder === RN && preset === 'paper'
    expect(report.warnings.some((warning) => warning.includes('no model with attention'))).toBe(noAttention)
  })

  test('draws towards a sentence as well, and with fresh views', async () => {
    await writePhoto(place('a.png'))
    const asked = ['--encoder', VIT, '--iterations', '4', '--seeds', '1', '--json', 'a.json']
    const text = ['--text', 'a red ball', '--text-weight', '2.5', '--fresh-views']
    expect((await sketch('a.png', ...QUICK, ...asked, ...text)).code).toBe(0)
    const { history, views } = JSON.parse(read('a.json')) as Report
    expect(history.every(({ terms }) => terms['text']! > 0 && terms['text']! < 5)).toBe(true)
    expect(views).toHaveLength(5)
  })

  test('tells by a second look whether as many strokes as it takes are right', async () => {
    await writePhoto(place('a.png'))
    const asked = ['--encoder', RN, '--device', 'cpu', '--iterations', '3', '--seeds', '1', '--strokes', 'auto']
    expect((await sketch('a.png', ...asked, '--detail', '0', '--json', 'a.json')).code).toBe(0)
    const { warnings, strokes, history, loss } = JSON.parse(read('a.json')) as Report
    const said = warnings
      .map((warning) => /left out (\d+) of (\d+) strokes and added (\d+)/.exec(warning))
      .find(Boolean)
    expect(said).toBeDefined()
    const [, out, of, added] = said!.map(Number) as [number, number, number, number]
    expect(out + added).toBeGreaterThan(0)
    expect(strokes).toBe(of - out + added)
    expect(pathsIn(read('a.svg'))).toBe(strokes)
    expect(history.at(-1)!.loss).toBe(loss)
  })
})

describe('a drawing that is stopped', () => {
  const asked = ['--encoder', VIT, '--iterations', '30', '--seeds', '2', '--seed', '3']

  test('leaves its best and a checkpoint, and goes on to the result it would have had', async () => {
    await writePhoto(place('a.png'))
    const whole = ['-o', 'whole.svg', '--json', 'whole.json', '--csv', 'whole.csv', '--frames', 'all']
    expect((await sketch('a.png', ...QUICK, ...asked, ...whole)).code).toBe(0)
    const part = await fewline(
      folder.path,
      ['sketch', 'a.png', ...QUICK, ...asked, '-o', 'part.svg', '--frames', 'frames'],
      (child) => void interrupt(() => child.kill('SIGINT')),
    )
    expect([part.code, part.stderr]).toEqual([
      130,
      expect.stringContaining('fewline sketch --resume "part.checkpoint.json"'),
    ])
    expect(pathsIn(read('part.svg'))).toBe(4)
    const rest = ['-o', 'part.svg', '--json', 'part.json', '--csv', 'part.csv', '--frames', 'frames']
    expect((await sketch('--resume', 'part.checkpoint.json', ...rest)).code).toBe(0)
    expect(strokesOf('part.svg')).toEqual(strokesOf('whole.svg'))
    // It also tells the whole story.
    expect(reportOf('part.json')).toEqual({ ...reportOf('whole.json'), outputs: ['part.svg'] })
    expect(read('part.csv')).toBe(read('whole.csv'))
    const frames = readdirSync(place('all'))
    expect(readdirSync(place('frames'))).toEqual(frames)
    for (const frame of frames) expect(strokesOf(`frames/${frame}`)).toEqual(strokesOf(`all/${frame}`))
  })

  /** What does not depend on the clock. */
  function reportOf(name: string): Partial<Report> {
    const timings = ['seconds', 'secondsPerIteration', 'times']
    return Object.fromEntries(
      Object.entries(JSON.parse(read(name)) as Report).filter(([key]) => !timings.includes(key)),
    )
  }

  test('goes on with its own photo and options only', async () => {
    await writePhoto(place('a.png'))
    await fewline(folder.path, ['sketch', 'a.png', ...QUICK, ...asked, '--frames', 'frames'], (child) => {
      void interrupt(() => child.kill('SIGINT'))
    })
    await writePhoto(place('b.jpg'))
    for (const wrong of [['--strokes', '5'], ['b.jpg'], ['a.png', 'b.jpg'], ['--preset', 'fast']]) {
      const { code, stderr } = await sketch(...wrong, '--resume', 'a.checkpoint.json')
      expect(code).toBe(2)
      expectSentence(stderr)
    }
  })

  /** Once a few frames have been written. */
  async function interrupt(stop: () => void): Promise<void> {
    while (!existsSync(place('frames/a-0005.svg'))) await setTimeout(20)
    stop()
  }
})
