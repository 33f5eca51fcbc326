import type { GraphBuilder } from '../onnx/builder.ts'
import type { Value } from '../onnx/graph.ts'
import { tensor, type Tensor } from '../tensor.ts'
import { type SeenLoss, unitRows, weighted } from './seen.ts'

/** So many rows and columns of places stand for a picture, or for a layer of features, at most. */
const GRID = 28

/**
 * Having the style of a picture: in the shallow layers of an encoder the features at a grid of places, wherever they lie,
 * should be those of the style (relaxed earth mover's distance and moments: Kolkin et al. 2019, STROTSS), and so should
 * the colours. `style` holds, for each layer that counts and for the colours, samples [1, m, c] as `styleSamples` takes
 * them.
 */
export function styleLike(style: StyleSamples, weight = 1): SeenLoss {
  const layers = Object.keys(style.layers).map(Number)
  return {
    key: `style ${weight} ${layers.join(' ')}`,
    wanted: {
      ...Object.fromEntries(layers.map((i) => [`layer${i}`, style.layers[i]!])),
      colours: style.colours,
    },
    terms: (g, { images, layers: seen }, wanted) => {
      const ofLayers = layers.flatMap((i) => {
        const [x, y] = [samplesOf(g, seen[i]!), wanted[`layer${i}`]!]
        return [relaxedEarthMovers(g, x, y), moments(g, x, y)]
      })
      const ofColours = relaxedEarthMovers(g, samplesOf(g, images), wanted['colours']!, squaredDistances)
      const sum = ofLayers.reduce((all, one) => g.op('Add', [all, one]))
      return {
        style: weighted(g, sum, weight / layers.length),
        palette: weighted(g, ofColours, weight),
      }
    },
  }
}

/** What a picture of a style looks like at a grid of places: features of some layers, and colours; each [1, m, c]. */
export interface StyleSamples {
  layers: Readonly<Record<number, Tensor>>
  colours: Tensor
}

/** Samples of a picture that was looked at: of some layers of its features, and of its colours, as `samplesOf` takes them. */
export function sampled(seen: { layers: Readonly<Record<number, Tensor>>; colours: Tensor }): StyleSamples {
  const entries = Object.entries(seen.layers).map(([i, layer]) => [i, samplesIn(layer)])
  return { layers: Object.fromEntries(entries) as StyleSamples['layers'], colours: samplesIn(seen.colours) }
}

/** `samplesOf`, of numbers. */
function samplesIn({ data, shape }: Tensor): Tensor {
  if (shape.length === 3) return tensor([1, shape[1]! - 1, shape[2]!], data.slice(shape[2]))
  const [, channels, height, width] = shape as [number, number, number, number]
  const { first, step } = gridOf(height, width)
  const places: number[] = []
  for (let y = first; y < height; y += step) for (let x = first; x < width; x += step) places.push(y * width + x)
  const numbers = places.flatMap((place) =>
    Array.from({ length: channels }, (_, c) => data[c * height * width + place]!),
  )
  return tensor([1, places.length, channels], Float32Array.from(numbers))
}

/** The grid's first row and column, and how far the next ones are. */
function gridOf(height: number, width: number): { first: number; step: number } {
  const step = Math.max(1, Math.floor(Math.min(height, width) / GRID))
  return { first: Math.floor(step / 2), step }
}

/**
 * Samples [n, m, c] of a picture or of features [n, c, h, w], on a grid; of tokens [n, 1 + m, c] all but the first, which
 * stands for the whole picture.
 */
export function samplesOf(g: GraphBuilder, features: Value): Value {
  const shape = g.shapes.of(features)
  if (shape.length === 3) {
    return g.op('Slice', [features, g.ints([1]), g.ints([shape[1]!]), g.ints([1])])
  }
  const [batch, channels, height, width] = shape as [number, number, number, number]
  const { first, step } = gridOf(height, width)
  const grid = g.op('Slice', [
    features,
    g.ints([first, first]),
    g.ints([height, width]),
    g.ints([2, 3]),
    g.ints([step, step]),
  ])
  const places = g.op('Reshape', [grid, g.ints([batch, channels, -1])])
  return g.op('Transpose', [places], { perm: [0, 2, 1] })
}

/** How far each of x [n, m, c] is from each of y [1, k, c]: [n, m, k]. */
type Distances = (g: GraphBuilder, x: Value, y: Value) => Value

/** 1 − cos. */
const cosines: Distances = (g, x, y) => {
  const across = g.op('Transpose', [unitRows(g, y)], { perm: [0, 2, 1] })
  return g.op('Sub', [g.scalar(1), g.op('MatMul', [unitRows(g, x), across])])
}

/** |x − y|², written as |x|² + |y|² − 2 x·y. */
const squaredDistances: Distances = (g, x, y) => {
  const square = (rows: Value) => g.op('ReduceSum', [g.op('Mul', [rows, rows]), g.ints([2])], { keepdims: 1 })
  const turned = (value: Value) => g.op('Transpose', [value], { perm: [0, 2, 1] })
  const both = g.op('Add', [square(x), turned(square(y))])
  return g.op('Sub', [both, g.op('Mul', [g.scalar(2), g.op('MatMul', [x, turned(y)])])])
}

/** How far x [n, m, c] has to be carried to y [1, k, c], when many may go to one: the larger of both ways, [n]. */
export function relaxedEarthMovers(g: GraphBuilder, x: Value, y: Value, distances: Distances = cosines): Value {
  const cost = distances(g, x, y)
  const nearest = (axis: number) => {
    const least = g.op('ReduceMin', [cost], { axes: [axis], keepdims: 0 })
    return g.op('ReduceMean', [least], { axes: [1], keepdims: 0 })
  }
  return g.op('Max', [nearest(2), nearest(1)])
}

/** The mean absolute difference of means, and of covariances, of x [n, m, c] and y [1, k, c]: [n]. */
export function moments(g: GraphBuilder, x: Value, y: Value): Value {
  const [a, b] = [momentsOf(g, x), momentsOf(g, y)]
  const apart = (p: Value, q: Value) =>
    g.op('ReduceMean', [g.op('Abs', [g.op('Sub', [p, q])])], { axes: [1, 2], keepdims: 0 })
  return g.op('Add', [apart(a.mean, b.mean), apart(a.covariance, b.covariance)])
}

function momentsOf(g: GraphBuilder, rows: Value) {
  const count = g.shapes.of(rows)[1]!
  const mean = g.op('ReduceMean', [rows], { axes: [1], keepdims: 1 })
  const centred = g.op('Sub', [rows, mean])
  const products = g.op('MatMul', [g.op('Transpose', [centred], { perm: [0, 2, 1] }), centred])
  return { mean, covariance: g.op('Div', [products, g.scalar(Math.max(1, count - 1))]) }
}
