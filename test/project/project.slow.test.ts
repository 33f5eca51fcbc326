import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateRawSync } from 'node:zlib'
import fc from 'fast-check'
import { unzipSync, zipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import { FewlineError } from '../../src/errors.ts'
import { checkOutput, writeOutput } from '../../src/export/files.ts'
import { pack } from '../../src/project/archive.ts'
import { readProject, toProject, verifyProject, type Project } from '../../src/project/project.ts'
import { random } from '../support/random.ts'
import { anyStrokes, furthest, two } from '../support/strokes.ts'

const photo = { name: 'Käse.jpg', bytes: Uint8Array.from({ length: 500 }, (_, i) => (i * i) % 251) }
const moments = Array.from({ length: 30 }, (_, i) => ({
  step: 5 * i,
  seed: 0,
  loss: 1 / (i + 3),
  strokes: { ...two, points: two.points.map((v) => v + i / 10) },
}))
const project: Project = {
  title: 'Käse',
  photo,
  mask: Uint8Array.of(1, 2, 3),
  emphasis: Uint8Array.of(4, 5),
  settings: { strokes: 16, nested: { list: [1, 'two', null, true] } },
  strokes: { ...two, pressures: Float32Array.from({ length: two.points.length / 2 }, (_, i) => i / 16) },
  locked: [1],
  history: moments,
}

const anyMoment = fc.record({
  step: fc.nat(5000),
  seed: fc.nat(100),
  loss: fc.float({ noNaN: true }),
  strokes: anyStrokes(),
})
const anyBytes = fc.uint8Array({ maxLength: 500 })
const anyProject: fc.Arbitrary<Project> = fc.record(
  {
    title: fc.string({ maxLength: 100, unit: 'grapheme' }),
    photo: fc.record({ name: fc.string({ maxLength: 100 }), bytes: anyBytes }),
    mask: anyBytes,
    emphasis: anyBytes,
    settings: fc.dictionary(
      fc.string().filter((key) => key !== '__proto__'),
      fc.oneof(
        fc.double({ noDefaultInfinity: true, noNaN: true }).map((v) => v + 0),
        fc.string(),
        fc.boolean(),
      ),
    ),
    strokes: anyStrokes(),
    locked: fc.constant([]),
    history: fc.array(anyMoment, { maxLength: 5 }),
  },
  { requiredKeys: ['title', 'settings', 'locked', 'history'] },
)

test('what is saved comes back: all but the history to the last bit, and that to a hundredth', () => {
  fc.assert(
    fc.property(anyProject, (saved) => {
      const { history, settings, ...read } = readProject(toProject(saved))
      const { history: wanted, settings: wantedSettings, ...rest } = saved
      expect(read).toEqual(rest)
      expect({ ...settings }).toEqual({ ...wantedSettings })
      expect(history.map(({ step, seed, loss }) => [step, seed, loss])).toEqual(
        wanted.map(({ step, seed, loss }) => [step, seed, loss]),
      )
      history.forEach(({ strokes }, i) => {
        expect(furthest(strokes.points, wanted[i]!.strokes.points)).toBeLessThan(0.00505)
        expect(furthest(strokes.widths, wanted[i]!.strokes.widths)).toBeLessThan(0.00505)
        expect(furthest(strokes.colors!, wanted[i]!.strokes.colors!)).toBeLessThan(0.002)
        expect(strokes.segments).toEqual(wanted[i]!.strokes.segments)
      })
    }),
    { numRuns: 60 },
  )
})

test('the same project gives the same bytes, small ones, and begins by saying what it is', () => {
  const bytes = toProject(project)
  expect(toProject(project)).toEqual(bytes)
  expect(Buffer.from(bytes.subarray(30, 42)).toString()).toBe('fewline.json')
  // 30 moments of 22 numbers each that hardly move take next to nothing.
  expect(bytes.length - toProject({ ...project, history: [] }).length).toBeLessThan(400)
})

test('is written whole, verified, known as ours and replaced by the next', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'fewline project '))
  try {
    const path = join(folder, 'a.fewline')
    const bytes = toProject(project)
    await writeOutput(path, bytes, { verify: verifyProject })
    await checkOutput(path)
    await expect(writeOutput(path, bytes.subarray(0, 400), { verify: verifyProject })).rejects.toThrow(/damaged/)
    expect(readFileSync(path)).toEqual(Buffer.from(bytes))
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('very many moments are thinned out, the first and the last kept', () => {
  const history = Array.from({ length: 5000 }, (_, step) => ({ ...moments[0]!, step }))
  const read = readProject(toProject({ ...project, history })).history
  expect([read.length, read[0]?.step, read.at(-1)?.step]).toEqual([2000, 0, 4999])
})

test('numbers that are none are not saved', () => {
  const strokes = { ...two, points: two.points.map(() => NaN) }
  expect(() => toProject({ ...project, strokes })).toThrow(RangeError)
  expect(() => toProject({ ...project, history: [{ ...moments[0]!, strokes }] })).toThrow(RangeError)
})

describe('a file that is not as it should be', () => {
  const entries = unzipSync(toProject(project))
  const whole = { ...entries }
  delete whole['checksums']
  const about = JSON.parse(Buffer.from(entries['fewline.json']!).toString()) as Record<string, unknown>
  /** A project put together by someone else, checksums and all. */
  const forged = (changes: object, files: Record<string, Uint8Array> = {}) =>
    pack({ ...whole, 'fewline.json': Buffer.from(JSON.stringify({ ...about, ...changes })), ...files })
  const refusal = (content: Uint8Array): string => {
    try {
      readProject(content)
    } catch (error) {
      if (error instanceof FewlineError) return error.message
      throw error
    }
    return 'it was read'
  }
  const DAMAGED =
    'Expected a project that this Fewline can open, but it is damaged, or no project at all: choose another.'

  test('the forgery itself is read', () => {
    expect(readProject(forged({})).title).toBe('Käse')
  })

  test('made by a newer Fewline: says so', () => {
    expect(refusal(forged({ version: 7, strokes: 'of another kind' }))).toBe(
      'Expected a project that this Fewline can open, but it was saved by a newer one (format 7, not 1): update Fewline to open it.',
    )
  })

  test.each<[string, object, Record<string, Uint8Array>?]>([
    ['no version', { version: 'x' }],
    ['too few points', { strokes: { points: [1, 2], widths: [3] } }],
    ['points that are none', { strokes: { points: [1, 2, 3, 4, 5, 6, 7, null], widths: [3] } }],
    ['points beyond all bounds', { strokes: { points: [1, 2, 3, 4, 5, 6, 7, 1e300], widths: [3] } }],
    ['colours of too few strokes', { strokes: { points: [1, 2, 3, 4, 5, 6, 7, 8], widths: [3], colors: [1] } }],
    ['no segments in a stroke', { strokes: { points: [1, 2], widths: [3], segments: [0] } }],
    ['locks beyond its strokes', { locked: [2] }],
    ['a photo that is not there', { photo: 'b.jpg', title: 5 }],
    ['a history of noise', {}, { history: deflateRawSync(Uint8Array.from({ length: 300 }, (_, i) => (i * 77) % 256)) }],
    ['a history that is not deflated', {}, { history: new Uint8Array(9).fill(255) }],
    ['a history that inflates beyond all bounds', {}, { history: deflateRawSync(new Uint8Array(40 * 2 ** 20)) }],
    ['a history cut off', {}, { history: deflateRawSync(Uint8Array.of(200)) }],
    ['a history without end', {}, { history: deflateRawSync(new Uint8Array(20).fill(255)) }],
    [
      'too many moments',
      {},
      { history: deflateRawSync(Uint8Array.from({ length: 80_000 }, (_, i) => (i % 8 === 0 ? 7 : 0))) },
    ],
    [
      'nesting beyond reason',
      {},
      { 'fewline.json': Buffer.from(`{"version":1,"settings":${'['.repeat(1e6)}${']'.repeat(1e6)}}`) },
    ],
  ])('%s: refused in a sentence', (_what, changes, files) => {
    expect(refusal(forged(changes, files))).toBe(DAMAGED)
  })

  test('a name like __proto__ changes nothing', () => {
    const text = JSON.stringify(about).replace('"settings":{', '"settings":{"__proto__":{"polluted":true},')
    const { settings } = readProject(forged({}, { 'fewline.json': Buffer.from(text) }))
    expect('polluted' in settings).toBe(false)
    expect('polluted' in {}).toBe(false)
  })

  test('nothing is unpacked that might be a bomb', () => {
    const zeros = new Uint8Array(2 ** 20)
    expect(refusal(zipSync({ ...entries, mask: zeros }))).toBe(DAMAGED)
    expect(refusal(zipSync(entries, { level: 6 }))).toBe(DAMAGED)
  })

  test('other files in it are passed over, but not any number of them', () => {
    const others = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, i) => [`../../etc/${i}`, Uint8Array.of(1)]))
    expect(readProject(zipSync({ ...entries, ...others(3) }, { level: 0 }))).toEqual(readProject(toProject(project)))
    expect(refusal(zipSync({ ...entries, ...others(100) }, { level: 0 }))).toBe(DAMAGED)
  })

  test('damage anywhere is noticed, or does no harm', () => {
    const saved = toProject(project)
    const next = random(5)
    for (let i = 0; i < 500; i++) {
      const bytes = Uint8Array.from(saved)
      for (let n = 0; n <= next() * 4; n++) bytes[Math.floor(next() * bytes.length)] = Math.floor(next() * 256)
      const cut = next() < 0.2 ? bytes.subarray(0, Math.floor(next() * bytes.length)) : bytes
      const said = refusal(cut)
      if (said === 'it was read') expect(readProject(cut).photo).toEqual(photo)
      else expect(said).toMatch(/^Expected a project that this Fewline can open, but /)
    }
  })

  test.each(['', 'PK', 'PK\x05\x06'.padEnd(22, '\0'), '<svg/>', 'x'.repeat(100_000)])('no archive: %#', (text) => {
    expect(refusal(Buffer.from(text, 'latin1'))).toBe(DAMAGED)
  })
})

test('settings that nobody has set are refused, before each of them is looked at', () => {
  const many = Object.fromEntries(Array.from({ length: 2e5 }, (_, i) => [`k${i}`, 0]))
  expect(() => toProject({ ...project, settings: many })).toThrow(RangeError)
  const about = { version: 1, title: 'a', locked: [] }
  const packed = (manifest: object) => pack({ 'fewline.json': Buffer.from(JSON.stringify(manifest)) })
  for (const manifest of [
    { ...about, settings: many },
    { ...about, settings: { deep: 'x'.repeat(70_000) } },
    { ...about, settings: {}, locked: new Array<null>(5e5).fill(null) },
    { ...about, settings: {}, strokes: { points: new Array<string>(3e5).fill('a'), widths: [] } },
    { ...about, settings: [] },
  ]) {
    expect(() => readProject(packed(manifest))).toThrow(FewlineError)
  }
  expect(readProject(packed({ ...about, settings: { a: [1, { b: null }] } })).settings).toEqual({ a: [1, { b: null }] })
})
