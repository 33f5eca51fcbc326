import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { TINY_RN, TINY_VIT, writeClip, writeVocabulary } from '../support/clip.ts'
import { expectSentence, fewline, pathsIn, useFolder, writePhoto } from './fewline.ts'

const folder = useFolder()
const place = (name: string) => join(folder.path, name)
const QUICK = ['--strokes', '8', '--iterations', '3']

interface Report {
  encoder: string
  loss: number
  seeds: { loss: number }[]
  history: { loss: number; terms: Record<string, number> }[]
  labels: Record<'photo' | 'sketch', { label: string; probability: number }[]>
}
const report = () => JSON.parse(readFileSync(place('report.json'), 'utf8')) as Report

beforeEach(async () => {
  vi.stubEnv('FEWLINE_MODELS', join(folder.path, 'models'))
  await writePhoto(place('a.png'))
})
afterAll(() => vi.unstubAllEnvs())

describe('fewline sketch --encoder FILE', () => {
  test.each([
    ['a residual network of 64 pixels', TINY_RN],
    ['a residual network of 288 pixels', { ...TINY_RN, resolution: 288 }],
  ])('draws with %s, on the canvas that it always has', async (_, measures) => {
    writeClip(place('tiny.pt'), measures)
    const args = ['sketch', 'a.png', '--encoder', 'tiny.pt', '--json', 'report.json', ...QUICK]
    expect(await fewline(folder.path, args)).toMatchObject({ code: 0 })
    const svg = readFileSync(place('a.svg'), 'utf8')
    expect(pathsIn(svg)).toBe(8)
    expect(svg).toMatch(/viewBox="0 0 224 149\.33\d*"/)
    const { encoder, loss, history, seeds } = report()
    expect(encoder).toBe('tiny')
    expect(history[0]!.terms['embedding']).toBeGreaterThan(0)
    expect(seeds).toHaveLength(3)
    expect(loss).toBe(Math.min(...seeds.map((seed) => seed.loss)))
  })

  test('says in the report what CLIP sees', async () => {
    writeClip(place('tiny.pt'), TINY_VIT)
    writeVocabulary(folder.path)
    const args = [
      'sketch',
      'a.png',
      '--encoder',
      'tiny.pt',
      '--json',
      'report.json',
      '--labels',
      'a cat, a dog',
      ...QUICK,
    ]
    const { code, stderr } = await fewline(folder.path, args)
    expect(code).toBe(0)
    expect(stderr).toMatch(/CLIP sees in the photo: [\d. ]+ % {2}a (cat|dog)/)
    for (const seen of [report().labels.photo, report().labels.sketch]) {
      expect(seen.map(({ label }) => label).sort()).toEqual(['a cat', 'a dog'])
      expect(seen[0]!.probability + seen[1]!.probability).toBeCloseTo(1, 6)
    }
  })

  test('tells what is not installed, and what is no model', async () => {
    const missing = await fewline(folder.path, ['sketch', 'a.png', '--encoder', 'RN101', ...QUICK])
    expect(missing.code).toBe(1)
    expectSentence(missing.stderr)
    expect(missing.stderr).toContain('fewline models download RN101')
    const unknown = await fewline(folder.path, ['sketch', 'a.png', '--encoder', 'nonsense', ...QUICK])
    expect(unknown.code).toBe(2)
    expectSentence(unknown.stderr)
    const photo = await fewline(folder.path, ['sketch', 'a.png', '--encoder', 'a.png', ...QUICK])
    expect(photo.code).toBe(1)
    expectSentence(photo.stderr)
    const reader = await fewline(folder.path, ['sketch', 'a.png', '--labels', 'a cat', ...QUICK])
    expect(reader.code).toBe(1)
    expectSentence(reader.stderr)
    expect(folder.files()).toEqual(['a.png'])
  })
})

describe('fewline label', () => {
  test('prints how likely each label is, the likeliest first', async () => {
    writeClip(place('tiny.pt'), TINY_RN)
    writeVocabulary(folder.path)
    const args = ['label', 'a.png', 'a cat', 'a dog', '--encoder', 'tiny.pt']
    const { code, stdout } = await fewline(folder.path, args)
    expect(code).toBe(0)
    expect(stdout).toMatch(/^ *[\d.]+ % {2}a (cat|dog)\n *[\d.]+ % {2}a (cat|dog)\n$/)
    const json = await fewline(folder.path, [...args, '--json'])
    const { labels } = JSON.parse(json.stdout) as { labels: { probability: number }[] }
    expect(labels[0]!.probability + labels[1]!.probability).toBeCloseTo(1, 6)
    expect(labels[0]!.probability).toBeGreaterThanOrEqual(labels[1]!.probability)
  })

  test('tells what is missing', async () => {
    writeClip(place('tiny.pt'), TINY_RN)
    const vocabulary = await fewline(folder.path, ['label', 'a.png', 'a cat', '--encoder', 'tiny.pt'])
    expect(vocabulary.code).toBe(1)
    expectSentence(vocabulary.stderr)
    const model = await fewline(folder.path, ['label', 'a.png', 'a cat'])
    expect(model.code).toBe(1)
    expectSentence(model.stderr)
    const labels = await fewline(folder.path, ['label', 'a.png'])
    expect(labels.code).toBe(2)
    expectSentence(labels.stderr)
    const builtin = await fewline(folder.path, ['label', 'a.png', 'a cat', '--encoder', 'builtin'])
    expect(builtin.code).toBe(2)
    expectSentence(builtin.stderr)
  })
})

test.each([
  ['encoder', ['nonsense']],
  ['sketch', ['--encoder', 'nonsense']],
])('fewline bench %s refuses a model that it does not know', async (what, args) => {
  const { code, stderr } = await fewline(folder.path, ['bench', what, ...args])
  expect(code).toBe(2)
  expectSentence(stderr)
})
