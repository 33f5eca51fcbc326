import { describe, expect, test } from 'vitest'
import { openPhoto } from '../../src/photo/photo.ts'
import { findChains } from '../../src/strokes/chains.ts'
import { readMask } from '../../src/subject/mask.ts'
import { findSubject } from '../../src/subject/subject.ts'
import type { Tensor } from '../../src/tensor.ts'
import { CANVAS } from '../../src/units.ts'
import { BACKGROUNDS, scene, shaded, SHAPES } from './scenes.ts'

/** Pixels of a mask beside which it ends. */
function outlineOf({ data }: Tensor): [x: number, y: number][] {
  const inside = (i: number): boolean => data[i]! > 0.5
  const places: [number, number][] = []
  data.forEach((_, i) => {
    if (!inside(i) || [1, -1, CANVAS, -CANVAS].every((step) => inside(i + step))) return
    places.push([(i % CANVAS) + 0.5, Math.floor(i / CANVAS) + 0.5])
  })
  return places
}

const shareNear = (of: readonly [number, number][], to: readonly [number, number][], reach: number): number =>
  of.filter(([x, y]) => to.some(([u, v]) => Math.hypot(x - u, y - v) <= reach)).length / of.length

describe('on a plain background the lines are the outline, legs and tails too, and nothing else', () => {
  for (const [name, shape] of Object.entries(SHAPES)) {
    for (const ground of ['white', 'a vignette'] as const) {
      test(`${name} on ${ground}`, async () => {
        const { picture, truth } = await scene(shape, shaded([0.5, 0.25, 0.15]), BACKGROUNDS[ground]!)
        const photo = await openPhoto(picture)
        const outline = outlineOf(await readMask(truth, photo))
        const { field } = await findSubject(photo)
        const lines = findChains(field).flatMap(({ x, y, strength }) =>
          x.flatMap((u, k): [number, number][] => (strength[k]! > 0 ? [[u, y[k]!]] : [])),
        )
        expect(shareNear(lines, outline, 2)).toBeGreaterThan(0.95)
        expect(shareNear(outline, lines, 2.5)).toBeGreaterThan(0.9)
      })
    }
  }
})
