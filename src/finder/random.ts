import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  linearShapes,
  type Measures,
  normShapes,
  randomWeight,
  randomWeights,
  type Shapes,
} from '../encoder/clip/random.ts'
import type { Weights } from '../models/weights.ts'
import { GraphBuilder } from '../onnx/builder.ts'
import type { Value } from '../onnx/graph.ts'
import { writeModel } from '../onnx/protobuf.ts'
import { randomFrom } from '../random.ts'
import { sizeOf, tensor } from '../tensor.ts'

/*
 * Finders of the real shapes with random weights: they find nothing in particular, at the real speed.
 */

/** In place of a path of weights. */
export const RANDOM_OWL = 'random:OWL-ViT'

/** OWL-ViT base/32 (Minderer et al. 2022). */
const OWL: Measures = {
  ...{ resolution: 768, width: 768, layers: 12, patch: 32, embedding: 512 },
  text: { width: 512, layers: 12, context: 16, vocabulary: 49408 },
}

export function randomOwl(): Weights {
  const { width, embedding } = OWL
  const heads: Shapes = [
    ...normShapes('layer_norm', width),
    ...linearShapes('class_head.dense0.', embedding, width),
    ...linearShapes('class_head.logit_shift.', 1, width),
    ...linearShapes('class_head.logit_scale.', 1, width),
    ...linearShapes('box_head.dense0.', width, width),
    ...linearShapes('box_head.dense1.', width, width),
    ...linearShapes('box_head.dense2.', 4, width),
  ]
  const tensors = randomWeights(OWL)
  for (const [i, [name, shape]] of heads.entries()) tensors.set(name, randomWeight(name, shape, i))
  // It is sure of nothing: else there would be a thing at every place, each to be cut out.
  tensors.set('class_head.logit_shift.bias', { shape: [1], type: 'float32', read: () => Float32Array.of(-10) })
  return { tensors, identity: RANDOM_OWL, close: () => undefined }
}

/** The measures of SAM's mask decoder (Kirillov et al. 2023), which SlimSAM left as it is. */
const SAM = { size: 1024, stride: 16, side: 64, width: 256, narrow: 128, heads: 8, hidden: 2048, layers: 2, masks: 3 }

/**
 * Writes a decoder of SAM of the real shape, and an encoder that only shrinks the photo: what a click takes after the first
 * look is measured with it. Gives their paths.
 */
export function writeRandomSam(folder: string): string[] {
  const paths = ['encoder', 'decoder'].map((name) => join(folder, `random-sam-${name}.onnx`)) as [string, string]
  writeFileSync(paths[0], writeModel(samEncoder().toGraph()))
  writeFileSync(paths[1], writeModel(samDecoder().toGraph()))
  return paths
}

function samEncoder(): GraphBuilder {
  const { size, stride, width } = SAM
  const g = new GraphBuilder()
  const random = weightsOf(g)
  const images = g.input('pixel_values', [1, 3, size, size])
  const seen = g.op('Conv', [images, random([width, 3, stride, stride])], { strides: [stride, stride] })
  g.output('image_embeddings', seen)
  g.output('image_positional_embeddings', g.op('Mul', [seen, g.scalar(0.1)]))
  return g
}

/** Two layers of a transformer both ways between a click's tokens and the places of the photo, then masks of 256 × 256. */
function samDecoder(): GraphBuilder {
  const { side, width, narrow, hidden, layers, masks } = SAM
  const g = new GraphBuilder()
  const random = weightsOf(g)
  const point = g.input('input_points', [1, 1, 1, 2])
  const label = g.input('input_labels', [1, 1, 1], 'int64')
  const embeddings = g.input('image_embeddings', [1, width, side, side])
  const positions = g.input('image_positional_embeddings', [1, width, side, side])

  const linear = (x: Value, from: number, to: number): Value =>
    g.op('Add', [g.op('MatMul', [x, random([from, to])]), random([to])])
  const norm = (x: Value): Value => g.op('LayerNormalization', [x, random([width]), random([width])], { axis: -1 })
  const rows = (x: Value): Value =>
    g.op('Transpose', [g.op('Reshape', [x, g.ints([width, side * side])])], { perm: [1, 0] })
  const inHeads = (x: Value, inner: number): Value =>
    g.op('Transpose', [g.op('Reshape', [x, g.ints([-1, SAM.heads, inner / SAM.heads])])], { perm: [1, 0, 2] })
  const attend = (queries: Value, keys: Value, values: Value, inner: number): Value => {
    const [q, k, v] = [queries, keys, values].map((x) => inHeads(linear(x, width, inner), inner)) as [
      Value,
      Value,
      Value,
    ]
    const scores = g.op('MatMul', [q, g.op('Transpose', [k], { perm: [0, 2, 1] })])
    const shares = g.op('Softmax', [g.op('Mul', [scores, g.scalar((inner / SAM.heads) ** -0.5)])], { axis: -1 })
    const heard = g.op('Transpose', [g.op('MatMul', [shares, v])], { perm: [1, 0, 2] })
    return linear(g.op('Reshape', [heard, g.ints([-1, inner])]), inner, width)
  }
  const add = (a: Value, b: Value): Value => g.op('Add', [a, b])

  const clicked = linear(g.op('Reshape', [point, g.ints([1, 2])]), 2, width)
  const kind = g.op('Cast', [g.op('Reshape', [label, g.ints([1, 1])])], { to: 1 })
  // One for how good each mask is, one for each mask, the click, and the end of it.
  const first = g.op('Concat', [random([masks + 2, width]), add(clicked, kind), random([1, width])], { axis: 0 })
  const where = rows(positions)
  let tokens = first
  let places = rows(embeddings)
  for (let layer = 0; layer < layers; layer++) {
    const asked = add(tokens, first)
    tokens = norm(add(tokens, attend(asked, asked, tokens, width)))
    tokens = norm(add(tokens, attend(add(tokens, first), add(places, where), places, narrow)))
    tokens = norm(add(tokens, linear(g.op('Relu', [linear(tokens, width, hidden)]), hidden, width)))
    places = norm(add(places, attend(add(places, where), add(tokens, first), tokens, narrow)))
  }
  tokens = norm(add(tokens, attend(add(tokens, first), add(places, where), places, narrow)))

  const map = g.op('Reshape', [g.op('Transpose', [places], { perm: [1, 0] }), g.ints([1, width, side, side])])
  const twice = { strides: [2, 2] }
  const larger = g.op('Relu', [g.op('ConvTranspose', [map, random([width, width / 4, 2, 2])], twice)])
  const largest = g.op('Relu', [g.op('ConvTranspose', [larger, random([width / 4, width / 8, 2, 2])], twice)])
  const own = g.op('Slice', [tokens, g.ints([2]), g.ints([2 + masks]), g.ints([0])])
  const mixed = linear(g.op('Relu', [linear(own, width, width)]), width, width / 8)
  const drawn = g.op('MatMul', [mixed, g.op('Reshape', [largest, g.ints([width / 8, 16 * side * side])])])
  g.output('pred_masks', g.op('Reshape', [drawn, g.ints([1, 1, masks, 4 * side, 4 * side])]))
  const good = linear(g.op('Slice', [tokens, g.ints([0]), g.ints([1]), g.ints([0])]), width, masks)
  g.output('iou_scores', g.op('Reshape', [g.op('Sigmoid', [good]), g.ints([1, 1, masks])]))
  return g
}

/** Constants that keep the size of what they are applied to. */
function weightsOf(g: GraphBuilder): (shape: number[]) => Value {
  const random = randomFrom(0)
  return (shape) => {
    const spread = Math.sqrt(3 / Math.max(1, sizeOf(shape) / (shape[shape.length > 2 ? 0 : shape.length - 1] ?? 1)))
    return g.constant(
      tensor(
        shape,
        Float32Array.from({ length: sizeOf(shape) }, () => spread * (2 * random() - 1)),
      ),
    )
  }
}
