import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { openEye } from '../../src/find.ts'
import { importModel } from '../../src/models/import.ts'
import { listModels } from '../../src/models/store.ts'
import { scene } from './scene.ts'
import { writeDino, writeSam } from './stand-ins.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fewline-stand-ins-'))
  vi.stubEnv('FEWLINE_MODELS', join(folder, 'models'))
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

const CPU = { device: 'cpu' } as const
const BOXES = { red: [0.25, 0.375, 0.3, 0.45], green: [165 / 240, 60 / 160, 70 / 240, 60 / 160] }

describe('files that are run as they were published', () => {
  test('SAM: a click and a box give masks; words alone do not', async () => {
    const { encoder, decoder } = writeSam(folder)
    await importModel(encoder)
    const half = listModels().find(({ name }) => name === 'SlimSAM')
    expect(half).toMatchObject({ kind: 'finder', installed: false })
    await importModel(decoder)
    expect(listModels().find(({ name }) => name === 'SlimSAM')).toMatchObject({ installed: true, imported: true })
    const eye = openEye()
    try {
      const photo = await scene()
      const click = await eye.find(photo, { points: [{ x: 60, y: 60 }] }, CPU)
      expect(click).toMatchObject({
        finder: 'sam',
        things: [{ words: 'at 60,60', score: expect.closeTo(0.9, 5) as number }],
      })
      const { x, y, width, height } = click.things[0]!.box
      for (const [side, at] of [
        [x, 24],
        [y, 24],
        [width, 72],
        [height, 72],
      ] as const)
        expect(Math.abs(side - at)).toBeLessThan(6)
      const box = await eye.find(photo, { boxes: [{ x: 120, y: 20, width: 90, height: 80 }] }, CPU)
      expect(Math.abs(box.things[0]!.box.width - 70)).toBeLessThan(6)
      await expect(eye.find(photo, ['red'], { finder: 'sam' })).rejects.toThrow(/^Expected a finder that takes words/)
    } finally {
      await eye.dispose()
    }
  })

  test('Grounding DINO: several phrases at once, what is not meant left out, masks by SAM', async () => {
    const { graph, tokenizer } = writeDino(folder, BOXES)
    const sam = writeSam(folder)
    for (const file of [graph, tokenizer, sam.encoder, sam.decoder]) await importModel(file)
    const eye = openEye()
    try {
      const photo = await scene()
      const { finder, things, misses } = await eye.find(photo, ['the red one', 'the green one', 'a blue one'], CPU)
      expect(finder).toBe('grounding-dino')
      expect(things.map(({ words }) => words).sort()).toEqual(['the green one', 'the red one'])
      expect(misses.map(({ words }) => words)).toEqual(['a blue one'])
      const red = things.find(({ words }) => words === 'the red one')!
      expect(red.mask.data[93 * 224 + 56]).toBeGreaterThan(0.9)
      // In the box, beside the disc.
      expect(red.mask.data[Math.round(37.3 + 26 * 0.933) * 224 + Math.round(26 * 0.933)]).toBeLessThan(0.1)
      const one = await eye.find(photo, ['the green one', '-red'], CPU)
      expect(one.things.map(({ words }) => words)).toEqual(['the green one'])
    } finally {
      await eye.dispose()
    }
  })

  test('an import of other inputs is refused in a sentence, and nothing is kept', async () => {
    const { encoder } = writeSam(folder, 512)
    await expect(importModel(encoder)).rejects.toThrow(
      /^Expected the vision encoder of SAM with an input "pixel_values" \[any, 3, 1024, 1024\], but .* has it as \[b, 3, 512, 512\]: take/,
    )
    writeFileSync(join(folder, 'tokenizer.json'), '{"model":{"type":"BPE"}}')
    await expect(importModel(join(folder, 'tokenizer.json'))).rejects.toThrow(
      /^Expected the tokenizer\.json of Grounding DINO/,
    )
    writeFileSync(join(folder, 'other.onnx'), 'nothing')
    await expect(importModel(join(folder, 'other.onnx'))).rejects.toThrow(/^Expected /)
    expect(() => readdirSync(join(folder, 'models'))).toThrow()
  })
})
