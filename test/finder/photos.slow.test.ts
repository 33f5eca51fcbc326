import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { backgroundless } from '../../src/drawing/emphasis.ts'
import { joined } from '../../src/encoder/batches.ts'
import { openEncoder } from '../../src/encoder/open.ts'
import { resized } from '../../src/resize.ts'
import { dot, rowsOf, unit } from '../../src/encoder/vectors.ts'
import { openEye, type Eye } from '../../src/find.ts'
import { openPhoto } from '../../src/photo/photo.ts'
import { findSubject } from '../../src/subject/subject.ts'
import { tensor, type Tensor } from '../../src/tensor.ts'
import { CANVAS } from '../../src/units.ts'
import { hasShared, SHARED } from '../support/golden.ts'
import { inRed, scene, shared } from './scene.ts'

const GREY = { r: 128, g: 128, b: 128 }

/** The scene in many ways, and how large it is in its own pixels where there is more around it. */
const PHOTOS: Record<string, () => Promise<{ file: Buffer; size?: { width: number; height: number } }>> = {
  'of 40 × 27 pixels': async () => ({ file: await scene(1 / 6) }),
  'of 8000 × 5333 pixels': async () => ({ file: await scene(100 / 3, 'jpeg') }),
  'lying on its side in the file': async () => ({
    file: await sharp(await scene(2))
      .rotate(-90)
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer(),
  }),
  'without its background': async () => ({
    file: await sharp(await scene(2))
      .unflatten()
      .composite([{ input: cutOut(480, 320), blend: 'dest-in' }])
      .png()
      .toBuffer(),
  }),
  'very tall': async () => ({
    file: await sharp(await scene(3))
      .extend({ bottom: 960, background: GREY })
      .png()
      .toBuffer(),
    size: { width: 240, height: 480 },
  }),
  'very wide': async () => ({
    file: await sharp(await scene(3))
      .extend({ right: 1440, background: GREY })
      .png()
      .toBuffer(),
    size: { width: 720, height: 160 },
  }),
}

/** Opaque where the disc and the square of the scene are. */
function cutOut(width: number, height: number): Buffer {
  return Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 240 160" width="${width}" height="${height}">
    <circle cx="60" cy="60" r="36"/><rect x="130" y="30" width="70" height="60"/></svg>`)
}

describe.skipIf(!hasShared)('by words, with a CLIP that understands colours', () => {
  let eye: Eye
  beforeAll(() => {
    vi.stubEnv('FEWLINE_MODELS', `${SHARED}/models`)
    eye = openEye()
  })
  afterAll(async () => {
    await eye.dispose()
    vi.unstubAllEnvs()
  })
  const look = (file: Buffer, words: string[]) =>
    eye.find(file, { words }, { finder: 'clip', encoder: `${SHARED}/golden/colour-vit.pt`, device: 'cpu' })

  test.each(Object.keys(PHOTOS))('the red one is found in a photo %s', async (name) => {
    const { file, size } = await PHOTOS[name]!()
    const found = await look(file, ['the red one'])
    expect(found.things).toHaveLength(1)
    expect(shared(found, inRed, size)).toBeGreaterThan(0.8)
    const { x, y, width, height } = found.things[0]!.box
    expect([x, y].every((at) => at >= 0)).toBe(true)
    expect(x + width).toBeLessThanOrEqual(found.sourceWidth)
    expect(y + height).toBeLessThanOrEqual(found.sourceHeight)
  })

  test('phrases in other scripts are read, and each is answered', async () => {
    const words = ['赤いもの', 'красный круг', 'الدائرة الحمراء', '🔴', 'Δίσκος']
    const { things, misses } = await look(await scene(), words)
    expect(new Set([...things, ...misses].map((one) => one.words))).toEqual(new Set(words))
    expect([...things, ...misses].every(({ score }) => score >= 0 && score <= 1)).toBe(true)
    await expect(look(await scene(), ['赤いもの'.repeat(40)])).rejects.toThrow(/^Expected a text of at most 75 tokens/)
  })
})

describe.skipIf(!hasShared)('the background of a photo', () => {
  /** How far what an encoder sees of it faded is from what it sees when it stays, next to what it sees of nothing. */
  async function changed(paper: string, archive: string): Promise<number> {
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="240" height="160"><rect width="240" height="160" fill="${paper}"/>
      <ellipse cx="110" cy="80" rx="70" ry="50" fill="#777"/><circle cx="190" cy="50" r="25" fill="#222"/></svg>`
    const photo = await openPhoto(await sharp(Buffer.from(svg)).png().toBuffer())
    const { mask } = await findSubject(photo)
    const encoder = await openEncoder(`${SHARED}/golden/${archive}.pt`, { device: 'cpu' })
    try {
      const nothing = { ...photo.image, data: photo.image.data.map(() => 1) }
      const faded = backgroundless(photo.image, mask, 'fade')
      const pictures = [faded, backgroundless(photo.image, mask, 'keep'), nothing]
      const { embedding } = await encoder.encode(joined(pictures.map((one) => shrunk(one, encoder.resolution))))
      const [fade, keep, none] = rowsOf(embedding!).map(unit) as [Float32Array, Float32Array, Float32Array]
      return (1 - dot(fade, keep)) / (1 - dot(fade, none))
    } finally {
      await encoder.dispose()
    }
  }
  const shrunk = ({ data }: Tensor, size: number): Tensor => resized(tensor([1, 3, CANVAS, CANVAS], data), size).output

  test.each(['tiny-vit', 'tiny-rn'])('that is plain may be faded: %s sees the same', async (archive) => {
    expect(await changed('#fff', archive)).toBeLessThan(0.001)
    expect(await changed('#f4f2ea', archive)).toBeLessThan(0.01)
    expect(await changed('#808080', archive)).toBeGreaterThan(0.1)
  })
})
