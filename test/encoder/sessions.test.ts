import { expect, test } from 'vitest'
import { openSessions } from '../../src/encoder/sessions.ts'
import { GraphBuilder } from '../../src/onnx/builder.ts'
import type { Graph } from '../../src/onnx/graph.ts'
import { tensor } from '../../src/tensor.ts'

function exponential(): Graph {
  const g = new GraphBuilder()
  g.output('y', g.op('Exp', [g.input('x', [2])]))
  return g.toGraph()
}

test('results that must be finite are, or the device has failed', async () => {
  const [checked, plain] = [openSessions({ finite: true }), openSessions({})]
  const run = (sessions: typeof plain, x: number) =>
    sessions.run('exp', exponential, { x: tensor([2], Float32Array.of(0, x)) })
  expect((await run(checked, 1)).y!.data[0]).toBe(1)
  expect((await run(plain, 1000)).y!.data[1]).toBe(Infinity)
  await expect(run(checked, 1000)).rejects.toMatchObject({ problem: { kind: 'device' } })
  await expect(run(checked, NaN)).rejects.toThrow('"y" left its range')
  await Promise.all([checked.dispose(), plain.dispose()])
})
