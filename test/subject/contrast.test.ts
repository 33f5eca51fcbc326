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

const MIDDLE = CANVAS / 2
/** A number 0..1 for each pixel that looks like chance, and is the same each time. */
const chance = (x: number, y: number): number => (Math.abs(Math.sin(12.9898 * x + 78.233 * y)) * 43758.5453) % 1

/** The mean along a column of pixels, away from the border. */
function meanAt(contrast: Float32Array, x: number): number {
  const column = Array.from({ length: CANVAS - 40 }, (_, k) => contrast[(k + 20) * CANVAS + x]!)
  return column.reduce((sum, value) => sum + value / column.length, 0)
}

test('there is none in a flat photo, and all along a step between two', () => {
  expect(Math.max(...regionContrast(photoOf(() => 0.4)))).toBe(0)
  const step = regionContrast(photoOf((x) => (x < MIDDLE ? 0.2 : 0.8)))
  expect(meanAt(step, MIDDLE)).toBeGreaterThan(0.9)
  expect(meanAt(step, MIDDLE - 12)).toBeLessThan(0.01)
})

test('a texture is parted from another where they meet, and its own steps, which are as high, count for less', () => {
  const spots = (dark: number, light: number) => (x: number, y: number) => (chance(x >> 2, y >> 2) < 0.5 ? dark : light)
  const [coat, grass] = [spots(0.2, 0.5), spots(0.6, 0.9)]
  const contrast = regionContrast(photoOf((x, y) => (x < MIDDLE ? coat(x, y) : grass(x, y))))
  const meeting = Math.max(meanAt(contrast, MIDDLE - 1), meanAt(contrast, MIDDLE))
  const within = Math.max(...[-61, -40, -22, 21, 42, 60].map((aside) => meanAt(contrast, MIDDLE + aside)))
  expect(meeting).toBeGreaterThan(3 * within)
})

test('what is even is parted from what is rough, of the same colour in the mean', () => {
  const contrast = regionContrast(photoOf((x, y) => (x < MIDDLE ? 0.5 : 0.35 + 0.3 * chance(x, y))))
  const meeting = Math.max(...[-3, -2, -1, 0, 1, 2, 3].map((aside) => meanAt(contrast, MIDDLE + aside)))
  const within = Math.max(...[-60, -40, 40, 60].map((aside) => meanAt(contrast, MIDDLE + aside)))
  expect(meeting).toBeGreaterThan(2 * within)
})

test('it is the same whichever side is which, and 0..1', () => {
  const [one, other] = [1, -1].map((way) => regionContrast(photoOf((x) => (way * (x - MIDDLE) < 0 ? 0.1 : 0.9))))
  expect(meanAt(one!, MIDDLE)).toBeCloseTo(meanAt(other!, MIDDLE), 5)
  expect([...one!].every((value) => value >= 0 && value <= 1)).toBe(true)
})

test.each([
  [1, 1],
  [2, 224],
  [224, 1],
])('a photo of %i by %i units has one, too', (width, height) => {
  const frame = { x: (CANVAS - width) / 2, y: (CANVAS - height) / 2, width, height }
  const contrast = regionContrast({ ...photoOf((x, y) => chance(x, y)), frame })
  expect([...contrast].every((value) => value >= 0 && value <= 1)).toBe(true)
})
