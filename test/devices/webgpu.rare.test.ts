import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Report } from '../../src/cli/report.ts'
import { fromSvg } from '../../src/export/read-svg.ts'
import { fewline, useFolder, writePhoto } from '../cli/fewline.ts'
import { TINY_VIT, writeClip, writeVocabulary } from '../support/clip.ts'

/** A graphics card in software, which comes with Debian's Chromium, and the Vulkan loader beside it. */
const DRIVER = '/usr/lib/chromium/vk_swiftshader_icd.json'
const folder = useFolder()
interface Remembered {
  answers: Record<string, unknown>
}
const models = mkdtempSync(join(tmpdir(), 'fewline-webgpu-'))
const MODEL = join(models, 'vit.pt')

describe.skipIf(!existsSync(DRIVER))('WebGPU, on a driver in software', () => {
  beforeAll(() => {
    vi.stubEnv('FEWLINE_MODELS', models)
    vi.stubEnv('FEWLINE_CACHE', models)
    vi.stubEnv('VK_ICD_FILENAMES', DRIVER)
    vi.stubEnv('LD_LIBRARY_PATH', dirname(DRIVER))
    writeVocabulary(models)
    writeClip(MODEL, { ...TINY_VIT, layers: 2 })
  })
  afterAll(() => {
    vi.unstubAllEnvs()
    rmSync(models, { recursive: true })
  })

  const asked = ['--encoder', MODEL, '--strokes', '3', '--preset', 'fast', '--iterations', '3']
  const drawOn = async (device: string) => {
    const output = `${device}.svg`
    const args = ['sketch', 'a.png', '--device', device, ...asked, '-o', output, '--json', `${device}.json`]
    const { code, stderr } = await fewline(folder.path, args)
    expect([code, stderr]).toEqual([0, expect.stringContaining('3 strokes, done')])
    const read = (name: string) => readFileSync(join(folder.path, name), 'utf8')
    return { strokes: fromSvg(read(output)), report: JSON.parse(read(`${device}.json`)) as Report }
  }

  test(
    'draws when it is asked for, what the processor draws; and is not chosen unasked',
    { timeout: 300_000 },
    async () => {
      await writePhoto(join(folder.path, 'a.png'))
      const [cpu, webgpu, auto] = [await drawOn('cpu'), await drawOn('webgpu'), await drawOn('auto')]
      expect([cpu, webgpu, auto].map(({ report }) => report.device)).toEqual(['cpu', 'webgpu', 'cpu'])
      expect(webgpu.report.warnings).toEqual(cpu.report.warnings)
      // This driver has no half precision; that is found out once and remembered.
      const { answers } = JSON.parse(readFileSync(join(models, 'devices.json'), 'utf8')) as Remembered
      expect([webgpu.report.precision, Object.keys(answers).sort()]).toEqual([
        'single',
        ['cpu', 'webgpu', 'webgpu half'],
      ])
      expect(answers['webgpu half']).toEqual({ failed: expect.stringContaining('f16') })
      expect(webgpu.report.loss / cpu.report.loss).toBeCloseTo(1, 3)
      const apart = webgpu.strokes.points.map((p, i) => Math.abs(p - cpu.strokes.points[i]!))
      expect(apart.reduce((a, b) => Math.max(a, b))).toBeLessThan(0.1)
    },
  )
})

test('a device that is not there makes way for the processor, and a note says so', async () => {
  vi.stubEnv('FEWLINE_CACHE', folder.path)
  await writePhoto(join(folder.path, 'a.png'))
  const args = ['sketch', 'a.png', '--device', 'cuda', '--strokes', '3', '--iterations', '3', '--json', 'a.json']
  const { code, stderr } = await fewline(folder.path, args)
  expect(code).toBe(0)
  expect(stderr).toMatch(/Note: Expected to compute with cuda, but [^\n]+: the processor does it instead\./)
  const report = JSON.parse(readFileSync(join(folder.path, 'a.json'), 'utf8')) as Report
  expect([report.device, report.warnings.length]).toEqual(['cpu', 1])
  vi.unstubAllEnvs()
})
