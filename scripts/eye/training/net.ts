import type { GraphBuilder } from '../../../src/onnx/builder.ts'
import type { Value } from '../../../src/onnx/graph.ts'
import { sizeOf, tensor } from '../../../src/tensor.ts'

/** Channels at 1/2, 1/4, 1/8, 1/16 and 1/32 of the picture. */
export type Widths = readonly [number, number, number, number, number]

/** How a weight begins: drawn from a normal distribution of this deviation, or this number everywhere. */
export type Start = { deviation: number } | { value: number }

/** Where the net takes its weights from: inputs of a graph while it is trained, constants when it is done. */
export type Weights = (name: string, shape: readonly number[], start: Start) => Value

/** What the net says, as logits. Sides are in pixels of the picture [n, 3, h, w], which are multiples of 32. */
export interface Heads {
  /** [n, 1, h, w]: does a line that someone would draw go through here? */
  lines: Value
  /** [n, 1, h / 2, w / 2]: does this belong to what the photo is of? */
  figure: Value
  /** [n, 1, h / 16, w / 16]: the coarse part of `figure`, which is also learned by itself. */
  coarse: Value
}

/** Pixels of 0…1 are spread about so far, so that the first layer's answers are about as large as its input. */
const CONTRAST = 4
/** What comes from the coarser level is begun smaller, so that the sum is no larger than its parts. */
const SKIP = 0.5

/**
 * The eye: a U-shaped net (Ronneberger et al. 2015) of residual blocks (He et al. 2016) down to 1/32 and back to 1/2.
 * It has no norm layers: each residual begins as the identity (Zhang et al. 2019, Fixup), and the rest with deviations that
 * keep the size of activations (He et al. 2015). At the bottom it sees all of the picture, by dilation and by the mean, and is
 * told where it looks: things that photos are of stand in the middle more often than at the border.
 * Lines come out at the picture's own size by sub-pixel convolution (Shi et al. 2016).
 */
export function eye(g: GraphBuilder, images: Value, weights: Weights, [a, b, c, d, e]: Widths): Heads {
  const { conv, relu, add, above } = layers(g, weights)
  const block = (x: Value, name: string, channels: number, dilation = 1): Value => {
    const inner = relu(conv(x, `${name}.a`, channels, { dilation }))
    return relu(add(x, conv(inner, `${name}.b`, channels, { gain: 0 })))
  }
  const lateral = (x: Value, name: string, channels: number) => conv(x, name, channels, { kernel: 1, gain: SKIP })

  const x0 = g.op('Mul', [g.op('Sub', [images, g.scalar(0.5)]), g.scalar(CONTRAST)])
  const quads = g.op('SpaceToDepth', [x0], { blocksize: 2 })
  const x1 = relu(conv(relu(conv(quads, 'half.in', a)), 'half.more', a))
  const x2 = relu(conv(relu(conv(x1, 'quarter.in', b, { stride: 2 })), 'quarter.more', b))
  const x3 = block(relu(conv(x2, 'eighth.in', c, { stride: 2 })), 'eighth.more', c)
  const near = block(relu(conv(x3, 'sixteenth.in', d, { stride: 2 })), 'sixteenth.more', d)
  const x4 = block(near, 'sixteenth.wide', d, 2)
  const bottom = relu(conv(x4, 'bottom.in', e, { stride: 2 }))
  const placed = add(bottom, lateral(places(g, bottom), 'bottom.place', e))
  const x5 = block(placed, 'bottom.more', e, 2)
  const seen = add(x5, lateral(g.op('GlobalAveragePool', [x5]), 'bottom.all', e))

  const y4 = relu(conv(add(x4, above(lateral(seen, 'sixteenth.up', d), x4)), 'sixteenth.out', d))
  const y3 = relu(conv(add(x3, above(lateral(y4, 'eighth.up', c), x3)), 'eighth.out', c))
  const y2 = relu(conv(add(x2, above(lateral(y3, 'quarter.up', b), x2)), 'quarter.out', b))
  const y1 = relu(conv(add(x1, above(lateral(y2, 'half.up', a), x1)), 'half.out', a))

  const coarse = lateral(y4, 'figure.sixteenth', 1)
  // Four pixels of lines for each place of the figure, by one convolution: the finest level costs most.
  const heads = conv(y1, 'heads', 5, { gain: SKIP, bias: -1 })
  const [lines, fine] = g.ops('Split', [heads, g.ints([4, 1])], { axis: 1 }, 2) as [Value, Value]
  const figure = add(add(fine, above(lateral(y2, 'figure.quarter', 1), y1)), above(coarse, y1))
  return { lines: g.op('DepthToSpace', [lines], { blocksize: 2 }), figure, coarse }
}

interface ConvOptions {
  kernel?: number
  stride?: number
  dilation?: number
  /** Of the weights' deviation at the beginning, over that which keeps the size of activations. */
  gain?: number
  /** At the beginning. */
  bias?: number
}

function layers(g: GraphBuilder, weights: Weights) {
  const conv = (x: Value, name: string, channels: number, options: ConvOptions = {}): Value => {
    const { kernel = 3, stride = 1, dilation = 1, gain = 1, bias = 0 } = options
    const shape = [channels, g.shapes.of(x)[1]!, kernel, kernel]
    const pad = dilation * ((kernel - 1) / 2)
    return g.op(
      'Conv',
      [
        x,
        weights(`${name}.weight`, shape, { deviation: gain * Math.sqrt(2 / sizeOf(shape.slice(1))) }),
        weights(`${name}.bias`, [channels], { value: bias }),
      ],
      { strides: [stride, stride], dilations: [dilation, dilation], pads: [pad, pad, pad, pad] },
    )
  }
  /** Enlarged to the size of a finer level. */
  const above = (x: Value, finer: Value): Value => {
    const [, , height, width] = g.shapes.of(finer)
    const [n, channels] = g.shapes.of(x)
    return g.op('Resize', [x, '', '', g.ints([n!, channels!, height!, width!])], { mode: 'linear' })
  }
  const relu = (x: Value): Value => g.op('Relu', [x])
  const add = (p: Value, q: Value): Value => g.op('Add', [p, q])
  return { conv, relu, add, above }
}

/** Where each place of `x` lies in the picture: x, y, x² and y², from −1 to 1; [1, 4, h, w]. */
function places(g: GraphBuilder, x: Value): Value {
  const [, , height, width] = g.shapes.of(x)
  const planes = tensor([1, 4, height!, width!])
  const size = height! * width!
  for (let i = 0; i < size; i++) {
    const across = ((i % width!) + 0.5) / (width! / 2) - 1
    const down = (Math.floor(i / width!) + 0.5) / (height! / 2) - 1
    ;[across, down, across ** 2, down ** 2].forEach((place, plane) => (planes.data[plane * size + i] = place))
  }
  return g.constant(planes)
}
