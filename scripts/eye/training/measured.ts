import { type Session, openGraph, openSession } from '../../../src/onnx/session.ts'
import type { Tensor } from '../../../src/tensor.ts'
import type { Scene } from '../shards.ts'
import { eyeGraph } from './export.ts'
import { type Measures, Measurement } from './measure.ts'
import type { Widths } from './net.ts'

/** How well weights do on scenes of 224², as they would be shipped. */
export async function measuredWeights(
  widths: Widths,
  weights: Record<string, Tensor>,
  scenes: readonly Scene[],
): Promise<Measures> {
  return measured(await openGraph(eyeGraph(widths, weights), { threads: 1 }), scenes)
}

/** How well the net in a file does, which has the eye's input and outputs. */
export async function measuredFile(path: string, scenes: readonly Scene[]): Promise<Measures> {
  return measured(await openSession(path, { threads: 1 }), scenes)
}

async function measured(session: Session, scenes: readonly Scene[]): Promise<Measures> {
  const measurement = new Measurement()
  for (const scene of scenes) {
    const { lines, figure } = await session.run({ image: imageOf(scene) })
    measurement.add(scene, { lines: lines!.data, figure: figure!.data })
  }
  await session.dispose()
  return measurement.result()
}

/** The photo as the eye takes it: [1, 3, side, side] of 0…1. */
export function imageOf({ side, photo }: Scene): Tensor {
  const area = side * side
  const data = new Float32Array(3 * area)
  for (let i = 0; i < area; i++) for (let k = 0; k < 3; k++) data[k * area + i] = photo[3 * i + k]! / 255
  return { data, shape: [1, 3, side, side] }
}
