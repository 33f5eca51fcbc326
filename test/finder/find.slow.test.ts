import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { openEye, type Eye } from '../../src/find.ts'
import { exampleOf } from '../../src/finder/example.ts'
import type { Box } from '../../src/finder/finder.ts'
import { hasShared, SHARED } from '../support/golden.ts'
import { GREEN, inGreen, inRed, RED, scene, shared } from './scene.ts'

function sharedBox(a: Box, b: Box): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y)
  const both = Math.max(0, width) * Math.max(0, height)
  return both / (a.width * a.height + b.width * b.height - both)
}

describe('an example', () => {
  test('is what its box shows of another photo, in upright pixels of that', async () => {
    // Lying on its side in the file; upright the red disc is where it was.
    const turned = await sharp(await scene())
      .rotate(-90)
      .withMetadata({ orientation: 6 })
      .png()
      .toBuffer()
    for (const photo of [await scene(), turned]) {
      const { width, height, data } = await exampleOf({ photo, box: RED })
      expect([width, height]).toEqual([72, 72])
      expect([...data.subarray(3 * (36 * 72 + 36), 3 * (36 * 72 + 37))]).toEqual([0xd0, 0x20, 0x20])
    }
    expect(await exampleOf({ photo: await scene() })).toMatchObject({ width: 240, height: 160 })
  })

  test('outside of its photo is refused', async () => {
    const box = { x: 240, y: 0, width: 10, height: 10 }
    await expect(exampleOf({ photo: await scene(), box })).rejects.toThrow(/^Expected a box in an example of 240 × 160/)
  })
})

describe.skipIf(!hasShared)('finding by words, with a CLIP that understands colours', () => {
  let folder: string
  let eye: Eye
  let photo: Buffer
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'fewline-find-'))
    copyFileSync(`${SHARED}/models/bpe_simple_vocab_16e6.txt.gz`, join(folder, 'bpe_simple_vocab_16e6.txt.gz'))
    vi.stubEnv('FEWLINE_MODELS', folder)
    eye = openEye()
    photo = await scene()
  })
  afterAll(async () => {
    await eye.dispose()
    vi.unstubAllEnvs()
    rmSync(folder, { recursive: true })
  })
  const look = (words: string[], finder: string, file: Buffer = photo) =>
    eye.find(file, { words }, { finder, encoder: `${SHARED}/golden/colour-vit.pt`, device: 'cpu' })

  test.each([
    ['the red one', inRed],
    ['the green one', inGreen],
  ])('clip finds %s as a mask', async (words, inside) => {
    const found = await look([words], 'clip')
    expect(found.things).toHaveLength(1)
    expect(shared(found, inside)).toBeGreaterThan(0.8)
  })

  test('crops finds the box of the red one, and of the green one', async () => {
    for (const [words, box] of [
      ['the red one', RED],
      ['the green one', GREEN],
    ] as const) {
      const { things } = await look([words], 'crops')
      expect(things).toHaveLength(1)
      expect(sharedBox(things[0]!.box, box)).toBeGreaterThan(0.6)
    }
  })

  test.each(['clip', 'crops'])(
    '%s: a colour that is not there finds nothing, and says how near it came',
    async (finder) => {
      const { things, misses, mask } = await look(['the yellow one'], finder)
      expect(things).toEqual([])
      expect(misses[0]).toMatchObject({ words: 'the yellow one' })
      expect(misses[0]!.score).toBeLessThan(0.5)
      expect(mask.data.every((value) => value === 0)).toBe(true)
    },
  )

  test('what is not meant is kept out, and two things are found at once', async () => {
    const both = await look(['the red one', 'the green one'], 'clip')
    expect(shared(both, (x, y) => inRed(x, y) || inGreen(x, y))).toBeGreaterThan(0.8)
    const one = await look(['the bright one', '-green', '-blue', '-red'], 'clip')
    expect(shared(one, inGreen)).toBeLessThan(0.1)
  })
})
