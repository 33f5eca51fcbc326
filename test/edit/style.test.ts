import { afterAll, describe, expect, test } from 'vitest'
import { changedPhoto } from '../../src/edit/large.ts'
import { openStyle, STYLE_SIDE } from '../../src/edit/style.ts'
import { randomFrom } from '../../src/random.ts'
import { tensor, type Tensor } from '../../src/tensor.ts'
import { agreement, laterDifferences } from '../support/differences.ts'
import { random } from '../support/random.ts'

const next = random(5)
const noise = (shape: number[], from = 0, to = 1): Tensor =>
  tensor(
    shape,
    tensor(shape).data.map(() => from + (to - from) * next()),
  )
const style = openStyle({ threads: 1 })
afterAll(() => style.dispose!())
/** A net that changes a good deal, and leaves the range of colours here and there. */
const strong = () => {
  const parameters = style.init(randomFrom(2), noise([3, 8, 8]))
  return { ...parameters, weights4: parameters['weights4']!.map((value) => 12 * value) }
}

describe('a change of style', () => {
  test('begins with one that can hardly be seen', async () => {
    const picture = noise([3, 20, 30])
    const { output } = await style.apply(style.init(randomFrom(1), picture), picture)
    const far = output.data.map((value, i) => Math.abs(value - picture.data[i]!))
    expect(Math.max(...far)).toBeLessThan(0.15)
    expect(far.reduce((sum, value) => sum + value) / far.length).toBeGreaterThan(1e-4)
  })

  test('its gradient agrees with central differences, in every layer', async () => {
    const picture = noise([3, 9, 12])
    const weights = noise(picture.shape, -1, 1)
    const parameters = strong()
    const cost = async () => {
      const { output, terms } = await style.apply(parameters, picture)
      const seen = output.data.reduce((sum, value, i) => sum + value * weights.data[i]!, 0)
      return seen + Object.values(terms).reduce((a, b) => a + b)
    }
    const { output, pullback } = await style.apply(parameters, picture)
    expect(output.data.filter((value) => value === 0 || value === 1).length).toBeGreaterThan(3)
    const gradient = await pullback(weights)
    for (const [name, numbers] of Object.entries(parameters)) {
      // Some of each layer's: it is one formula for all.
      const some = Array.from({ length: Math.min(numbers.length, 12) }, (_, i) => (i * 131) % numbers.length)
      const differences: number[] = []
      for (const i of some) differences.push((await laterDifferences(cost, numbers.subarray(i, i + 1), 2e-3))[0]!)
      const { cos, norm } = agreement(
        some.map((i) => gradient[name]![i]!),
        differences,
      )
      expect(cos, name).toBeGreaterThan(0.99)
      expect(Math.abs(norm - 1), name).toBeLessThan(0.1)
    }
  })

  test('has no seams: in tiles a large photo becomes what it is on the whole', async () => {
    const [width, height] = [1400, 24]
    const samples = { data: Uint8Array.from({ length: 3 * width * height }, () => 255 * next()), width, height }
    const parameters = strong()
    const tiled = await changedPhoto({ ...samples, channels: 3 }, style, parameters)
    const parts = style.parts(parameters, width, height)
    expect(parts.longest).toBeLessThan(width)
    // Once, in one piece.
    const inTwo = { ...style, parts: () => ({ ...parts, longest: width }) }
    const whole = await changedPhoto({ ...samples, channels: 3 }, inTwo, parameters)
    let most = 0
    let moved = 0
    tiled.data.forEach((value, i) => {
      most = Math.max(most, Math.abs(value - whole.data[i]!))
      if (value !== samples.data[i]) moved++
    })
    expect(most).toBeLessThanOrEqual(1)
    expect(moved).toBeGreaterThan(tiled.data.length / 2)
  })

  test('is as large in a large photo as on the canvas', async () => {
    // A dot, and what the net makes of its surroundings.
    const dotted = (times: number, margin: number) => {
      const [height, width] = [8 * times + 2 * margin, STYLE_SIDE * times + 2 * margin]
      const picture = tensor([3, height, width])
      picture.data.fill(0.5)
      for (let c = 0; c < 3; c++) {
        for (let y = 4 * times + margin; y < 5 * times + margin; y++) {
          const line = (c * height + y) * width + margin
          picture.data.fill(1, line + 256 * times, line + 257 * times)
        }
      }
      return picture
    }
    const parameters = style.init(randomFrom(3), noise([3, 8, 8]))
    const reach = async (times: number) => {
      const [side, parts] = [STYLE_SIDE * times, style.parts(parameters, STYLE_SIDE * times, 8 * times)]
      const { data, shape } = await parts.apply(dotted(times, parts.margin), 0, 0)
      const [, , width] = shape as [number, number, number]
      expect(width).toBe(side)
      const row = data.subarray(4 * times * width, (4 * times + 1) * width)
      return 256 - row.findIndex((value) => Math.abs(value - row[0]!) > 1e-6) / times
    }
    const [large, small] = [await reach(3), await reach(1)]
    expect(small).toBeGreaterThan(6)
    expect(small).toBeLessThanOrEqual(10)
    expect(large).toBeCloseTo(small, 0)
  })
})
