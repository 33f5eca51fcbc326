import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { readModel } from '../onnx/protobuf.ts'
import { openSession } from '../onnx/session.ts'
import { tensor, type Tensor } from '../tensor.ts'
import { refusal } from './file.ts'

/** A net of the user's that finds lines in pictures, ready to run. */
export interface LineNet {
  /** It looks at square pictures of so many pixels a side. */
  side: number
  /** Of a picture [3, side, side] 0..1 how likely each pixel is on a line, [side, side] 0..1. */
  lines(picture: Tensor): Promise<Tensor>
  dispose(): Promise<void>
}

/** How a picture 0..1 is shown to a net: v ↦ (scale · v − mean) / deviation, in this order of channels. */
interface Manner {
  order: readonly [number, number, number]
  scale: number
  mean: readonly [number, number, number]
  deviation: readonly [number, number, number]
}

/** In which ways nets that find lines were trained to be shown pictures. */
const MANNERS = {
  /** As they are. */
  rgb: { order: [0, 1, 2], scale: 1, mean: [0, 0, 0], deviation: [1, 1, 1] },
  /** As ImageNet's mean and deviation have it: PiDiNet. */
  imagenet: { order: [0, 1, 2], scale: 1, mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] },
  /** As Caffe had it: HED, DexiNed, TEED. */
  bgr: { order: [2, 1, 0], scale: 255, mean: [103.939, 116.779, 123.68], deviation: [1, 1, 1] },
} as const satisfies Record<string, Manner>
type MannerName = keyof typeof MANNERS

/** Where a net takes pictures of any size. */
const ANY_SIDE = 224
/** How much likelier a net must find the lines of a picture than the rest of it, to be one that finds lines. */
const FINDS = 0.2
/** The files of such nets are named after how they are shown pictures. */
const NAMED = /^lines-([a-z]+)-/

/** Whether a file of the model folder is such a net. */
export function isLineNet(path: string): boolean {
  return NAMED.test(basename(path))
}

/**
 * What to call the net in an ONNX file that turns a picture into one map: which way it wants to be shown pictures, it tells
 * by how well it finds the outline of a disc. Undefined for any other file. Throws a FewlineError of kind `model` for such a
 * net that finds no lines.
 */
export async function lineNetIn(path: string): Promise<string | undefined> {
  if (!/\.onnx$/i.test(path) || interfaceOf(path) === undefined) return undefined
  let best: { name: MannerName; found: number } | undefined
  for (const name of Object.keys(MANNERS) as MannerName[]) {
    const net = await open(path, MANNERS[name])
    try {
      const found = foundOf(await net.lines(disc(net.side)), net.side)
      if (found > (best?.found ?? FINDS)) best = { name, found }
    } finally {
      await net.dispose()
    }
  }
  if (best) return `lines-${best.name}`
  throw refusal(
    path,
    'finds no line where there is one',
    'choose a net that finds lines, such as TEED, PiDiNet or DexiNed',
  )
}

/** Opens such a net from the model folder. Throws a FewlineError of kind `model` when it can't be run. */
export function openLineNet(path: string): Promise<LineNet> {
  const named = NAMED.exec(basename(path))?.[1]
  const found = Object.entries(MANNERS).find(([name]) => name === named)
  return open(path, found?.[1] ?? MANNERS.rgb)
}

async function open(path: string, manner: Manner): Promise<LineNet> {
  const { input, side } = interfaceOf(path) ?? { input: '', side: ANY_SIDE }
  const session = await openSession(path)
  return {
    side,
    async lines(picture) {
      const results = await session.run({ [input]: { data: shown(picture.data, manner), shape: [1, 3, side, side] } })
      const [output] = Object.values(results)
      if (output?.data.length !== side * side) {
        throw refusal(path, `gives ${output?.shape.join(' × ')} numbers`, `export it to give 1 × 1 × ${side} × ${side}`)
      }
      return tensor([side, side], likelihoods(output.data))
    },
    dispose: () => session.dispose(),
  }
}

/** The input of a net that has one, a picture, and one output; and the side of the pictures that it takes. */
function interfaceOf(path: string): { input: string; side: number } | undefined {
  const { inputs, outputs, constants } = readModel(readFileSync(path))
  const [picture, ...others] = inputs.filter(({ name }) => !constants.has(name))
  const [, channels, height, width] = picture?.shape ?? []
  if (!picture || others.length > 0 || outputs.length !== 1 || channels !== 3) return undefined
  if (height !== width && typeof height === 'number' && typeof width === 'number') {
    throw refusal(path, `takes pictures of ${width} × ${height}`, 'export it for square ones')
  }
  const fixed = [height, width].find((side) => typeof side === 'number')
  return { input: picture.name, side: typeof fixed === 'number' ? fixed : ANY_SIDE }
}

function shown(picture: Float32Array, { order, scale, mean, deviation }: Manner): Float32Array {
  const pixels = picture.length / 3
  return picture.map((_, i) => {
    const channel = Math.floor(i / pixels) as 0 | 1 | 2
    const value = picture[order[channel] * pixels + (i % pixels)]!
    return (scale * value - mean[channel]) / deviation[channel]
  })
}

/** What a net gives is 0..1 already, or the logarithm of odds. */
function likelihoods(values: Float32Array): Float32Array {
  const already = values.every((value) => value >= -1e-3 && value <= 1 + 1e-3)
  return values.map((value) => (already ? Math.min(1, Math.max(0, value)) : 1 / (1 + Math.exp(-value))))
}

/** How far a pixel is from the outline of the disc, in shares of the side. */
function aside(pixel: number, side: number): number {
  const [x, y] = [(pixel % side) + 0.5, Math.floor(pixel / side) + 0.5]
  return Math.abs(Math.hypot(x / side - 0.5, y / side - 0.5) - 0.3)
}

/** A dark, bluish disc on light, yellowish paper. */
function disc(side: number): Tensor {
  const picture = tensor([3, side, side])
  const pixels = side * side
  for (let i = 0; i < pixels; i++) {
    const inside = Math.hypot(((i % side) + 0.5) / side - 0.5, (Math.floor(i / side) + 0.5) / side - 0.5) < 0.3
    const colour = inside ? [0.15, 0.2, 0.4] : [0.9, 0.88, 0.75]
    colour.forEach((value, channel) => (picture.data[channel * pixels + i] = value))
  }
  return picture
}

/** How much likelier its outline is found than what is well away from it. */
function foundOf({ data }: Tensor, side: number): number {
  const mean = (counts: (away: number) => boolean): number => {
    const values = data.filter((_, i) => counts(aside(i, side)))
    return values.reduce((sum, value) => sum + value, 0) / values.length
  }
  return mean((away) => away < 1 / side) - mean((away) => away > 0.04)
}
