import { readFile } from 'node:fs/promises'
import { gradientOf } from '../autodiff/gradient.ts'
import { FewlineError } from '../errors.ts'
import type { Canvas } from '../objective/canvas.ts'
import { GraphBuilder } from '../onnx/builder.ts'
import { constantFrom, floatAttribute, type Graph, type Node } from '../onnx/graph.ts'
import { readModel } from '../onnx/protobuf.ts'
import { openGraph, type Session, type SessionOptions } from '../onnx/session.ts'
import { added, type Groups } from '../optimiser/groups.ts'
import { fit, photoPixels, type Frame } from '../photo/photo.ts'
import { randomAt, type Random } from '../random.ts'
import { resized } from '../resize.ts'
import { sizeOf, tensor, type Step, type Tensor } from '../tensor.ts'
import { CANVAS } from '../units.ts'
import { placed, within } from './canvas.ts'
import { held } from './colours.ts'

/** How much it counts how far the latent has come, the square of it: as published (StyleCLIP: Patashnik et al. 2021). */
const NEARNESS = 0.008
/** A latent by chance lies so far from the mean of so many, next to others: what is rare is seldom good. */
const TRUNCATION = 0.7
const FOR_MEAN = 256
/** The names that the gradient graph adds. */
const [OF, SUM] = ['fewline_of', 'fewline_sum']

/** A net that makes pictures of latents, ready to run. */
export interface Generator {
  /** The latent that is moved: what the generator takes in, or what its mapping makes of a file's or of a random one. */
  latent: Float32Array
  /** How large its pictures are. */
  width: number
  height: number
  /** Its picture of a latent, [3, height, width] 0..1, and the way back to the latent. */
  make(latent: Float32Array): Promise<Step<Tensor, Promise<Float32Array>>>
  dispose(): Promise<void>
}

/**
 * Opens a generator, one ONNX file (latent → picture) or two (its mapping, its synthesis), and the latent where it begins:
 * numbers as many as the first or the last of them takes in, or random ones of a seed. Noise that it makes itself is
 * always the same. Throws a FewlineError when that is no such model, its shapes are open, one of its operators has no
 * gradient, or the latent has another length.
 */
export async function openGenerator(
  files: readonly (string | Uint8Array)[],
  latent: Tensor | 'random',
  seed: number,
  options: Pick<SessionOptions, 'threads'> = {},
): Promise<Generator> {
  const graphs: Graph[] = []
  for (const [i, file] of files.entries()) graphs.push(settled(await graphIn(file), randomAt(seed, i)))
  const synthesis = graphs.at(-1)!
  const mapping = graphs.length > 1 ? graphs[0] : undefined
  const input = onlyInput(synthesis)
  const output = pictureOf(synthesis)
  const first = mapping ? onlyInput(mapping) : input
  checkLatent(latent, mapping ? [first.length, input.length] : [input.length])
  const gradient = gradientGraph(synthesis, input.name, output)
  const sessions: Session[] = []
  const open = async (graph: Graph): Promise<Session> => {
    const session = await openGraph(graph, options)
    sessions.push(session)
    return session
  }
  const dispose = async (): Promise<void> => {
    for (const session of sessions.splice(0)) await session.dispose()
  }
  try {
    const mapped = mapping && (await mapper(await open(mapping), mapping, first, input.length))
    const start = await begun(latent, first.length, mapped, randomAt(seed, files.length))
    const forward = await open(synthesis)
    const backward = await open(gradient)
    const [, , height, width] = output.shape as [number, number, number, number]
    const pictured = async (latent: Float32Array) =>
      (await forward.run({ [input.name]: tensor(input.shape, latent) }, [output.name]))[output.name]!
    // Most make −1 … 1, some 0 … 1: the first picture tells.
    const least = Math.min(
      0,
      (await pictured(start)).data.reduce((a, b) => Math.min(a, b), 0),
    )
    const [scale, shift] = least < -0.01 ? [0.5, 0.5] : [1, 0]
    return {
      ...{ latent: start, width, height, dispose },
      async make(latent) {
        const { data } = await pictured(latent)
        const made = tensor(
          [3, height, width],
          data.map((v) => scale * v + shift),
        )
        return {
          output: held(made),
          async pullback(ofPicture) {
            // What is too dark or too bright may come back, and go no further.
            const inside = ofPicture.data.map((g, i) =>
              (made.data[i]! > 1 && g < 0) || (made.data[i]! < 0 && g > 0) ? 0 : scale * g,
            )
            const feeds = { [input.name]: tensor(input.shape, latent), [OF]: tensor(output.shape, inside) }
            return (await backward.run(feeds, [`grad_${input.name}`]))[`grad_${input.name}`]!.data
          },
        }
      },
    }
  } catch (error) {
    await dispose()
    throw error
  }
}

/** A generator's picture on the canvas, as large as fits; `near` says how much it counts that its latent stays near. */
export function generatorCanvas({ latent: start, width, height, make }: Generator, near: number): Canvas<Groups> {
  const frame = fit(width, height)
  return {
    async show({ latent }) {
      const picture = await make(latent!)
      const shown = onCanvas(picture.output, frame)
      const far = latent!.map((v, i) => v - start[i]!)
      const distance = near * NEARNESS * far.reduce((sum, v) => sum + v * v, 0)
      return {
        output: shown.output,
        terms: { latent: distance },
        async pullback(gradient) {
          const ofLatent = await picture.pullback(shown.pullback(gradient))
          return { latent: ofLatent.map((g, i) => g + 2 * near * NEARNESS * far[i]!) }
        },
      }
    },
    parametersOf: (parameters) => parameters,
    moved: added,
  }
}

/** On white, as large as fits. */
function onCanvas(picture: Tensor, frame: Frame): Step<Tensor, Tensor> {
  const box = photoPixels(frame)
  const small = resized(picture, box.bottom - box.top, box.right - box.left)
  const white = tensor([3, CANVAS, CANVAS])
  white.data.fill(1)
  return {
    output: placed(white, small.output, box),
    pullback: (gradient) => small.pullback(within(gradient, box)),
  }
}

async function graphIn(file: string | Uint8Array): Promise<Graph> {
  if (typeof file !== 'string') return readModel(file)
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new FewlineError(
      { kind: 'call', expected: 'a generator (ONNX)', came: `"${file}" can't be read`, todo: 'check its path' },
      { cause },
    )
  })
  const graph = readModel(bytes)
  if ([...graph.constants.values()].some(({ data }) => data instanceof Map)) {
    throw unfit('with its weights in the same file', 'they lie in another', 'export it so')
  }
  return graph
}

/** A graph whose noise is always the same: numbers of its own take the place of the nodes that would make it anew. */
function settled(graph: Graph, random: Random): Graph {
  const g = new GraphBuilder({ ...graph, outputs: [] })
  const isNoise = ({ op, domain }: Node): boolean => domain === '' && op === 'RandomNormalLike'
  const constants = new Map(graph.constants)
  for (const node of graph.nodes.filter(isNoise)) {
    const shape = g.shapes.of(node.outputs[0]!)
    const [mean, scale] = [floatAttribute(node, 'mean', 0), floatAttribute(node, 'scale', 1)]
    const numbers = Array.from({ length: sizeOf(shape) }, () => mean + scale * normal(random))
    constants.set(node.outputs[0]!, constantFrom('float32', shape, numbers))
  }
  return { ...graph, constants, nodes: graph.nodes.filter((node) => !isNoise(node)) }
}

/** Box & Muller 1958. */
function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

/** What a graph takes in: its constants, which some files list as well, are none of that. */
function onlyInput({ inputs, constants }: Graph): { name: string; shape: number[]; length: number } {
  const open = inputs.filter(({ name }) => !constants.has(name))
  const names = open.map(({ name }) => `"${name}"`).join(', ')
  if (open.length !== 1) throw unfit('with one input, the latent', `it has ${open.length} (${names})`, 'export it so')
  const { name, shape, type } = open[0]!
  const sides = shape?.filter((side) => typeof side === 'number') ?? []
  if (!shape || sides.length !== shape.length) {
    const came = `"${name}" has the shape [${shape?.join(', ') ?? '?'}]`
    throw unfit('whose shapes are fixed', came, 'export it without dynamic axes')
  }
  if (type !== 'float32') throw unfit('whose latent is float32', `"${name}" is ${type}`, 'export it so')
  return { name, shape: sides, length: sizeOf(sides) }
}

function pictureOf({ outputs, ...graph }: Graph): { name: string; shape: number[] } {
  const { shapes } = new GraphBuilder({ ...graph, outputs: [] })
  const name = outputs[0]?.name ?? ''
  const shape = shapes.of(name)
  const [batch, planes, height = 0, width = 0] = shape
  if (shape.length === 4 && batch === 1 && planes === 3 && height > 0 && width > 0) return { name, shape }
  throw unfit('that makes a picture [1, 3, height, width]', `"${name}" is [${shape.join(', ')}]`, 'export it so')
}

/** The same graph, given `OF`, the gradient of the picture, with that of the latent. */
function gradientGraph(graph: Graph, input: string, { name, shape }: { name: string; shape: number[] }): Graph {
  const g = new GraphBuilder({ ...graph, outputs: [] })
  const product = g.op('Mul', [name, g.input(OF, shape)])
  const axes = shape.map((_, axis) => axis)
  const sum =
    g.opset >= 13 ? g.op('ReduceSum', [product], { keepdims: 0 }) : g.op('ReduceSum', [product], { axes, keepdims: 0 })
  g.output(SUM, sum)
  return gradientOf(g.toGraph(), SUM, [input])
}

type Mapping = (latent: Float32Array) => Promise<Float32Array>

async function mapper(
  session: Session,
  { outputs }: Graph,
  { name, shape }: { name: string; shape: number[] },
  wanted: number,
): Promise<Mapping> {
  const output = outputs[0]?.name ?? ''
  const mapped: Mapping = async (latent) =>
    (await session.run({ [name]: tensor(shape, latent) }, [output]))[output]!.data
  const { length } = await mapped(new Float32Array(sizeOf(shape)).fill(0.5))
  if (length === wanted) return mapped
  throw unfit(
    'whose two files fit',
    `the mapping makes ${length} numbers, the synthesis takes ${wanted}`,
    'choose two of one model',
  )
}

async function begun(
  latent: Tensor | 'random',
  length: number,
  mapped: Mapping | undefined,
  random: Random,
): Promise<Float32Array> {
  const drawn = (): Float32Array => Float32Array.from({ length }, () => normal(random))
  if (latent !== 'random') return mapped && latent.data.length === length ? mapped(latent.data) : latent.data
  const one = drawn()
  if (!mapped) return one.map((v) => TRUNCATION * v)
  const chosen = await mapped(one)
  const mean = new Float32Array(chosen.length)
  for (let i = 0; i < FOR_MEAN; i++) (await mapped(drawn())).forEach((v, k) => (mean[k]! += v / FOR_MEAN))
  return chosen.map((v, i) => mean[i]! + TRUNCATION * (v - mean[i]!))
}

function checkLatent(latent: Tensor | 'random', lengths: readonly number[]): void {
  if (latent === 'random' || lengths.includes(latent.data.length)) return
  throw new FewlineError({
    kind: 'call',
    expected: `a latent of ${[...new Set(lengths)].join(' or ')} numbers`,
    came: `it has ${latent.data.length}`,
    todo: 'choose one of this generator, or "random"',
  })
}

function unfit(expected: string, came: string, todo: string): FewlineError {
  return new FewlineError({ kind: 'model', expected: `a generator ${expected}`, came, todo })
}
