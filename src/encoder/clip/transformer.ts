import { FewlineError } from '../../errors.ts'
import type { GraphBuilder } from '../../onnx/builder.ts'
import type { Value } from '../../onnx/graph.ts'
import type { Named } from './named.ts'

/** CLIP's heads are 64 numbers wide. */
export function headsFor(width: number): number {
  const heads = Math.max(1, Math.floor(width / 64))
  if (width % heads === 0) return heads
  throw new FewlineError({
    kind: 'model',
    expected: `a width that ${heads} heads can share`,
    came: `it is ${width}`,
    todo: 'download or import the model again',
  })
}

export interface Manner {
  /** [t, t]: added to what the tokens think of each other. */
  mask?: Value
  /** How many heads share the width; as many as CLIP would have when absent. */
  heads?: number
  /** How many of the blocks; all when absent. */
  blocks?: number
  /** Between the two layers of a perceptron; CLIP's when absent. */
  activation?: (g: GraphBuilder, x: Value) => Value
}

/**
 * The residual blocks `0.`, `1.`, … of a transformer with the norms in front (Radford et al. 2021), on tokens [n, t, width].
 * Gives what each block puts out, and its attention, [n, heads, t, t].
 */
export function transformer(g: GraphBuilder, tokens: Value, weights: Named, manner: Manner = {}) {
  const layers: Value[] = []
  const attention: Value[] = []
  let x = tokens
  for (let i = 0; i < (manner.blocks ?? weights.count('')); i++) {
    const block = weights.within(`${i}.`)
    const seen = attend(g, layerNorm(g, x, block, 'ln_1'), block.within('attn.'), manner)
    x = g.op('Add', [x, seen.output])
    x = g.op('Add', [x, perceptron(g, layerNorm(g, x, block, 'ln_2'), block.within('mlp.'), manner.activation)])
    layers.push(x)
    attention.push(seen.attention)
  }
  return { layers, attention }
}

/** A block whose tokens see nothing but themselves: attention to one token is that token's value. */
export function ownValues(g: GraphBuilder, x: Value, block: Named): Value {
  const attn = block.within('attn.')
  const all = linear(g, layerNorm(g, x, block, 'ln_1'), attn, 'in_proj_weight', 'in_proj_bias')
  const [, , values] = g.ops('Split', [all], { axis: 2 }, 3) as [Value, Value, Value]
  const kept = g.op('Add', [x, linear(g, values, attn, 'out_proj.weight', 'out_proj.bias')])
  return g.op('Add', [kept, perceptron(g, layerNorm(g, kept, block, 'ln_2'), block.within('mlp.'))])
}

/** Tokens [n, t, width] that look at each other: what comes of it, and how much each looked at each, [n, heads, t, t]. */
export function attend(g: GraphBuilder, x: Value, weights: Named, { mask, heads: asked }: Manner) {
  const [batch, count, width] = g.shapes.of(x) as [number, number, number]
  const heads = asked ?? headsFor(width)
  const side = width / heads
  const all = linear(g, x, weights, 'in_proj_weight', 'in_proj_bias')
  const [q, k, v] = g.ops('Split', [all], { axis: 2 }, 3) as [Value, Value, Value]
  const perHead = (part: Value, perm: number[]): Value =>
    g.op('Transpose', [g.op('Reshape', [part, g.ints([batch, count, heads, side])])], { perm })

  const queries = g.op('Mul', [perHead(q, [0, 2, 1, 3]), g.scalar(side ** -0.5)])
  const products = g.op('MatMul', [queries, perHead(k, [0, 2, 3, 1])])
  const attention = g.op('Softmax', [mask ? g.op('Add', [products, mask]) : products], { axis: -1 })
  const values = g.op('MatMul', [attention, perHead(v, [0, 2, 1, 3])])
  const joined = g.op('Reshape', [g.op('Transpose', [values], { perm: [0, 2, 1, 3] }), g.ints([batch, count, width])])
  return { attention, output: linear(g, joined, weights, 'out_proj.weight', 'out_proj.bias') }
}

export function perceptron(g: GraphBuilder, x: Value, weights: Named, activation = quickGelu): Value {
  const inner = linear(g, x, weights, 'c_fc.weight', 'c_fc.bias')
  return linear(g, activation(g, inner), weights, 'c_proj.weight', 'c_proj.bias')
}

/** x σ(1.702 x), the Gaussian error linear unit that CLIP was trained with (Hendrycks & Gimpel 2016). */
function quickGelu(g: GraphBuilder, x: Value): Value {
  return g.op('Mul', [x, g.op('Sigmoid', [g.op('Mul', [x, g.scalar(1.702)])])])
}

/** x Φ(x), the exact Gaussian error linear unit. */
export function gelu(g: GraphBuilder, x: Value): Value {
  const erf = g.op('Erf', [g.op('Mul', [x, g.scalar(Math.SQRT1_2)])])
  return g.op('Mul', [g.op('Mul', [x, g.scalar(0.5)]), g.op('Add', [erf, g.scalar(1)])])
}

export function layerNorm(g: GraphBuilder, x: Value, weights: Named, name: string): Value {
  const parameters = [g.constant(weights.constant(`${name}.weight`)), g.constant(weights.constant(`${name}.bias`))]
  return g.op('LayerNormalization', [x, ...parameters], { axis: -1, epsilon: 1e-5 })
}

/** W x + b for the last axis of x, with W [out, in] as it is stored. */
export function linear(g: GraphBuilder, x: Value, weights: Named, weight: string, bias: string): Value {
  const shape = g.shapes.of(x)
  const [out, width] = weights.shape(weight, 2) as [number, number]
  const rows = g.op('Reshape', [x, g.ints([-1, width])])
  const inputs = [rows, g.constant(weights.constant(weight)), g.constant(weights.constant(bias))]
  return g.op('Reshape', [g.op('Gemm', inputs, { transB: 1 }), g.ints([...shape.slice(0, -1), out])])
}

/** x P for the last axis of x, with P [in, out] as it is stored. */
export function project(g: GraphBuilder, x: Value, weights: Named, name: string): Value {
  return g.op('MatMul', [x, g.constant(weights.constant(name))])
}
