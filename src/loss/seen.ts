import type { GraphBuilder } from '../onnx/builder.ts'
import type { Value } from '../onnx/graph.ts'
import type { Tensor } from '../tensor.ts'

/** What an encoder makes of n pictures, as values of a graph. */
export interface Sight {
  /** The pictures themselves, [n, 3, r, r] 0..1. */
  images: Value
  /** Each [n, …]. */
  layers: readonly Value[]
  /** [n, d], not normalised. */
  embedding?: Value
}

/** Something that is wanted of what an encoder sees, as nodes of its graph, so that one look serves all that is wanted. */
export interface SeenLoss {
  /** Two losses with the same key write the same nodes for wanted things of the same shapes. */
  key: string
  /** What the pictures are held against, by name: [n, …], one for each of them, or [1, …], one for all. */
  wanted: Readonly<Record<string, Tensor>>
  /** Weighted terms by name, each [n], one number a picture. */
  terms(g: GraphBuilder, seen: Sight, wanted: Readonly<Record<string, Value>>): Record<string, Value>
}

/** 1 − cos between rows of two [n, d] values (or [n, d] against [1, d]), [n]. */
export function cosineDistances(g: GraphBuilder, a: Value, b: Value): Value {
  const dot = (x: Value, y: Value): Value => g.op('ReduceSum', [g.op('Mul', [x, y]), g.ints([1])], { keepdims: 0 })
  const lengths = g.op('Sqrt', [g.op('Mul', [dot(a, a), dot(b, b)])])
  return g.op('Sub', [g.scalar(1), g.op('Div', [dot(a, b), lengths])])
}

/** Rows of [n, d], or of [n, m, d], at length 1. */
export function unitRows(g: GraphBuilder, rows: Value): Value {
  const last = g.shapes.of(rows).length - 1
  const squares = g.op('ReduceSum', [g.op('Mul', [rows, rows]), g.ints([last])], { keepdims: 1 })
  return g.op('Div', [rows, g.op('Sqrt', [squares])])
}

/** The mean over all but the first axis, [n]. */
export function meanOfEach(g: GraphBuilder, value: Value): Value {
  const axes = g.shapes.of(value).map((_, axis) => axis)
  return g.op('ReduceMean', [value], { axes: axes.slice(1), keepdims: 0 })
}

export function weighted(g: GraphBuilder, value: Value, weight: number): Value {
  return weight === 1 ? value : g.op('Mul', [value, g.scalar(weight)])
}
