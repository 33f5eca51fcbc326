import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { openPhoto } from '../../src/photo/photo.ts'
import { countFor, gainCurve } from '../../src/strokes/count.ts'
import { linesFor } from '../../src/strokes/trace.ts'
import { solidityOf } from '../../src/subject/solidity.ts'
import { findSubject } from '../../src/subject/subject.ts'
import { SAMPLES } from '../support/folder.ts'
import { curvesOnPaper, photoOf, type Thing } from '../support/things.ts'

const PHOTOS = fileURLToPath(new URL('../../../shared/photos/', import.meta.url))

async function counted(photo: string | Uint8Array): Promise<number> {
  const [some] = await countedFor(photo, [0.5])
  return some!
}

async function countedFor(photo: string | Uint8Array, details: readonly number[]): Promise<number[]> {
  const { field, mask } = await findSubject(await openPhoto(photo))
  const gains = gainCurve(linesFor(field, 16))
  return details.map((detail) => countFor(gains, solidityOf(mask), detail))
}

describe('as many strokes as a person would draw', () => {
  test.each([4, 8, 16, 32])('are %i for so many curves drawn on paper, within 15 %%', async (count) => {
    for (const seed of [1, 2]) {
      const found = await counted(await curvesOnPaper(count, seed))
      expect(Math.abs(found - count)).toBeLessThanOrEqual(0.15 * count)
    }
  })

  test.each<[Thing, number, number]>([
    ['pear', 4, 9],
    ['mug', 4, 9],
    ['fish', 10, 20],
    ['bicycle', 24, 48],
    ['street', 24, 48],
  ])('of a %s are %i to %i', async (thing, least, most) => {
    const found = await counted(await photoOf(thing))
    expect(found).toBeGreaterThanOrEqual(least)
    expect(found).toBeLessThanOrEqual(most)
  })

  test.each([
    ['cup.jpg', 4, 9],
    ['teapot.jpg', 4, 9],
    ['duck.jpg', 10, 20],
    ['flamingo.png', 10, 20],
    ['horse.jpg', 10, 20],
    ['cat.jpg', 10, 20],
  ])('of the sample %s are %i to %i, fewer and more when asked', async (sample, least, most) => {
    const [fewer, some, more] = await countedFor(SAMPLES + sample, [0, 0.5, 1])
    expect(some).toBeGreaterThanOrEqual(least)
    expect(some).toBeLessThanOrEqual(most)
    expect(fewer).toBeLessThanOrEqual(some!)
    expect(more).toBeGreaterThan(fewer!)
  })

  test.runIf(existsSync(PHOTOS)).each([
    ['coffee.png', 4, 9],
    ['chelsea.png', 10, 20],
    ['horse.png', 10, 20],
  ])('of the photo %s are %i to %i', async (photo, least, most) => {
    const found = await counted(PHOTOS + photo)
    expect(found).toBeGreaterThanOrEqual(least)
    expect(found).toBeLessThanOrEqual(most)
  })
})
