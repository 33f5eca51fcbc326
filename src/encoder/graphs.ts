import { gradientOf } from '../autodiff/gradient.ts'
import type { SeenLoss } from '../loss/seen.ts'
import { GraphBuilder } from '../onnx/builder.ts'
import type { Graph, Value } from '../onnx/graph.ts'
import { halved } from '../onnx/half.ts'
import { classAttention } from './clip/relevance.ts'
import type { CompareWeights } from './encoder.ts'
import type { TextTower, Tower } from './tower.ts'

/** The graphs that an encoder runs. Shapes are fixed: each batch size has graphs of its own. */

export const layerName = (i: number): string => `layer_${i}`
export const wantedName = (loss: number, name: string): string => `wanted_${loss}_${name}`
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

/**
 * `images` and what each loss wants of them → `loss`, the sum of all terms, each a mean over the pictures; the terms of
 * each picture; and `grad_images`.
 */
export function judgeGraph(tower: Tower, batch: number, losses: readonly SeenLoss[]): Graph {
  const { g, seen } = looking(tower, batch)
  const terms = losses.flatMap((loss, i) => {
    const names = Object.entries(loss.wanted)
    const wanted = names.map(([name, { shape }]) => [name, g.input(wantedName(i, name), shape)])
    return Object.entries(loss.terms(g, seen, Object.fromEntries(wanted) as Record<string, Value>))
  })
  const means = terms.map(([, each]) => g.op('ReduceMean', [each], { keepdims: 0 }))
  g.output(
    'loss',
    means.reduce((sum, term) => g.op('Add', [sum, term])),
  )
  for (const [name, each] of terms) g.output(eachName(name), each)
  return withGradient(g, tower)
}

/** `images`, a single one, → `relevance`, one number for each patch. */
export function relevanceGraph(tower: Tower): Graph {
  const { g, seen } = looking(tower, 1)
  g.output('relevance', classAttention(g, seen.attention!))
  return written(g, tower)
}

/** `images` [1, 3, h, w] → `places` [1, places, d]. */
export function placesGraph(tower: Tower, height: number, width: number): Graph {
  const g = new GraphBuilder()
  g.output('places', tower.places!(g, g.input('images', [1, 3, height, width])))
  return written(g, tower)
}

/** `tokens` [1, t, width] and `mask` [t, t], which of them see which, → `embeddings` [t, d]. */
export function textGraph(tower: Pick<Tower, 'precision'>, { build, width }: TextTower, count: number): Graph {
  const g = new GraphBuilder()
  g.output('embeddings', build(g, g.input('tokens', [1, count, width]), g.input('mask', [count, count])))
  return written(g, tower)
}

function looking(tower: Tower, batch: number) {
  const g = new GraphBuilder()
  const images = g.input('images', [batch, 3, tower.resolution, tower.resolution])
  return { g, seen: { images, ...tower.build(g, images) } }
}

function written(g: GraphBuilder, { precision }: Pick<Tower, 'precision'>): Graph {
  return precision === 'half' ? halved(g.toGraph()) : g.toGraph()
}

function withGradient(g: GraphBuilder, { precision }: Tower): Graph {
  return gradientOf(g.toGraph(), 'loss', ['images'], precision)
}
