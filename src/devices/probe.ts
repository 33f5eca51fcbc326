import { gradientOf } from '../autodiff/gradient.ts'
import { GraphBuilder } from '../onnx/builder.ts'
import type { Value } from '../onnx/graph.ts'
import type { Precision } from '../onnx/half.ts'
import { writeModel } from '../onnx/protobuf.ts'
import { openSession } from '../onnx/session.ts'
import { randomAt } from '../random.ts'
import { sizeOf, tensor, type Tensor } from '../tensor.ts'

/** What a device made of a small graph, and how long one run of it took there. */
export interface ProbeResult {
  /** The loss and every so many numbers of its gradient. */
  values: number[]
  /** Median of a few runs. */
  milliseconds: number
}

/** Sides of the pictures: on the small one results are compared, on the large one devices race. */
const SMALL = 28
const LARGE = 80
/** A device that takes longer than this for the small picture, in milliseconds, is spared the large one. */
const HOPELESS = 250
const RUNS = 5
/** Every so many numbers of the gradient are compared: enough to find a wrong one, few enough to be sent as text. */
const SAMPLE = 127

/**
 * Runs, on one device, a piece of what encoders do there: convolutions, a matrix product, a softmax, and the gradient
 * of it all. Throws a FewlineError of kind `device` when the device is not to be had. A driver at fault may end the
 * process or hang it, so whoever asks does it in a process of its own (`ask.ts`).
 */
export async function probe(device: string, precision: Precision = 'single'): Promise<ProbeResult> {
  const small = await trial(device, precision, SMALL, 1)
  if (small.milliseconds > HOPELESS) return { ...small, milliseconds: small.milliseconds * (LARGE / SMALL) ** 2 }
  return { ...small, milliseconds: (await trial(device, precision, LARGE, RUNS)).milliseconds }
}

async function trial(device: string, precision: Precision, side: number, runs: number): Promise<ProbeResult> {
  const session = await openSession(probeModel(side, precision), { device })
  try {
    const feeds = { picture: noise(0, [1, 32, side, side]) }
    const times: number[] = []
    let { loss, grad_picture: gradient } = await session.run(feeds)
    for (let i = 0; i < runs; i++) {
      const began = performance.now()
      ;({ loss, grad_picture: gradient } = await session.run(feeds))
      times.push(performance.now() - began)
    }
    times.sort((a, b) => a - b)
    const values = [loss!.data[0]!, ...gradient!.data.filter((_, i) => i % SAMPLE === 0)]
    return { values, milliseconds: times[runs >> 1]! }
  } finally {
    await session.dispose()
  }
}

function probeModel(side: number, precision: Precision): Uint8Array {
  const g = new GraphBuilder()
  const weights = (seed: number, shape: number[]): Value => {
    const { data } = noise(seed, shape)
    const size = Math.sqrt(sizeOf(shape.slice(1)))
    const scaled = data.map((v) => (3 * v) / size)
    return g.constant(tensor(shape, scaled))
  }
  let value: Value = g.input('picture', [1, 32, side, side])
  for (const [seed, channels] of [32, 64, 64].entries()) {
    const conv = g.op('Conv', [value, weights(seed + 1, [64, channels, 3, 3])], { pads: [1, 1, 1, 1] })
    value = g.op('Relu', [conv])
  }
  const pooled = g.op('AveragePool', [value], { kernel_shape: [4, 4], strides: [4, 4] })
  const columns = g.op('Reshape', [pooled, g.ints([1, 64, (side / 4) ** 2])])
  const rows = g.op('Transpose', [columns], { perm: [0, 2, 1] })
  const attention = g.op('Softmax', [g.op('MatMul', [rows, columns])], { axis: -1 })
  const mixed = g.op('MatMul', [attention, rows])
  g.output('loss', g.op('ReduceMean', [g.op('Mul', [mixed, mixed])], { keepdims: 0 }))
  return writeModel(gradientOf(g.toGraph(), 'loss', ['picture'], precision))
}

/** Repeatable numbers around 0. */
function noise(seed: number, shape: readonly number[]): Tensor {
  const random = randomAt(seed)
  return tensor(
    shape,
    Float32Array.from({ length: sizeOf(shape) }, () => random() - 0.5),
  )
}
