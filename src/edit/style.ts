import { gradientOf } from '../autodiff/gradient.ts'
import type { Shown } from '../objective/canvas.ts'
import { GraphBuilder } from '../onnx/builder.ts'
import type { Graph, Value } from '../onnx/graph.ts'
import { openGraph, type Session, type SessionOptions } from '../onnx/session.ts'
import type { Groups } from '../optimiser/groups.ts'
import type { Random } from '../random.ts'
import { sizeOf, tensor, type Tensor } from '../tensor.ts'
import { held, outside } from './colours.ts'
import type { Parts, Transform } from './transform.ts'

/** Pixels along a side of the canvas that the net is trained on. */
export const STYLE_SIDE = 512

/** The net: how many channels each layer makes, of 3 × 3 pixels that lie so far apart. */
const LAYERS = [
  { from: 3, to: 16, apart: 1 },
  { from: 16, to: 16, apart: 2 },
  { from: 16, to: 16, apart: 4 },
  { from: 16, to: 16, apart: 2 },
  { from: 16, to: 3, apart: 1 },
] as const
const KERNEL = 3
/** How far around a pixel the net looks. */
const REACH = LAYERS.reduce((sum, { apart }) => sum + apart, 0)
const LEAK = 0.1
/** What the last layer begins with, next to what is usual: a change that can hardly be seen. */
const BEGINNING = 0.05
const RATE = [4e-3, 4e-4] as const

/** How much it counts that neighbouring pixels differ (total variation), and that colours leave their range. */
const VARIATION = 0.1
const RANGE = 2

/** Pixels along a side of a part: what a layer makes of it and its margin is 60 MB. */
const LONGEST = 800

/** What runs at every step keeps its memory, but no plan of it; blocks of channels are a loss where there are so few. */
const EVERY_STEP = { optimisation: 'extended', unplanned: true } as const satisfies SessionOptions
/** What runs once for each part of a photo gives it back. */
const ONCE_EACH = { lean: true } as const satisfies SessionOptions

/**
 * A change of style: a light convolutional net, trained on the one photo (CLIPstyler: Kwon & Ye 2022), says what is added
 * to each pixel. It has no norms over the whole picture, so that a part becomes what it is on the whole; and in a larger
 * picture the pixels that it looks at lie further apart, so that what it paints stays as large next to the photo.
 */
export function openStyle({ threads }: { threads?: number } = {}): Transform {
  const sessions = new Map<string, Promise<Session>>()
  const session = (key: string, write: () => Graph, options: SessionOptions): Promise<Session> => {
    const known = sessions.get(key) ?? openGraph(write(), { ...options, ...(threads !== undefined && { threads }) })
    sessions.set(key, known)
    return known
  }
  /** A picture with so much around it as the net looks at, [1, 3, …], as it becomes. */
  const changed = async (
    parameters: Groups,
    around: Tensor,
    apart: number,
    options: SessionOptions,
  ): Promise<Tensor> => {
    const [, , height, width] = around.shape as [number, number, number, number]
    const shape = [3, height - 2 * apart * REACH, width - 2 * apart * REACH]
    const net = await session(`forward ${shape.join(' ')} ${apart}`, () => forwardGraph(shape, apart), options)
    const { changed } = await net.run({ padded: around, ...feedsOf(parameters) })
    return tensor(shape, changed!.data)
  }

  return {
    init: (random) => Object.fromEntries(LAYERS.flatMap((layer, i) => begun(i, layer, random))),
    rates: Object.fromEntries(LAYERS.flatMap((_, i) => [weightsName(i), biasName(i)].map((name) => [name, RATE]))),
    async apply(parameters, picture): Promise<Shown> {
      const { shape } = picture
      const around = padded(picture, REACH)
      const became = await changed(parameters, around, 1, EVERY_STEP)
      const range = outside(became, RANGE)
      const output = held(became)
      const rough = variation(output)
      return {
        output,
        terms: { variation: VARIATION * rough.output, range: range.output },
        async pullback({ data }): Promise<Groups> {
          const ofRough = rough.pullback(VARIATION)
          const ofChanged = range.pullback(data.map((g, i) => g + ofRough[i]!))
          const net = await session(`backward ${shape.join(' ')}`, () => backwardGraph(shape), EVERY_STEP)
          const gradients = await net.run(
            { padded: around, of: tensor([1, ...shape], ofChanged), ...feedsOf(parameters) },
            NAMES.map((name) => `grad_${name}`),
          )
          return Object.fromEntries(NAMES.map((name) => [name, gradients[`grad_${name}`]!.data]))
        },
      }
    },
    parts(parameters, width, height): Parts {
      const apart = Math.max(1, Math.round(Math.max(width, height) / STYLE_SIDE))
      const margin = apart * REACH
      return {
        // In a very large photo there would be little left between the margins.
        longest: Math.max(LONGEST, 2 * margin),
        margin,
        apply: async ({ data, shape }) =>
          held(await changed(parameters, { data, shape: [1, ...shape] }, apart, ONCE_EACH)),
      }
    },
    async dispose() {
      const open = [...sessions.values()]
      sessions.clear()
      for (const one of open) await (await one).dispose()
    },
  }
}

const weightsName = (layer: number): string => `weights${layer}`
const biasName = (layer: number): string => `bias${layer}`
const NAMES = LAYERS.flatMap((_, i) => [weightsName(i), biasName(i)])

type Layer = (typeof LAYERS)[number]

function shapesOf({ from, to }: Layer): { weights: number[]; bias: number[] } {
  return { weights: [to, from, KERNEL, KERNEL], bias: [to] }
}

/** Weights that keep the size of what passes through them (He et al. 2015), and no bias. */
function begun(i: number, layer: Layer, random: Random): [string, Float32Array][] {
  const { weights, bias } = shapesOf(layer)
  const most = Math.sqrt(6 / (layer.from * KERNEL ** 2)) * (i === LAYERS.length - 1 ? BEGINNING : 1)
  const numbers = Float32Array.from({ length: sizeOf(weights) }, () => most * (2 * random() - 1))
  return [
    [weightsName(i), numbers],
    [biasName(i), new Float32Array(sizeOf(bias))],
  ]
}

function feedsOf(parameters: Groups): Record<string, Tensor> {
  const entries = LAYERS.flatMap((layer, i) => {
    const { weights, bias } = shapesOf(layer)
    const [w, b] = [weightsName(i), biasName(i)]
    return [
      [w, tensor(weights, parameters[w])],
      [b, tensor(bias, parameters[b])],
    ] as const
  })
  return Object.fromEntries(entries)
}

/** `padded` [1, 3, h + 2r, w + 2r] and the weights → `changed` [1, 3, h, w], the picture and what is added to it. */
function forwardGraph(shape: readonly number[], apart: number): Graph {
  const g = new GraphBuilder()
  g.output('changed', net(g, shape, apart))
  return g.toGraph()
}

/** The same, and `of`, the gradient of what came out → the gradients in the weights. */
function backwardGraph(shape: readonly number[]): Graph {
  const g = new GraphBuilder()
  const product = g.op('Mul', [net(g, shape, 1), g.input('of', [1, ...shape])])
  g.output('sum', g.op('ReduceSum', [product], { keepdims: 0 }))
  return gradientOf(g.toGraph(), 'sum', NAMES)
}

function net(g: GraphBuilder, [planes, height, width]: readonly number[], apart: number): Value {
  const margin = apart * REACH
  const picture = g.input('padded', [1, planes!, height! + 2 * margin, width! + 2 * margin])
  const change = LAYERS.reduce((x, layer, i) => {
    const { weights, bias } = shapesOf(layer)
    const dilations = [apart * layer.apart, apart * layer.apart]
    const made = g.op('Conv', [x, g.input(weightsName(i), weights), g.input(biasName(i), bias)], { dilations })
    return i === LAYERS.length - 1 ? made : g.op('LeakyRelu', [made], { alpha: { float: LEAK } })
  }, picture)
  const [from, to, axes] = [
    [margin, margin],
    [margin + height!, margin + width!],
    [2, 3],
  ].map((n) => g.ints(n))
  return g.op('Add', [g.op('Slice', [picture, from!, to!, axes!]), change])
}

/** A picture [3, h, w] with its border continued by so many pixels, [1, 3, …]. */
function padded({ data, shape }: Tensor, by: number): Tensor {
  const [planes, height, width] = shape as [number, number, number]
  const [rows, columns] = [height + 2 * by, width + 2 * by]
  const output = tensor([1, planes, rows, columns])
  for (let c = 0; c < planes; c++) {
    for (let y = 0; y < rows; y++) {
      const from = (c * height + Math.min(height - 1, Math.max(0, y - by))) * width
      const to = (c * rows + y) * columns
      output.data.set(data.subarray(from, from + width), to + by)
      output.data.fill(data[from]!, to, to + by)
      output.data.fill(data[from + width - 1]!, to + by + width, to + columns)
    }
  }
  return output
}

/** The squared differences of neighbouring pixels, the mean over all numbers of a picture. */
function variation({ data, shape }: Tensor) {
  const [, height, width] = shape as [number, number, number]
  const gradient = new Float32Array(data.length)
  const share = 1 / data.length
  let sum = 0
  const between = (i: number, j: number): void => {
    const difference = data[j]! - data[i]!
    sum += difference * difference
    gradient[j]! += 2 * share * difference
    gradient[i]! -= 2 * share * difference
  }
  for (let i = 0; i < data.length; i++) {
    if ((i + 1) % width !== 0) between(i, i + 1)
    if (Math.floor(i / width) % height !== height - 1) between(i, i + width)
  }
  return { output: share * sum, pullback: (weight: number) => gradient.map((g) => weight * g) }
}
