import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { gradientGraph } from '../../src/autodiff/gradient.ts'
import { FewlineError } from '../../src/errors.ts'
import { readModel, writeModel } from '../../src/onnx/protobuf.ts'
import { random } from '../support/random.ts'
import { damaged, hostileGraph } from './hostile.ts'

/** As a file of PyTorch's has them; only those that the random graphs have when they are not there. */
const golden = join(import.meta.dirname, '../../../shared/golden/graphs')
const exported = existsSync(golden)
  ? readdirSync(golden)
      .filter((name) => name.endsWith('.onnx'))
      .map((name) => readFileSync(join(golden, name)))
  : []

/** A hundred thousand in all: of eight, one has its bytes damaged, and one is a damaged file of another program. */
const CASES = 100_000

test('whatever a model is, its gradient is written or refused in a sentence', { timeout: 600_000 }, () => {
  const outcomes = { written: 0, refused: 0 }
  for (let i = 0; i < CASES; i++) {
    const next = random(i)
    const own = writeModel(hostileGraph(next))
    const model = i % 8 > 1 ? own : damaged((i % 8 === 0 && exported[(i / 8) % exported.length]) || own, next)
    try {
      readModel(gradientGraph(model, 'loss', next() < 0.5 ? ['x'] : ['x', 'y']))
      outcomes.written++
    } catch (error) {
      if (!(error instanceof FewlineError)) throw new Error(`case ${i}`, { cause: error })
      outcomes.refused++
    }
  }
  expect(outcomes.written).toBeGreaterThan(CASES / 8)
  expect(outcomes.refused).toBeGreaterThan(CASES / 8)
})
