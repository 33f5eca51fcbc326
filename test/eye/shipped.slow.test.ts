import { statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Session, openSession } from '../../src/onnx/session.ts'
import { randomFrom } from '../../src/random.ts'
import { type Tensor, tensor } from '../../src/tensor.ts'

const SIDE = 224
const file = join(import.meta.dirname, '..', '..', 'resources', 'eye', 'eye.onnx')
let eye: Session
beforeAll(async () => (eye = await openSession(file, { threads: 1 })))
afterAll(() => eye.dispose())

async function seen(session: Session, image: Tensor): Promise<{ lines: Float32Array; figure: Float32Array }> {
  const { lines, figure } = await session.run({ image })
  return { lines: lines!.data, figure: figure!.data }
}

/** The same grey for all channels, by place. */
function photo(grey: (x: number, y: number) => number): Tensor {
  const image = tensor([1, 3, SIDE, SIDE])
  image.data.forEach((_, i) => (image.data[i] = grey(i % SIDE, Math.floor(i / SIDE) % SIDE)))
  return image
}

// Whatever net is shipped next may not be below these.
describe('the eye that is shipped', () => {
  test('is small, takes and gives what it should', async () => {
    expect(statSync(file).size).toBeLessThan(400_000)
    expect([eye.inputs, eye.outputs]).toEqual([['image'], ['lines', 'figure']])
    const { lines, figure } = await eye.run({ image: photo(() => 0.5) })
    for (const head of [lines!, figure!]) expect(head.shape).toEqual([1, 1, SIDE, SIDE])
  })

  const random = randomFrom(1)
  test.each([
    ['black', photo(() => 0)],
    ['white', photo(() => 1)],
    ['grey', photo(() => 0.5)],
    ['all texture', photo(() => random())],
    ['a line of one pixel', photo((x) => Number(x !== 100))],
    ['one pixel', photo((x, y) => Number(x === 100 && y === 100))],
    ['all sky', photo((_, y) => 0.5 + y / 600)],
  ])('stays within 0 and 1 where there is %s', async (_, image) => {
    const { lines, figure } = await seen(eye, image)
    for (const map of [lines, figure]) expect(map.every((number) => number >= 0 && number <= 1)).toBe(true)
  })
})
