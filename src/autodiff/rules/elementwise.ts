import { floatAttribute, stringAttribute } from '../../onnx/graph.ts'
import { codeOf } from '../../onnx/elements.ts'
import type { Ops } from '../ops.ts'
import type { Value } from '../../onnx/graph.ts'
import type { Rule, Site } from '../rule.ts'

/** The rule of a function of one value: dy times its derivative. */
const chain =
  (derivative: (site: Site) => Value): Rule =>
  (site) => [() => site.o.mul(site.dy, derivative(site))]

/** The rule of what hands its input on. */
const passOn: Rule = ({ dy }) => [() => dy]

/** Where several inputs are the extreme one, they share the gradient evenly. */
const extreme: Rule = ({ o, node, y, dy }) => {
  const chosen = node.inputs.map((input) => o.indicator(o.compare('Equal', input, y), y))
  let share: Value | undefined
  const shared = (): Value => (share ??= o.div(dy, chosen.length > 1 ? o.g.op('Sum', chosen) : chosen[0]!))
  return chosen.map((indicator) => () => o.mul(shared(), indicator))
}

export const ELEMENTWISE = {
  Identity: passOn,
  Dropout: passOn,
  Cast: ({ o, x, dy }) => [() => o.g.op('Cast', [dy], { to: codeOf(o.type(x)) })],

  Add: ({ dy }) => [() => dy, () => dy],
  Sum: ({ node, dy }) => node.inputs.map(() => () => dy),
  Sub: ({ o, dy }) => [() => dy, () => o.apply('Neg', dy)],
  Mul: ({ o, inputs: [a, b], dy }) => [() => o.mul(dy, b), () => o.mul(dy, a)],
  Div: ({ o, inputs: [, b], y, dy }) => [() => o.div(dy, b), () => o.apply('Neg', o.div(o.mul(dy, y), b))],
  Pow: ({ o, inputs: [a, b], y, dy }) => [
    () => o.mul(dy, powerDerivative(o, a, b)),
    () => o.mul(dy, o.mul(y, o.apply('Log', a))),
  ],
  Max: extreme,
  Min: extreme,
  Where: ({ o, inputs: [condition], dy }) => [
    undefined,
    () => o.where(condition, dy, 0),
    () => o.where(condition, 0, dy),
  ],
  // What Clip leaves as it is has a gradient, its limits included.
  Clip: ({ o, x, y, dy }) => [() => o.where(o.compare('Equal', x, y), dy, 0)],

  Neg: ({ o, dy }) => [() => o.apply('Neg', dy)],
  Reciprocal: ({ o, y, dy }) => [() => o.apply('Neg', o.mul(dy, o.mul(y, y)))],
  Sqrt: ({ o, y, dy }) => [() => o.div(o.mul(dy, 0.5), y)],
  Log: ({ o, x, dy }) => [() => o.div(dy, x)],
  Exp: chain(({ y }) => y),
  Abs: chain(({ o, x }) => o.apply('Sign', x)),
  Sin: chain(({ o, x }) => o.apply('Cos', x)),
  Cos: chain(({ o, x }) => o.apply('Neg', o.apply('Sin', x))),
  Erf: chain(({ o, x }) => o.mul(o.apply('Exp', o.apply('Neg', o.mul(x, x))), 2 / Math.sqrt(Math.PI))),

  Relu: chain(({ o, y }) => openRectifier(o, y)),
  LeakyRelu: ({ o, node, x, dy }) => [
    () => o.where(o.compare('Greater', x, 0), dy, o.mul(dy, floatAttribute(node, 'alpha', 0.01))),
  ],
  Elu: ({ o, node, x, y, dy }) => [
    () => o.where(o.compare('Greater', x, 0), dy, o.mul(dy, o.add(y, floatAttribute(node, 'alpha', 1)))),
  ],
  Sigmoid: chain(({ o, y }) => o.mul(y, o.sub(1, y))),
  Tanh: chain(({ o, y }) => o.sub(1, o.mul(y, y))),
  Softplus: chain(({ o, x }) => o.apply('Sigmoid', x)),
  Gelu: chain(({ o, node, x }) =>
    stringAttribute(node, 'approximate', 'none') === 'tanh' ? geluTanhDerivative(o, x) : geluDerivative(o, x),
  ),
} satisfies Record<string, Rule>

/**
 * 1 where a rectifier let something through, told by its output, which is needed anyway. A steep HardSigmoid,
 * min(1, max(0, steepness y)), is twice as fast on the runtime as a Where or a Sign, and it works in the blocked layout
 * that convolutions use, so that nothing is converted between them.
 */
function openRectifier(o: Ops, y: Value): Value {
  const steepness = o.type(y) === 'float16' ? 60000 : 1e30
  return o.g.op('HardSigmoid', [y], { alpha: { float: steepness }, beta: { float: 0 } })
}

/** b a^(b − 1); squares are by far the most common power. */
function powerDerivative(o: Ops, a: Value, b: Value): Value {
  const [exponent, ...others] = o.numbers(b) ?? []
  if (exponent === undefined || others.length > 0) return o.mul(b, o.pow(a, o.sub(b, 1)))
  return o.mul(exponent === 2 ? a : o.pow(a, exponent - 1), exponent)
}

/** GELU is x Φ(x); its derivative Φ(x) + x φ(x), with the normal distribution's Φ and density φ. */
function geluDerivative(o: Ops, x: Value): Value {
  const distribution = o.mul(o.add(o.apply('Erf', o.mul(x, Math.SQRT1_2)), 1), 0.5)
  const density = o.mul(o.apply('Exp', o.mul(o.mul(x, x), -0.5)), 1 / Math.sqrt(2 * Math.PI))
  return o.add(distribution, o.mul(x, density))
}

/** GELU with Φ(x) ≈ (1 + t) / 2, t = tanh(√(2/π) (x + 0.044715 x³)). */
function geluTanhDerivative(o: Ops, x: Value): Value {
  const [scale, cubic] = [Math.sqrt(2 / Math.PI), 0.044715]
  const square = o.mul(x, x)
  const t = o.apply('Tanh', o.mul(o.mul(x, o.add(o.mul(square, cubic), 1)), scale))
  const slope = o.mul(o.sub(1, o.mul(t, t)), o.mul(o.add(o.mul(square, 3 * cubic), 1), scale))
  return o.mul(o.add(o.add(t, 1), o.mul(x, slope)), 0.5)
}
