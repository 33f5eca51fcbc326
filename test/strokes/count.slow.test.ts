import { describe, expect, test } from 'vitest'
import { openPhoto } from '../../src/photo/photo.ts'
import { countFor, gainCurve } from '../../src/strokes/count.ts'
import { linesFor } from '../../src/strokes/trace.ts'
import { findSubject } from '../../src/subject/subject.ts'
import { SAMPLES } from '../support/folder.ts'
import { curvesOnPaper, photoOf, type Thing } from '../support/things.ts'

async function counted(photo: string | Uint8Array, detail?: number): Promise<number> {
  const { field } = await findSubject(await openPhoto(photo))
  return countFor(gainCurve(linesFor(field, 16)), detail)
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

  test.each(['flamingo.png', 'horse.jpg', 'cat.jpg'])(
    'of an animal (%s) are 10 to 20, fewer and more when asked',
    async (sample) => {
      const [fewer, some, more] = [
        await counted(SAMPLES + sample, 0),
        await counted(SAMPLES + sample),
        await counted(SAMPLES + sample, 1),
      ]
      expect(some).toBeGreaterThanOrEqual(10)
      expect(some).toBeLessThanOrEqual(20)
      expect(fewer).toBeLessThan(some)
      expect(more).toBeGreaterThan(some)
    },
  )
})
