import type { GraphBuilder } from '../../onnx/builder.ts'
import type { Value } from '../../onnx/graph.ts'
import { tensor } from '../../tensor.ts'

/** Mean and standard deviation of the pictures that CLIP was trained on, by channel (Radford et al. 2021). */
const MEAN = [0.48145466, 0.4578275, 0.40821073]
const DEVIATION = [0.26862954, 0.26130258, 0.27577711]

/** Pictures 0..1 as CLIP wants them: around 0, of unit deviation. */
export function normalised(g: GraphBuilder, pictures: Value): Value {
  const perChannel = (numbers: readonly number[]): Value => g.constant(tensor([3, 1, 1], Float32Array.from(numbers)))
  const scaled = g.op('Mul', [pictures, perChannel(DEVIATION.map((d) => 1 / d))])
  return g.op('Sub', [scaled, perChannel(MEAN.map((m, c) => m / DEVIATION[c]!))])
}
