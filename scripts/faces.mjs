/**
 * Makes the face models of resources/faces from those of @vladmandic/face-api (MIT), which it fetches from the npm
 * registry: `npm run faces`. The weights keep their eight bits; the graphs are written here, from the shapes of the weights.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { source } from './source.mjs'

const { GraphBuilder } = await source('onnx/builder.ts')
const { constantFrom } = await source('onnx/graph.ts')
const { writeModel } = await source('onnx/protobuf.ts')

const PACKAGE = '@vladmandic/face-api@1.7.15'
const folder = fileURLToPath(new URL('../resources/faces/', import.meta.url))
const fetched = mkdtempSync(join(tmpdir(), 'fewline-faces-'))

try {
  const npm = process.env.npm_execpath
  if (!npm) throw new Error('start this with "npm run faces"')
  const options = ['--prefix', fetched, '--no-save', '--ignore-scripts', '--no-audit', '--no-fund']
  execFileSync(process.execPath, [npm, 'install', ...options, PACKAGE], { stdio: 'inherit' })
  const source = join(fetched, 'node_modules', '@vladmandic', 'face-api', 'model')
  write('detector.onnx', detector(weightsIn(source, 'tiny_face_detector_model')))
  write('landmarks.onnx', landmarks(weightsIn(source, 'face_landmark_68_tiny_model')))
} finally {
  rmSync(fetched, { recursive: true, force: true })
}

function write(name, graph) {
  const bytes = writeModel(graph)
  writeFileSync(join(folder, name), bytes)
  console.log(`resources/faces/${name}: ${Math.round(bytes.length / 1000)} kB`)
}

/** The weights of a model by name: bytes, and how they are meant, byte · scale + min. */
function weightsIn(source, model) {
  const bytes = readFileSync(join(source, `${model}.bin`))
  const groups = JSON.parse(readFileSync(join(source, `${model}-weights_manifest.json`), 'utf8'))
  let at = 0
  return new Map(
    groups.flatMap(({ weights }) =>
      weights.map(({ name, shape, quantization: { scale, min } }) => {
        const count = shape.reduce((product, side) => product * side, 1)
        return [name, { shape, scale, min, bytes: bytes.subarray(at, (at += count)) }]
      }),
    ),
  )
}

/** TinyYOLOv2 with separable convolutions: a picture [1, 3, 224, 224] of 0..1 to [1, 25, 13, 13], five boxes a cell. */
function detector(weights) {
  const { g, convolved, separated } = layers(weights)
  const leaky = (x) => g.op('Max', [x, g.op('Mul', [x, g.scalar(0.1)])])
  const picture = g.input('picture', [1, 3, 224, 224])
  const large = g.op('Resize', [picture, '', '', g.ints([1, 3, 416, 416])], { mode: 'linear' })
  let x = leaky(convolved(less(g, large, [117.001, 114.697, 97.404]), 'conv0'))
  for (let i = 1; i <= 5; i++) {
    x = g.op('MaxPool', [x], { kernel_shape: [2, 2], strides: [2, 2], auto_pad: 'SAME_UPPER' })
    x = leaky(separated(x, `conv${i}`))
  }
  x = g.op('MaxPool', [x], { kernel_shape: [2, 2], strides: [1, 1], auto_pad: 'SAME_UPPER' })
  g.output('boxes', convolved(x, 'conv8'))
  return g.toGraph()
}

/** Three blocks of separable convolutions: faces [3, 3, 112, 112] of 0..1 to [3, 136], x and y of 68 places, 0..1. */
function landmarks(weights) {
  const { g, convolved, separated, constant } = layers(weights)
  const relu = (x) => g.op('Relu', [x])
  const add = (a, b) => g.op('Add', [a, b])
  let x = less(g, g.input('faces', [3, 3, 112, 112]), [122.782, 117.001, 104.298])
  for (const block of ['dense0', 'dense1', 'dense2']) {
    const halving = { strides: [2, 2], pads: [0, 0, 1, 1] }
    const first = `${block}/conv0`
    const a = relu(weights.has(`${first}/filters`) ? convolved(x, first, halving) : separated(x, first, halving))
    const b = separated(a, `${block}/conv1`)
    const c = separated(relu(add(a, b)), `${block}/conv2`)
    x = relu(add(a, add(b, c)))
  }
  const pooled = g.op('Reshape', [g.op('GlobalAveragePool', [x]), g.ints([3, -1])])
  g.output('places', add(g.op('MatMul', [pooled, constant('fc/weights')]), constant('fc/bias')))
  return g.toGraph()
}

/** A picture of 0..1 less the mean that a model was trained with, which is given in bytes. */
function less(g, picture, mean) {
  const ofChannels = Float32Array.from(mean, (v) => v / 255)
  return g.op('Sub', [picture, g.constant({ data: ofChannels, shape: [1, 3, 1, 1] })])
}

function layers(weights) {
  const g = new GraphBuilder()
  const meant = ({ shape, bytes, scale, min }) => {
    const numbers = g.op('Cast', [g.constant(constantFrom('uint8', shape, [...bytes]))], { to: 1 })
    return g.op('Add', [g.op('Mul', [numbers, g.scalar(scale)]), g.scalar(min)])
  }
  const constant = (name) => meant(weights.get(name))
  /** Filters are [height, width, in, out] (of depth: [height, width, in, 1]) and get [out, in, height, width]. */
  const filters = (name) => g.op('Transpose', [constant(name)], { perm: [3, 2, 0, 1] })
  const filtersOfDepth = (name) => g.op('Transpose', [constant(name)], { perm: [2, 3, 0, 1] })
  const convolved = (x, name, options = {}) =>
    g.op('Conv', [x, filters(`${name}/filters`), constant(`${name}/bias`)], options)
  const separated = (x, name, options = { pads: [1, 1, 1, 1] }) => {
    const depth = `${name}/depthwise_filter`
    const deep = g.op('Conv', [x, filtersOfDepth(depth)], { ...options, group: weights.get(depth).shape[2] })
    return g.op('Conv', [deep, filters(`${name}/pointwise_filter`), constant(`${name}/bias`)])
  }
  return { g, constant, convolved, separated }
}
