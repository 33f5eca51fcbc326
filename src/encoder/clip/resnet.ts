import type { GraphBuilder } from '../../onnx/builder.ts'
import { type Value, laterConstant } from '../../onnx/graph.ts'
import { tensor, type Tensor } from '../../tensor.ts'

import type { Named } from './named.ts'
import { headsFor, linear } from './transformer.ts'

/** Added to a batch norm's variance; CLIP uses PyTorch's. */
const EPSILON = 1e-5
/** The stem and the stages halve a picture five times. */
export const RESNET_STRIDE = 32
const STAGES = ['layer1.', 'layer2.', 'layer3.', 'layer4.']

/**
 * CLIP's residual network (Radford et al. 2021, after He et al. 2019): three convolutions and a pool instead of one
 * large convolution, an average pool before each convolution that would have had a stride, and attention at the end.
 * From pictures [n, 3, r, r] to the stem's and the four stages' output, [n, c, h, w] each, and the embedding [n, d].
 */
export function resnet(g: GraphBuilder, pictures: Value, weights: Named): { layers: Value[]; embedding: Value } {
  const layers = stages(g, pictures, weights)
  return { layers, embedding: attentionPool(g, layers.at(-1)!, weights.within('attnpool.')) }
}

/**
 * What each place shows by itself, [n, places, d], in the space of the texts: the values of the attention pool without
 * its attention, which needs no training (MaskCLIP: Zhou, Loy and Dai 2022). Pictures [n, 3, h, w] of any size.
 */
export function placeMeanings(g: GraphBuilder, pictures: Value, weights: Named): Value {
  const map = stages(g, pictures, weights).at(-1)!
  const [batch, width] = g.shapes.of(map) as [number, number]
  const places = g.op('Transpose', [g.op('Reshape', [map, g.ints([batch, width, -1])])], { perm: [0, 2, 1] })
  const pool = weights.within('attnpool.')
  const values = linear(g, places, pool, 'v_proj.weight', 'v_proj.bias')
  return linear(g, values, pool, 'c_proj.weight', 'c_proj.bias')
}

/** The output of the stem and of the four stages. */
function stages(g: GraphBuilder, pictures: Value, weights: Named): Value[] {
  let x = pictures
  for (const i of [1, 2, 3]) x = relu(g, convolution(g, x, weights, `conv${i}`, `bn${i}`, i === 1 ? 2 : 1))
  x = averagePool(g, x, 2)
  const layers = [seen(g, x)]
  for (const stage of STAGES) {
    const part = weights.within(stage)
    for (let i = 0; i < part.count(''); i++) {
      x = bottleneck(g, x, part.within(`${i}.`), i === 0 && stage !== 'layer1.' ? 2 : 1)
    }
    layers.push(seen(g, x))
  }
  return layers
}

/**
 * What a loss sees of a layer. A pool of single pixels changes nothing; but the runtime keeps pools, as convolutions, in a
 * blocked layout, and what comes back through this one goes on in it, instead of being converted at every node.
 */
function seen(g: GraphBuilder, x: Value): Value {
  return g.op('AveragePool', [x], { kernel_shape: [1, 1] })
}

/** The side of the pictures: the attention pool knows how many places it looks at, each of 32 pixels. */
export function resnetResolution(weights: Named): number {
  const [places] = weights.shape('attnpool.positional_embedding', 2)
  return RESNET_STRIDE * Math.round(Math.sqrt(places! - 1))
}

function bottleneck(g: GraphBuilder, x: Value, weights: Named, stride: number): Value {
  let branch = relu(g, convolution(g, x, weights, 'conv1', 'bn1'))
  branch = relu(g, convolution(g, branch, weights, 'conv2', 'bn2'))
  branch = convolution(g, averagePool(g, branch, stride), weights, 'conv3', 'bn3')
  const shortcut = weights.has('downsample.0.weight')
    ? convolution(g, averagePool(g, x, stride), weights, 'downsample.0', 'downsample.1')
    : x
  return relu(g, g.op('Add', [branch, shortcut]))
}

function relu(g: GraphBuilder, x: Value): Value {
  return g.op('Relu', [x])
}

function averagePool(g: GraphBuilder, x: Value, side: number): Value {
  return side === 1 ? x : g.op('AveragePool', [x], { kernel_shape: [side, side], strides: [side, side] })
}

/** A convolution that keeps the size (but for its stride) with the batch norm after it, in one. */
function convolution(g: GraphBuilder, x: Value, weights: Named, conv: string, norm: string, stride = 1): Value {
  const shape = weights.shape(`${conv}.weight`, 4)
  const { factors, bias } = folded(weights.within(`${norm}.`), shape[0]!)
  const kernel = laterConstant(shape, () => scaled(weights.read(`${conv}.weight`).data, factors))
  const attributes = { strides: [stride, stride], pads: Array<number>(4).fill((shape[2]! - 1) >> 1) }
  return g.op('Conv', [x, g.constant(kernel), g.constant(bias)], attributes)
}

/** A batch norm of channels, scale (x − mean) / √(variance + ε) + shift, as a factor and a bias for each of them. */
function folded(norm: Named, channels: number): { factors: Float32Array; bias: Tensor } {
  const [scale, shift, mean, variance] = ['weight', 'bias', 'running_mean', 'running_var'].map((name) =>
    norm.vector(name, channels),
  )
  const factors = scale!.map((factor, c) => factor / Math.sqrt(variance![c]! + EPSILON))
  return {
    factors,
    bias: tensor(
      [channels],
      factors.map((factor, c) => shift![c]! - mean![c]! * factor),
    ),
  }
}

/** Multiplies the kernel of each output channel by its factor, in place. */
function scaled(kernel: Float32Array, factors: Float32Array): Float32Array {
  const block = kernel.length / factors.length
  factors.forEach((factor, c) => {
    for (let i = c * block; i < (c + 1) * block; i++) kernel[i]! *= factor
  })
  return kernel
}

/**
 * Attention whose only query is the mean of all places. With one query, keys and values of single places are not
 * needed: q · (K x) = (Kᵀ q) · x, where a bias of the keys would shift all places alike, and Σ aᵢ (V xᵢ) = V (Σ aᵢ xᵢ).
 * Batch and heads are [h, n, …], so that each head's matrix meets the whole batch at once.
 */
function attentionPool(g: GraphBuilder, x: Value, weights: Named): Value {
  const [batch, width, height, breadth] = g.shapes.of(x) as [number, number, number, number]
  const heads = headsFor(width)
  const side = width / heads
  const matmul = (a: Value, b: Value): Value => g.op('MatMul', [a, b])
  const transpose = (a: Value, perm: number[]): Value => g.op('Transpose', [a], { perm })
  const reshape = (a: Value, shape: number[]): Value => g.op('Reshape', [a, g.ints(shape)])
  const perHead = (name: string): Value => g.constant({ ...weights.constant(name), shape: [heads, side, width] })

  const places = reshape(x, [batch, width, height * breadth])
  const mean = g.op('ReduceMean', [places], { axes: [2], keepdims: 1 })
  const positions = g.constant(weights.constant('positional_embedding'))
  const tokens = g.op('Add', [g.op('Concat', [mean, places], { axis: 2 }), transpose(positions, [1, 0])]) // [n, c, t]

  const first = reshape(g.op('Slice', [tokens, g.ints([0]), g.ints([1]), g.ints([2])]), [batch, width])
  const scaled = g.op('Mul', [linear(g, first, weights, 'q_proj.weight', 'q_proj.bias'), g.scalar(side ** -0.5)])
  const query = transpose(reshape(scaled, [batch, heads, side]), [1, 0, 2]) // [h, n, c / h]
  const direction = matmul(query, perHead('k_proj.weight')) // [h, n, c]
  const attention = g.op('Softmax', [matmul(transpose(direction, [1, 0, 2]), tokens)], { axis: -1 }) // [n, h, t]
  const seen = matmul(attention, transpose(tokens, [0, 2, 1])) // [n, h, c]

  const valueOf = transpose(perHead('v_proj.weight'), [0, 2, 1]) // [h, c, c / h]
  const values = transpose(matmul(transpose(seen, [1, 0, 2]), valueOf), [1, 0, 2]) // [n, h, c / h]
  const biased = g.op('Add', [reshape(values, [batch, width]), g.constant(weights.constant('v_proj.bias'))])
  return linear(g, biased, weights, 'c_proj.weight', 'c_proj.bias')
}
