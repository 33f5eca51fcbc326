import { afterAll, describe, expect, test } from 'vitest'
import { openEncoder } from '../../src/encoder/open.ts'
import { tensor, type Tensor } from '../../src/tensor.ts'
import { CANVAS } from '../../src/units.ts'
import { agreement } from '../support/differences.ts'
import { disc } from '../support/pictures.ts'
import { random } from '../support/random.ts'

const encoder = await openEncoder('builtin', { threads: 1 })
afterAll(() => encoder.dispose())

/** Grey pictures, [n, 3, CANVAS, CANVAS], painted by functions of canvas units. */
function pictures(...paints: ((x: number, y: number) => number)[]): Tensor {
  const images = tensor([paints.length, 3, CANVAS, CANVAS])
  images.data.forEach((_, i) => {
    const pixel = i % CANVAS ** 2
    const paint = paints[Math.floor(i / (3 * CANVAS ** 2))]!
    images.data[i] = paint((pixel % CANVAS) + 0.5, Math.floor(pixel / CANVAS) + 0.5)
  })
  return images
}

const largest = (numbers: Float32Array): number => numbers.reduce((most, v) => Math.max(most, Math.abs(v)), 0)
const ball = disc(112, 112, 60)
/** A pen line along the disc's edge, `aside` units off it. */
const ring =
  (aside: number) =>
  (x: number, y: number): number =>
    Math.min(1, Math.max(0, Math.abs(Math.hypot(x - 112, y - 112) - 60 - aside) - 1))

describe('the built-in encoder', () => {
  test('sees lines at four scales, and nothing in an even picture', async () => {
    const { layers, embedding } = await encoder.encode(pictures(ball, () => 0.4))
    expect(layers.map(({ shape }) => shape)).toEqual([224, 112, 56, 28].map((r) => [2, 6, r, r]))
    expect(embedding).toBeUndefined()
    for (const { data } of layers) {
      const half = data.length / 2
      expect(largest(data.subarray(0, half))).toBeGreaterThan(0.3)
      expect(largest(data.subarray(half))).toBeLessThan(1e-5)
    }
  })

  test('an edge and a pen line along it look more alike the nearer the line lies', async () => {
    const target = await encoder.prepare(pictures(ball))
    const losses: number[] = []
    for (const aside of [0, 2, 4, 8, 16]) losses.push((await encoder.compare(pictures(ring(aside)), target)).loss)
    expect(losses).toEqual([...losses].sort((a, b) => a - b))
    expect(losses[0]).toBeLessThan(0.7 * losses[4]!)
  })

  test('a picture differs from itself by nothing, and nothing pulls at it', async () => {
    const { loss, terms, gradient } = await encoder.compare(pictures(ball), pictures(ball))
    expect(loss).toBe(0)
    expect(Object.keys(terms)).toEqual(['layer0', 'layer1', 'layer2', 'layer3'])
    expect(largest(gradient.data)).toBe(0)
  })

  test('has no embedding, and says so when nothing else is to count', async () => {
    const weights = { layers: [0, 0, 0, 0], embedding: 1 }
    for (const call of [
      encoder.prepare(pictures(ball), weights),
      encoder.compare(pictures(ball), pictures(ball), weights),
    ])
      await expect(call).rejects.toThrow(
        /^Expected 4 layer weights .+, not all of them 0, but .+ it has no embedding: /,
      )
  })

  test('the loss of a batch is the mean of its pictures', async () => {
    const target = await encoder.prepare(pictures(ball))
    const both = await encoder.compare(pictures(ring(1), ring(5)), target)
    const each = [await encoder.compare(pictures(ring(1)), target), await encoder.compare(pictures(ring(5)), target)]
    expect(both.loss).toBeCloseTo((each[0]!.loss + each[1]!.loss) / 2, 6)
    const half = both.gradient.data.length / 2
    const halves = [both.gradient.data.subarray(0, half), both.gradient.data.subarray(half)]
    halves.forEach((part, i) => {
      const { cos, norm } = agreement(part, each[i]!.gradient.data)
      expect(cos).toBeGreaterThan(0.9999)
      expect(norm).toBeCloseTo(0.5, 3)
    })
  })

  test.each([1, 2, 3])('the gradient agrees with differences along random smooth changes (%i)', async (seed) => {
    const next = random(seed)
    const [fx, fy, phase] = [0.05 + 0.3 * next(), 0.05 + 0.3 * next(), 6 * next()]
    const change = pictures((x, y) => Math.sin(fx * x + fy * y + phase))
    const at = pictures((x, y) => 0.2 + 0.6 * ring(2)(x, y))
    const target = await encoder.prepare(pictures(ball))
    const moved = (step: number): Tensor => ({ ...at, data: at.data.map((v, i) => v + step * change.data[i]!) })
    const step = 0.01
    const above = (await encoder.compare(moved(step), target)).loss
    const below = (await encoder.compare(moved(-step), target)).loss
    const { gradient } = await encoder.compare(at, target)
    const predicted = gradient.data.reduce((sum, g, i) => sum + g * change.data[i]!, 0)
    expect(predicted / ((above - below) / (2 * step))).toBeCloseTo(1, 1.7) // within 1 %
  })

  test('refuses pictures of another size by name', async () => {
    await expect(encoder.encode(tensor([1, 3, 64, 64]))).rejects.toThrow('[n, 3, 224, 224]')
  })
})
