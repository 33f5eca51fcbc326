import { expect, test } from 'vitest'
import { settled } from '../../src/drawing/settle.ts'
import type { Canvas } from '../../src/objective/canvas.ts'
import type { Objective } from '../../src/objective/objective.ts'
import { tensor } from '../../src/tensor.ts'

/** A drawing that is two numbers. */
const canvas: Canvas<Float32Array> = {
  show: () => ({ output: tensor([1]), terms: {}, pullback: () => ({}) }),
  parametersOf: (points) => ({ points }),
  moved: (points, { points: change }) => points.map((value, i) => value + change![i]!),
}
/** How far it is from (3, -1); gradients may lie about that. */
const wanted =
  (sign: 1 | -1): Objective<Float32Array> =>
  (points) => {
    const off = points.map((value, i) => value - [3, -1][i]!)
    const plain = { loss: off[0]! ** 2 + off[1]! ** 2, terms: {} }
    return Promise.resolve({
      ...plain,
      ...{ plain, each: [plain.loss], gradient: { points: off.map((v) => 2 * sign * v) } },
    })
  }
const about = { canvas, rates: [1, 0.1] as const, viewsAt: () => [] }

test('gradients move a drawing to which something came, all of it', async () => {
  const { work, loss } = await settled(Float32Array.of(1, 1), { ...about, objective: wanted(1) })
  expect(loss).toBeLessThan(2)
  expect([work[0]! > 1.5, work[1]! < 0.5]).toEqual([true, true])
})

test('where they do not help it stays as it was, and when it is stopped it is the best until then', async () => {
  const start = Float32Array.of(1, 1)
  expect(await settled(start, { ...about, objective: wanted(-1) })).toMatchObject({ work: start, loss: 8 })
  const stopped = await settled(start, { ...about, objective: wanted(1), signal: AbortSignal.abort() })
  expect(stopped).toMatchObject({ work: start, loss: 8 })
})
