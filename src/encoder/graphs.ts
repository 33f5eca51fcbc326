import { gradientOf } from '../autodiff/gradient.ts'
import { cosineDistances, featureLoss, mean } from '../loss/features.ts'
import { GraphBuilder } from '../onnx/builder.ts'
import type { Graph, Value } from '../onnx/graph.ts'
import { halved } from '../onnx/half.ts'
import { classAttention } from './clip/relevance.ts'
import type { CompareWeights } from './encoder.ts'
import type { TextTower, Tower } from './tower.ts'

/** The graphs that an encoder runs. Shapes are fixed: each batch size has graphs of its own. */

export const layerName = (i: number): string => `layer_${i}`
export const wantedName = (i: number): string => `wanted_${i}`
export const eachName = (term: string): string => `each_${term}`

/** `images` → `layer_0`, … and `embedding`; with weights, only those that count. */
export function encodeGraph(tower: Tower, batch: number, weights?: CompareWeights): Graph {
  const { g, seen } = looking(tower, batch)
  seen.layers.forEach((layer, i) => {
    if (!weights || weights.layers[i]) g.output(layerName(i), layer)
  })
  if (seen.embedding && (!weights || weights.embedding > 0)) g.output('embedding', seen.embedding)
  return written(g, tower)
}

/** `images` and what is wanted of them, of all one thing or of `pictures` each its own, → `loss`, its terms, and `grad_images`. */
export function compareGraph(tower: Tower, batch: number, pictures: number, weights: CompareWeights): Graph {
  const { g, seen } = looking(tower, batch)
  const input = (key: string, like: Value): Value => g.input(key, [pictures, ...g.shapes.of(like).slice(1)])
  const wanted = {
    layers: seen.layers.map((layer, i) => (weights.layers[i] ? input(wantedName(i), layer) : '')),
    ...(seen.embedding && weights.embedding > 0 && { embedding: input('wanted_embedding', seen.embedding) }),
  }
  const { loss, terms, each } = featureLoss(g, seen, wanted, weights)
  g.output('loss', loss)
  for (const [name, term] of Object.entries(terms)) g.output(name, term)
  for (const [name, term] of Object.entries(each)) g.output(eachName(name), term)
  return withGradient(g, tower)
}

/** `images` and `text`, embeddings of texts in this shape, → `loss` and `grad_images`. */
export function compareTextGraph(tower: Tower, batch: number, shape: readonly number[]): Graph {
  const { g, seen } = looking(tower, batch)
  const distances = cosineDistances(g, seen.embedding!, g.input('text', shape))
  g.output('loss', mean(g, distances))
  g.output(eachName('text'), distances)
  return withGradient(g, tower)
}

/** `images`, a single one, → `relevance`, one number for each patch. */
export function relevanceGraph(tower: Tower): Graph {
  const { g, seen } = looking(tower, 1)
  g.output('relevance', classAttention(g, seen.attention!))
  return written(g, tower)
}

/** `tokens` [1, t, width] and `last`, the place of the last of them, → `embedding`. */
export function textGraph(tower: Tower, { build, width }: TextTower, count: number): Graph {
  const g = new GraphBuilder()
  g.output('embedding', build(g, g.input('tokens', [1, count, width]), g.input('last', [1], 'int64')))
  return written(g, tower)
}

function looking(tower: Tower, batch: number) {
  const g = new GraphBuilder()
  const images = g.input('images', [batch, 3, tower.resolution, tower.resolution])
  return { g, seen: tower.build(g, images) }
}

function written(g: GraphBuilder, { precision }: Tower): Graph {
  return precision === 'half' ? halved(g.toGraph()) : g.toGraph()
}

function withGradient(g: GraphBuilder, { precision }: Tower): Graph {
  return gradientOf(g.toGraph(), 'loss', ['images'], precision)
}
