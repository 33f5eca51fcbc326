import { GraphBuilder } from '../onnx/builder.ts'
import type { Graph, Value } from '../onnx/graph.ts'
import { openGraph } from '../onnx/session.ts'
import type { Photo } from '../photo/photo.ts'
import { tensor } from '../tensor.ts'
import { blur, gaussian } from './filters.ts'
import type { Grid } from './grid.ts'
import { labPicture, onCanvas } from './lab.ts'
import { whileOpen } from './model.ts'
import { magnitudeOf, structureTensor, type StructureTensor } from './structure.ts'

/** What lies on either side is compared over this neighbourhood: sigma, in units. */
const AROUND = 2
/** Lightness and both colours are counted in so many steps, over ranges of this middle and width (CIELAB), … */
const STEPS = 12
const LIGHTNESS = [50, 100] as const
const COLOUR = [0, 150] as const
/** … and the directions of texture in so many, besides there being none. */
const DIRECTIONS = 8
/** What is found in less of the photo than this tells nothing. */
const RARE = 0.005
/** Sigma in units of the edges that make texture, and the step of lightness that certainly is one. */
const FINE = 0.8
const EDGE = 10

/**
 * How different what lies on either side of each pixel is [CANVAS·CANVAS], 0..1: not in its mean, but in which lightness, colours
 * and directions of texture there are, and how much of each. So fur against grass shows, and neither hair nor blades do. After
 * Martin, Fowlkes and Malik 2004 (Learning to Detect Natural Image Boundaries Using Local Brightness, Color, and Texture Cues);
 * with the Fisher information of the histogram around a pixel, which holds all directions at once, in place of their half discs.
 */
export async function regionContrast(photo: Photo): Promise<Float32Array> {
  const { planes, ...grid } = labPicture(photo)
  const [lightness, a, b] = planes
  const shares = [
    ...sharesOf(lightness, LIGHTNESS),
    ...sharesOf(a, COLOUR),
    ...sharesOf(b, COLOUR),
    ...textureOf(lightness, grid.width),
  ].filter((share) => total(share) > RARE * share.length)
  const steepest = magnitudeOf(await slopesOf(shares, grid))
  // 1 where two of the four change altogether
  return onCanvas(
    steepest.map((slope) => Math.min(1, Math.PI * (AROUND * slope) ** 2)),
    photo,
  ).data
}

function total(values: Float32Array): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i]!
  return sum
}

/**
 * How steep the roots of a histogram around each pixel are: squared and summed, such slopes are a quarter of its Fisher
 * information. By a graph, since these are many planes.
 */
async function slopesOf(shares: readonly Float32Array[], grid: Grid): Promise<StructureTensor> {
  const planes = tensor([1, shares.length, grid.height, grid.width])
  shares.forEach((share, i) => planes.data.set(share, i * share.length))
  // A photo of one line has no slopes.
  if (Math.min(grid.width, grid.height) < 3)
    return structureTensor([planes.data.subarray(0, shares[0]!.length)], grid.width)
  const { xx, xy, yy } = await whileOpen(openGraph(slopesGraph(shares.length, grid)), (graph) => graph.run({ planes }))
  return { xx: xx!.data, xy: xy!.data, yy: yy!.data }
}

/** `planes` [1, count, height, width] → `xx`, `xy` and `yy` [1, 1, height, width], the structure tensor of their roots, blurred. */
function slopesGraph(count: number, { width, height }: Grid): Graph {
  const g = new GraphBuilder()
  const filtered = (planes: Value, kernel: Float32Array, side: readonly [number, number]): Value => {
    const kernels = new Float32Array(count * kernel.length).map((_, i) => kernel[i % kernel.length]!)
    return g.op('Conv', [planes, g.constant(tensor([count, 1, ...side], kernels))], { group: count })
  }
  const kernel = gaussian(AROUND)
  const reach = (kernel.length - 1) / 2
  const planes = g.input('planes', [1, count, height, width])
  const padded = g.op('Pad', [planes, g.ints([0, 0, reach, reach, 0, 0, reach, reach])], { mode: 'edge' })
  const roots = g.op('Sqrt', [filtered(filtered(padded, kernel, [kernel.length, 1]), kernel, [1, kernel.length])])
  const x = filtered(roots, Float32Array.of(0, 0, 0, -0.5, 0, 0.5, 0, 0, 0), [3, 3])
  const y = filtered(roots, Float32Array.of(0, -0.5, 0, 0, 0, 0, 0, 0.5, 0), [3, 3])
  for (const [name, a, b] of [
    ['xx', x, x],
    ['xy', x, y],
    ['yy', y, y],
  ] as const) {
    const sum = g.op('ReduceSum', [g.op('Mul', [a, b]), g.ints([1])])
    g.output(name, g.op('Pad', [sum, g.ints([0, 0, 1, 1, 0, 0, 1, 1])]))
  }
  return g.toGraph()
}

/** For each step of a range, how much of every pixel's value is it: 1 at its middle, less up to those of its neighbours. */
function sharesOf(values: Float32Array, [middle, width]: readonly [number, number]): Float32Array[] {
  const shares = Array.from({ length: STEPS }, () => new Float32Array(values.length))
  values.forEach((value, i) => {
    const at = ((value - middle) / width + 0.5) * STEPS - 0.5
    share(shares, i, Math.min(STEPS - 1, Math.max(0, at)), 1)
  })
  return shares
}

/** For each direction how much of an edge that runs in it every pixel is; and last, how much it is none. */
function textureOf(lightness: Float32Array, width: number): Float32Array[] {
  const { xx, xy, yy } = structureTensor([blur(lightness, width, FINE)], width)
  const shares = Array.from({ length: DIRECTIONS }, () => new Float32Array(lightness.length))
  const none = xx.map((value, i) => {
    const edge = Math.min(1, (2 * Math.sqrt(value + yy[i]!)) / EDGE)
    const angle = Math.atan2(2 * xy[i]!, value - yy[i]!) / (2 * Math.PI)
    share(shares, i, ((angle + 1) % 1) * DIRECTIONS, edge)
    return 1 - edge
  })
  return [...shares, none]
}

/** Shares an amount between the two steps that a place lies between; after the last comes the first. */
function share(shares: readonly Float32Array[], i: number, at: number, amount: number): void {
  const step = Math.floor(at)
  const beyond = at - step
  shares[step % shares.length]![i]! += amount * (1 - beyond)
  if (beyond > 0) shares[(step + 1) % shares.length]![i]! += amount * beyond
}
