import { expect, test } from 'vitest'
import { openPhoto } from '../../src/photo/photo.ts'
import { curveLength } from '../../src/strokes/bezier.ts'
import { pointAt } from '../../src/strokes/fit.ts'
import { linesFor, traceStrokes } from '../../src/strokes/trace.ts'
import { findSubject } from '../../src/subject/subject.ts'
import { SAMPLES } from '../support/folder.ts'

test.each([
  ['horse.jpg', [[42.5, 55]]],
  ['duck.jpg', [[67, 69]]],
  [
    'cat.jpg',
    [
      [110, 58],
      [135, 58],
    ],
  ],
] as const)('of 16 strokes some are the eyes of %s', async (name, eyes) => {
  const { field } = await findSubject(await openPhoto(SAMPLES + name))
  const { annealed } = traceStrokes(linesFor(field, 16), 16)
  for (const [x, y] of eyes) {
    const on = annealed.filter((cubic) => {
      const all = Array.from({ length: 9 }, (_, k) => pointAt(cubic, k / 8))
      return curveLength(cubic, 0) < 40 && all.every(([u, v]) => Math.hypot(u - x, v - y) < 7)
    })
    expect(on).toHaveLength(1)
  }
})
