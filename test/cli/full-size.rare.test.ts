import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { Report } from '../../src/cli/report.ts'
import { MEASURES } from '../../src/encoder/clip/random.ts'
import { writeClip } from '../support/clip.ts'
import { fewline, pathsIn, useFolder, writePhoto } from './fewline.ts'

const folder = useFolder()
const models = mkdtempSync(join(tmpdir(), 'fewline-full-'))
beforeAll(() => {
  vi.stubEnv('FEWLINE_MODELS', models)
  writeClip(join(models, 'full.pt'), MEASURES['RN50']!)
}, 120_000)
afterAll(() => {
  vi.unstubAllEnvs()
  rmSync(models, { recursive: true })
})

test('an archive as large as the real ones draws, by the real command', { timeout: 300_000 }, async () => {
  await writePhoto(join(folder.path, 'a.png'))
  const asked = ['--encoder', join(models, 'full.pt'), '--preset', 'fast', '--iterations', '3', '--device', 'cpu']
  const { code, stderr } = await fewline(folder.path, ['sketch', 'a.png', ...asked, '--json', 'a.json'])
  expect([code, stderr]).toEqual([0, expect.stringContaining('16 strokes, done')])
  expect(pathsIn(readFileSync(join(folder.path, 'a.svg'), 'utf8'))).toBe(16)
  const report = JSON.parse(readFileSync(join(folder.path, 'a.json'), 'utf8')) as Report
  expect(report).toMatchObject({ encoder: 'full', device: 'cpu', precision: 'single', iterations: 3, warnings: [] })
  expect(report.history).toHaveLength(5)
  expect(report.loss).toBe(report.history.at(-1)!.loss)
  expect(report.loss).toBeGreaterThan(0)
})
