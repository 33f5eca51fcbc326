import type { GraphBuilder } from '../onnx/builder.ts'
import type { Value } from '../onnx/graph.ts'
import { tensor, type Tensor } from '../tensor.ts'
import { CANVAS } from '../units.ts'
import type { Tower } from './tower.ts'

/** How many directions lines are told apart in. */
const DIRECTIONS = 6
/** Sigma of the filters in pixels of their scale; each scale has pixels twice as wide, the first one unit. */
const SIGMA = 1.1
const SCALES = 4
/** Energy below this is noise; it also keeps the root smooth where there is nothing. */
const FLOOR = 0.04

/**
 * The built-in eye. It has no learned weights: at four scales it sees lines, as the energy of pairs of oriented filters
 * (one even, one odd: Morrone & Owens 1987), so that an edge in a photo and a pen line on paper look alike to it.
 * Layer s is [n, DIRECTIONS, r, r] with r = 224, 112, 56, 28.
 */
export const builtin: Tower = {
  name: 'builtin',
  resolution: CANVAS,
  weights: { layers: [4, 2, 1, 0.5], embedding: 0 },
  sees: 'lines',
  // Blocks of 16 channels are a loss where there are six.
  optimisation: 'extended',
  build(g, images) {
    const even = g.constant(filters(Math.cos))
    const odd = g.constant(filters(Math.sin))
    let plane = g.op('Conv', [images, g.constant(tensor([1, 3, 1, 1], Float32Array.of(0.299, 0.587, 0.114)))])
    const layers: Value[] = []
    for (let scale = 0; scale < SCALES; scale++) {
      if (scale > 0) plane = g.op('AveragePool', [plane], { kernel_shape: [2, 2], strides: [2, 2] })
      layers.push(energy(g, plane, even, odd))
    }
    return { layers }
  },
}

/** √(even² + odd² + floor²) − floor. The border is continued, so that it is no edge. */
function energy(g: GraphBuilder, plane: Value, even: Value, odd: Value): Value {
  const radius = filterRadius()
  const padded = g.op('Pad', [plane, g.ints([0, 0, radius, radius, 0, 0, radius, radius])], { mode: 'edge' })
  const square = (filter: Value): Value => {
    const response = g.op('Conv', [padded, filter])
    return g.op('Mul', [response, response])
  }
  const sum = g.op('Add', [g.op('Add', [square(even), square(odd)]), g.scalar(FLOOR ** 2)])
  return g.op('Sub', [g.op('Sqrt', [sum]), g.scalar(FLOOR)])
}

function filterRadius(): number {
  return Math.ceil(2.5 * SIGMA)
}

/**
 * One Gabor filter for each direction, [DIRECTIONS, 1, k, k]: `wave` (cosine or sine) across the line under a Gaussian,
 * without a mean, scaled so that a full step answers with about 1.
 */
function filters(wave: (phase: number) => number): Tensor {
  const radius = filterRadius()
  const side = 2 * radius + 1
  const bank = tensor([DIRECTIONS, 1, side, side])
  for (let d = 0; d < DIRECTIONS; d++) {
    const angle = (Math.PI * d) / DIRECTIONS
    const filter = bank.data.subarray(d * side * side, (d + 1) * side * side)
    const under = new Float32Array(side * side)
    for (let y = -radius; y <= radius; y++) {
      for (let x = -radius; x <= radius; x++) {
        const i = (y + radius) * side + x + radius
        const across = x * Math.cos(angle) + y * Math.sin(angle)
        under[i] = Math.exp(-(x * x + y * y) / (2 * SIGMA ** 2))
        filter[i] = under[i] * wave((1.4 * across) / SIGMA)
      }
    }
    const mean = sum(filter) / sum(under)
    for (let i = 0; i < filter.length; i++) filter[i]! -= mean * under[i]!
    const size = sum(filter.map(Math.abs)) / 2
    for (let i = 0; i < filter.length; i++) filter[i]! /= size
  }
  return bank
}

function sum(numbers: Float32Array): number {
  return numbers.reduce((a, b) => a + b, 0)
}
