import { join } from 'node:path'
import { expect, test } from 'vitest'
import { scene } from '../../scripts/eye/scene.ts'
import { Measurement } from '../../scripts/eye/training/measure.ts'
import { imageOf } from '../../scripts/eye/training/measured.ts'
import { HELD_OUT } from '../../scripts/eye/training/plan.ts'
import { openSession } from '../../src/onnx/session.ts'

// Whatever net is shipped next may not be below these.
test(`the eye that is shipped sees lines and figures of ${HELD_OUT.count} scenes it was not trained on`, async () => {
  const eye = await openSession(join(import.meta.dirname, '..', '..', 'resources', 'eye', 'eye.onnx'), { threads: 1 })
  const measurement = new Measurement()
  for (let i = 0; i < HELD_OUT.count; i++) {
    const held = scene(HELD_OUT.first + i)
    const { lines, figure } = await eye.run({ image: imageOf(held) })
    measurement.add(held, { lines: lines!.data, figure: figure!.data })
  }
  await eye.dispose()
  const { f, precision, overlap } = measurement.result()
  expect(f).toBeGreaterThan(0.7)
  expect(precision).toBeGreaterThan(0.66)
  expect(overlap).toBeGreaterThan(0.61)
}, 300_000)
