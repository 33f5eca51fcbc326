import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { openPhoto, type Photo, photoPixels } from '../../src/photo/photo.ts'
import { lookAtPhoto, lookCloser, withEye } from '../../src/subject/eye.ts'
import { noMask, readMask, selectSubject, type Selection } from '../../src/subject/mask.ts'
import type { Tensor } from '../../src/tensor.ts'
import { CANVAS } from '../../src/units.ts'
import { quadrants, type Rgb } from '../photo/pictures.ts'
import {
  BACKGROUNDS,
  gaussian,
  overlap,
  type Paint,
  scene,
  type SceneOptions,
  shaded,
  type Shape,
  SHAPES,
} from './scenes.ts'

const BROWN: Rgb = [0.5, 0.25, 0.15]

const selected = (photo: Photo): Promise<Selection> =>
  selectSubject(photo, () => withEye(async (eye) => lookCloser(photo, await lookAtPhoto(photo, eye), eye)))

async function found(shape: Shape, body: Paint, ground: Paint, options?: SceneOptions): Promise<number> {
  const { picture, truth } = await scene(shape, body, ground, options)
  const photo = await openPhoto(picture)
  return overlap((await selected(photo)).mask.data, (await readMask(truth, photo)).data)
}

/** The mask at a point of the photo, x and y 0..1. */
function maskAt(mask: Tensor, { frame }: Photo, x: number, y: number): number {
  return mask.data[Math.floor(frame.y + y * frame.height) * CANVAS + Math.floor(frame.x + x * frame.width)]!
}

describe('on a plain background the mask is exact', () => {
  for (const [name, shape] of Object.entries(SHAPES)) {
    for (const [kind, ground] of Object.entries(BACKGROUNDS)) {
      it(`${name} on ${kind}`, async () => {
        expect(await found(shape, shaded(BROWN), ground)).toBeGreaterThan(0.99)
      })
    }
  }

  const animal = SHAPES['an animal with legs and a thin tail']!
  const cup = SHAPES['a cup with a handle']!

  it('in a wide photo, after JPEG, with noise, touching the border', async () => {
    const { white, grey } = BACKGROUNDS as Record<'white' | 'grey', Paint>
    const vignette = BACKGROUNDS['a vignette']!
    expect(await found(animal, shaded(BROWN), vignette, { height: 420 })).toBeGreaterThan(0.99)
    expect(await found(animal, shaded(BROWN), white, { jpeg: true })).toBeGreaterThan(0.985)
    expect(await found(cup, shaded([0.3, 0.5, 0.4]), grey, { noise: 0.03 })).toBeGreaterThan(0.985)
    const bust: Shape = (x, y) =>
      Math.hypot(x - 0.5, y - 0.4) < 0.16 || (y > 0.6 && Math.abs(x - 0.5) < 0.1 + 0.5 * (y - 0.6))
    expect(await found(bust, shaded(BROWN), vignette)).toBeGreaterThan(0.99)
  })

  it('for a pale thing on white', async () => {
    const pale: Paint = (x, y) => [0.95 - 0.1 * y, 0.95 - 0.1 * y, 0.93 - 0.1 * x]
    expect(await found(cup, pale, BACKGROUNDS.white!)).toBeGreaterThan(0.97)
  })

  it('without the shadow that the subject casts', async () => {
    expect(await found(animal, shaded(BROWN), BACKGROUNDS.grey!, { shadow: 0.3 })).toBeGreaterThan(0.93)
  })

  it('with a white patch inside a dark subject that has the colour of the paper', async () => {
    const spot: Paint = (x, y) => (Math.hypot(x - 0.42, y - 0.5) < 0.012 ? [1, 1, 1] : shaded(BROWN)(x, y))
    expect(await found(cup, spot, BACKGROUNDS.white!)).toBeGreaterThan(0.99)
  })
})

describe('on any other background', () => {
  const planks: Paint = (x, y) => {
    const grain = 0.08 * Math.sin(90 * y + 6 * Math.sin(9 * x)) + (Math.floor(y * 7) % 2 ? 0.07 : 0)
    return [0.55 + grain, 0.42 + grain, 0.3 + grain]
  }

  it('finds what contrasts with it', async () => {
    expect(await found(SHAPES['a cup with a handle']!, shaded([0.2, 0.35, 0.75]), planks)).toBeGreaterThan(0.85)
  })

  it('keeps everything when there is no telling', async () => {
    const random = gaussian()
    const grain = Buffer.from(
      Array.from({ length: 240 * 180 * 3 }, () => Math.min(255, Math.max(0, 128 + 60 * random()))),
    )
    const photo = await openPhoto(
      await sharp(grain, { raw: { width: 240, height: 180, channels: 3 } })
        .png()
        .toBuffer(),
    )
    const { left, top, right, bottom } = photoPixels(photo.frame)
    const total = (await selected(photo)).mask.data.reduce((sum, value) => sum + value, 0)
    expect(total / ((right - left) * (bottom - top))).toBeGreaterThan(0.6)
  })

  it('keeps everything when there is nothing to see', async () => {
    const blank = { width: 120, height: 80, channels: 3, background: 'white' } as const
    const photo = await openPhoto(await sharp({ create: blank }).png().toBuffer())
    expect(await selected(photo)).toEqual({ mask: noMask(photo), plain: true })
  })
})

const photos = new URL('../../../shared/photos/', import.meta.url)
describe.skipIf(!existsSync(photos))('on photos', () => {
  const look = async (file: string) => {
    const photo = await openPhoto(fileURLToPath(new URL(file, photos)))
    const { mask } = await selected(photo)
    return { photo, mask, at: (x: number, y: number) => maskAt(mask, photo, x, y) }
  }

  it('a silhouette is itself', async () => {
    const { photo, mask } = await look('horse.png')
    const dark = photo.image.data.subarray(0, CANVAS * CANVAS).map((value) => 1 - value)
    expect(overlap(mask.data, dark)).toBeGreaterThan(0.99)
  })

  /** Means of the mask at some places of a photo, x and y 0..1. */
  const meanAt = async (file: string, ...groups: (readonly [x: number, y: number])[][]): Promise<number[]> => {
    const { at } = await look(file)
    return groups.map((places) => places.reduce((sum, [x, y]) => sum + at(x, y), 0) / places.length)
  }

  it('cup and spoon rather than the table', async () => {
    const cup = [
      [0.45, 0.2],
      [0.45, 0.4],
      [0.6, 0.7],
      [0.45, 0.75],
    ] as [number, number][]
    const table = [
      [0.03, 0.6],
      [0.95, 0.1],
      [0.95, 0.9],
      [0.03, 0.1],
    ] as [number, number][]
    const [subject, ground] = await meanAt('coffee.png', cup, table)
    expect(subject! - ground!).toBeGreaterThan(0.5)
  })

  it('face, hair and suit rather than the wall', async () => {
    const person = [
      [0.42, 0.2],
      [0.42, 0.07],
      [0.3, 0.6],
      [0.45, 0.5],
    ] as [number, number][]
    const wall = [
      [0.65, 0.2],
      [0.95, 0.2],
      [0.25, 0.12],
    ] as [number, number][]
    const [subject, ground] = await meanAt('astronaut.png', person, wall)
    expect(subject! - ground!).toBeGreaterThan(0.5)
  })
})

describe('masks of other kinds', () => {
  it('no mask is 1 in the photo and 0 in the padding', async () => {
    const photo = await openPhoto(await quadrants(300, 200).png().toBuffer())
    const { left, top, right, bottom } = photoPixels(photo.frame)
    const mask = noMask(photo)
    expect(mask.shape).toEqual([CANVAS, CANVAS])
    mask.data.forEach((value, i) => {
      const x = i % CANVAS
      const y = Math.floor(i / CANVAS)
      expect(value === 1).toBe(x >= left && x < right && y >= top && y < bottom)
    })
  })

  it('a mask file may have any size but must have the shape of the photo', async () => {
    const photo = await openPhoto(await quadrants(300, 200).png().toBuffer())
    const white = (width: number, height: number) =>
      sharp({ create: { width, height, channels: 3, background: 'white' } })
        .png()
        .toBuffer()
    expect(await readMask(await white(60, 40), photo)).toEqual(noMask(photo))
    await expect(readMask(await white(200, 300), photo)).rejects.toThrow(
      'Expected a mask in the shape of the photo (300 × 200), but the mask is 200 × 300: crop it like the photo.',
    )
    await expect(readMask('none.png', photo)).rejects.toThrow('Expected a mask, but "none.png" does not exist')
  })
})
