import type { GraphBuilder } from '../onnx/builder.ts'
import type { Value } from '../onnx/graph.ts'

/** Values of a graph that each hold one number: the loss, and the terms it is the sum of. */
export interface LossTerms {
  loss: Value
  terms: Record<string, Value>
  /** The same terms for each picture of the batch, [n]. */
  each: Record<string, Value>
}

/**
 * Weighted mean squared difference of feature layers, plus the weighted mean of 1 − cos of the embeddings when both
 * sides have one: CLIPasso's loss (Vinker et al. 2022), and with other layers the built-in encoder's. Layers that weigh
 * nothing are left out of the graph.
 */
export function featureLoss(
  g: GraphBuilder,
  seen: { layers: readonly Value[]; embedding?: Value },
  wanted: { layers: readonly Value[]; embedding?: Value },
  weights: { layers: readonly number[]; embedding: number },
): LossTerms {
  const terms: Record<string, Value> = {}
  const each: Record<string, Value> = {}
  weights.layers.forEach((weight, i) => {
    if (weight === 0) return
    const difference = g.op('Sub', [seen.layers[i]!, wanted.layers[i]!])
    const squared = g.op('Mul', [difference, difference])
    terms[`layer${i}`] = weighted(g, mean(g, squared), weight)
    each[`layer${i}`] = weighted(g, meanOfEach(g, squared), weight)
  })
  if (seen.embedding && wanted.embedding && weights.embedding > 0) {
    const distances = cosineDistances(g, seen.embedding, wanted.embedding)
    terms['embedding'] = weighted(g, mean(g, distances), weights.embedding)
    each['embedding'] = weighted(g, distances, weights.embedding)
  }
  return { loss: Object.values(terms).reduce((sum, term) => g.op('Add', [sum, term])), terms, each }
}

/** 1 − cos between rows of two [n, d] values (or [n, d] against [1, d]), [n]. */
export function cosineDistances(g: GraphBuilder, a: Value, b: Value): Value {
  const dot = (x: Value, y: Value): Value => g.op('ReduceSum', [g.op('Mul', [x, y]), g.ints([1])], { keepdims: 0 })
  const lengths = g.op('Sqrt', [g.op('Mul', [dot(a, a), dot(b, b)])])
  return g.op('Sub', [g.scalar(1), g.op('Div', [dot(a, b), lengths])])
}

export function mean(g: GraphBuilder, value: Value): Value {
  return g.op('ReduceMean', [value], { keepdims: 0 })
}

function meanOfEach(g: GraphBuilder, value: Value): Value {
  const axes = g.shapes.of(value).map((_, axis) => axis)
  return g.op('ReduceMean', [value], { axes: axes.slice(1), keepdims: 0 })
}

function weighted(g: GraphBuilder, value: Value, weight: number): Value {
  return weight === 1 ? value : g.op('Mul', [value, g.scalar(weight)])
}
