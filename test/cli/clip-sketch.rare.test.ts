import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { Frame } from '../../src/drawing/request.ts'
import { drawApart } from '../../src/index.ts'
import { TINY_RN, TINY_VIT, writeClip } from '../support/clip.ts'
import { CLI, fewline, useFolder, writePhoto } from './fewline.ts'

const models = mkdtempSync(join(tmpdir(), 'fewline-models-'))
const RN = join(models, 'rn.pt')
const VIT = join(models, 'vit.pt')
beforeAll(() => {
  vi.stubEnv('FEWLINE_MODELS', models)
  vi.stubEnv('FEWLINE_CACHE', models)
  writeClip(RN, TINY_RN)
  writeClip(VIT, { ...TINY_VIT, resolution: 224, patch: 32 })
})
afterAll(() => {
  vi.unstubAllEnvs()
  rmSync(models, { recursive: true })
})

const folder = useFolder()
const place = (name: string) => join(folder.path, name)
const strokesOf = (name: string) => readFileSync(place(name), 'utf8').match(/<path [^>]*>/g)

test('the same seed draws the same sketch, another one another', async () => {
  await writePhoto(place('a.png'))
  const draw = (name: string, seed: string) =>
    fewline(folder.path, [
      'sketch',
      'a.png',
      '--strokes',
      '4',
      '--device',
      'cpu',
      '--encoder',
      RN,
      '--iterations',
      '11',
      '--seeds',
      '1',
      '--seed',
      seed,
      '-o',
      name,
    ])
  await draw('one.svg', '5')
  await draw('two.svg', '5')
  await draw('other.svg', '6')
  expect(strokesOf('one.svg')).toEqual(strokesOf('two.svg'))
  expect(strokesOf('other.svg')).not.toEqual(strokesOf('one.svg'))
})

test('a drawing whose process is killed goes on to the result it would have had', async () => {
  const photo = await writePhoto(place('a.png'))
  const request = { photo, encoder: VIT, strokes: 4, iterations: 20, seeds: 1, device: 'cpu', threads: 1 } as const
  const program = join(CLI, '../drawing-child.js')
  const last = async (kill: boolean): Promise<Frame> => {
    let frame: Frame | undefined
    let child: { kill(signal: 'SIGKILL'): boolean } | undefined
    const frames = drawApart(request, undefined, { program, started: (process) => (child ??= process) })
    for await (frame of frames) if (kill && frame.step === 5) child!.kill('SIGKILL')
    return frame!
  }
  const [whole, lost] = [await last(false), await last(true)]
  expect(lost.warnings).toEqual(['The drawing’s process was lost: it goes on with one picture at a time.'])
  expect(lost.done).toBe(true)
  // One picture at a time sums up in another order.
  const apart = lost.strokes.points.map((p, i) => Math.abs(p - whole.strokes.points[i]!))
  expect(apart.reduce((a, b) => Math.max(a, b))).toBeLessThan(0.5)
})
