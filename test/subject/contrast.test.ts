import { expect, test } from 'vitest'
import type { Photo } from '../../src/photo/photo.ts'
import { regionContrast } from '../../src/subject/contrast.ts'
import { tensor } from '../../src/tensor.ts'
import { CANVAS } from '../../src/units.ts'

/** A grey photo [CANVAS, CANVAS] of what lightness, 0..1, is where. */
function photoOf(lightness: (x: number, y: number) => number): Photo {
  const image = tensor([3, CANVAS, CANVAS])
  image.data.forEach((_, i) => {
    image.data[i] = lightness(i % CANVAS, Math.floor(i / CANVAS) % CANVAS)
  })
  const frame = { x: 0, y: 0, width: CANVAS, height: CANVAS }
  return { image, frame, sourceWidth: CANVAS, sourceHeight: CANVAS, warnings: [] }
}

const stripes = (along: number): number => 0.5 + 0.2 * Math.sign(Math.sin((2 * Math.PI * along) / 5))
const MIDDLE = CANVAS / 2

/** The most along a column or row of pixels, away from the border. */
function mostAt(contrast: Float32Array, x: number): number {
  let most = 0
  for (let y = 20; y < CANVAS - 20; y++) most = Math.max(most, contrast[y * CANVAS + x]!)
  return most
}

test('there is none in a flat photo, and all along a step between two', async () => {
  expect(Math.max(...(await regionContrast(photoOf(() => 0.4))))).toBe(0)
  const step = await regionContrast(photoOf((x) => (x < MIDDLE ? 0.2 : 0.8)))
  expect(mostAt(step, MIDDLE)).toBeGreaterThan(0.5)
  expect(mostAt(step, MIDDLE - 12)).toBeLessThan(0.01)
})

test('two textures of the same colours are parted where they meet, and nothing within them', async () => {
  const contrast = await regionContrast(photoOf((x, y) => stripes(x < MIDDLE ? y : x + y)))
  const meeting = Math.max(...[-2, -1, 0, 1, 2].map((aside) => mostAt(contrast, MIDDLE + aside)))
  const within = Math.max(...[-60, -40, 40, 60].map((aside) => mostAt(contrast, MIDDLE + aside)))
  expect(meeting).toBeGreaterThan(2.5 * within)
})

test('it is the same whichever side is which, and 0..1', async () => {
  const [one, other] = await Promise.all(
    [1, -1].map((way) => regionContrast(photoOf((x) => (way * (x - MIDDLE) < 0 ? 0.1 : 0.9)))),
  )
  expect(mostAt(one!, MIDDLE)).toBeCloseTo(mostAt(other!, MIDDLE), 5)
  expect([...one!].every((value) => value >= 0 && value <= 1)).toBe(true)
})
