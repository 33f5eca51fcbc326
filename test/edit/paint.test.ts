import { expect, test } from 'vitest'
import { changedPhoto } from '../../src/edit/large.ts'
import { paintedStrokes, paintIn } from '../../src/edit/paint.ts'
import { fit } from '../../src/photo/photo.ts'
import { randomFrom } from '../../src/random.ts'
import { renderStrokes } from '../../src/raster/raster.ts'
import { tensor, type Tensor } from '../../src/tensor.ts'
import { CANVAS } from '../../src/units.ts'

const [WIDTH, HEIGHT] = [CANVAS, 120]
/** A red disc on a blue wall that gets lighter to the right. */
const picture = (): Tensor => {
  const made = tensor([3, HEIGHT, WIDTH])
  for (let y = 0, i = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++, i++) {
      const colour = Math.hypot(x - 80, y - 60) < 35 ? [0.8, 0.1, 0.1] : [0.1, 0.2 + (0.5 * x) / WIDTH, 0.7]
      colour.forEach((value, c) => (made.data[c * WIDTH * HEIGHT + i] = value))
    }
  }
  return made
}
const far = (a: Tensor, b: Tensor): number =>
  a.data.reduce((sum, value, i) => sum + Math.abs(value - b.data[i]!), 0) / a.data.length

test('a painting begins with so many strokes, as like the photo as they can be, and no other for the same seed', async () => {
  const photo = picture()
  const errors: number[] = []
  for (const count of [1, 30, 150]) {
    const paint = paintIn(count)
    const parameters = paint.init(randomFrom(1), photo)
    expect(parameters).toEqual(paint.init(randomFrom(1), photo))
    expect(parameters['widths']).toHaveLength(count)
    expect(parameters['points']).toHaveLength(8 * count)
    errors.push(far((await paint.apply(parameters, photo)).output, photo))
  }
  expect(errors[1]).toBeLessThan(errors[0]!)
  expect(errors[2]).toBeLessThan(errors[1]!)
  expect(errors[2]).toBeLessThan(0.045)
})

test('it stays within what is allowed, and its paper as it is', () => {
  const [paint, photo] = [paintIn(9), picture()]
  const parameters = paint.init(randomFrom(2), photo)
  const wild = Object.fromEntries(
    Object.entries(parameters).map(([name, numbers]) => [name, numbers.map((v, i) => (i % 2 ? 50 : -50) * v)]),
  )
  const { points, widths, colors, paper } = paint.held!(wild, photo)
  expect([Math.min(...widths!), Math.max(...widths!)]).toEqual([expect.closeTo(0.8, 5), 80])
  expect([Math.min(...colors!), Math.max(...colors!)]).toEqual([0, 1])
  expect(points!.every((v, i) => v >= -20 && v <= (i % 2 ? HEIGHT : WIDTH) + 20)).toBe(true)
  expect(paper).toEqual(wild['paper'])
  expect(Object.keys(paint.rates)).not.toContain('paper')
})

test('at its full size it has no seams, and is its strokes on the canvas', async () => {
  const paint = paintIn(40)
  const parameters = paint.init(randomFrom(3), picture())
  const [width, height] = [2 * WIDTH, 2 * HEIGHT]
  const samples = { data: new Uint8Array(3 * width * height), width, height, channels: 3 as const }
  const { data } = await changedPhoto(samples, paint, parameters)
  const whole = { ...paint, parts: () => ({ ...paint.parts(parameters, width, height), longest: width }) }
  const inOne = (await changedPhoto(samples, whole, parameters)).data
  expect(data.every((value, i) => value === inOne[i])).toBe(true)
  const { strokes, paper } = paintedStrokes(parameters, fit(width, height))
  const drawn = renderStrokes(strokes, paper).output
  const top = (CANVAS - HEIGHT) / 2
  let off = 0
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      const small = drawn.data[(y + top) * CANVAS + x]!
      off += Math.abs(small - data[3 * (2 * y * width + 2 * x)]! / 255)
    }
  }
  expect(off / (WIDTH * HEIGHT)).toBeLessThan(0.02)
})
