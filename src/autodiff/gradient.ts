import { FewlineError } from '../errors.ts'
import { GraphBuilder } from '../onnx/builder.ts'
import type { Graph, Node, Value } from '../onnx/graph.ts'
import { halved, type Precision } from '../onnx/half.ts'
import { range } from '../onnx/parameters.ts'
import { readModel, writeModel } from '../onnx/protobuf.ts'
import type { Shapes } from '../onnx/shapes.ts'
import { sizeOf } from '../tensor.ts'
import { Ops } from './ops.ts'
import type { Rule, Site } from './rule.ts'
import { RULES, STEPS } from './rules/index.ts'

/** The versions of ONNX's operators that the rules can read and write. */
const OLDEST_OPSET = 11
const NEWEST_OPSET = 23

/**
 * An ONNX model with outputs `grad_<input>` added: the gradient of `of`, one of its outputs and a single number,
 * in each of the inputs `wrt`. All that was in the model stays.
 * Throws a FewlineError of kind `model` when the bytes are no model, its shapes are open, or an operator between the
 * inputs and `of` has no rule; of kind `call` when the names don't fit the model.
 */
export function gradientGraph(model: Uint8Array, of: string, wrt: string[]): Uint8Array {
  return writeModel(gradientOf(readModel(model), of, wrt))
}

/**
 * How much larger a gradient in half precision is on its way: a loss is a mean over up to millions of features, so that
 * its gradient in one of them would be less than half precision can tell from nothing (Micikevicius et al. 2018).
 */
const SCALE = 2 ** 14

/**
 * The same for a graph in memory, brought to half precision beforehand if so wished.
 * Reverse-mode differentiation of the graph itself: one walk from `of` backwards, in which each node's rule writes
 * nodes that compute the gradients of its inputs, so that the gradient runs wherever the graph runs.
 */
export function gradientOf(graph: Graph, of: string, wrt: readonly string[], precision: Precision = 'single'): Graph {
  checkNames('output', graph.outputs, [of])
  checkNames('input', graph.inputs, wrt)
  const g = new GraphBuilder(precision === 'half' ? halved(graph) : graph)
  const scale = precision === 'half' ? SCALE : 1
  const { path, depending } = pathBetween(wrt, of, g.nodes, g.shapes)
  checkGraph(g, of, wrt)

  const o = new Ops(g)
  /** The gradients that have come in for a value, to be summed. */
  const incoming = new Map<Value, Value[]>([[of, [o.filled(scale, of)]]])
  const gradientIn = (value: Value): Value | undefined => {
    const [first, ...others] = incoming.get(value) ?? []
    return first && others.reduce((sum, other) => o.add(sum, other), first)
  }

  for (const { node, rule } of path.toReversed()) {
    const site = siteOf(o, node, node.outputs.map(gradientIn))
    const pulls = rule(site)
    node.inputs.forEach((input, i) => {
      if (!depending.has(input)) return
      const pull = pulls[i]
      if (!pull) throw noRule(node, `in its input ${i + 1}, "${input}"`)
      const gradient = summedTo(o, pull(), g.shapes.of(input))
      incoming.set(input, [...(incoming.get(input) ?? []), gradient])
    })
  }

  for (const input of wrt) {
    const gradient = gradientIn(input) ?? o.filled(0, input)
    g.output(`grad_${input}`, scale === 1 ? gradient : o.div(gradient, scale))
  }
  return g.toGraph()
}

/** The nodes between `wrt` and `of`, in their order and with their rules, and all values that depend on `wrt`. */
function pathBetween(wrt: readonly Value[], of: Value, nodes: readonly Node[], shapes: Shapes) {
  const depending = new Set(wrt)
  for (const node of nodes) {
    if (STEPS.has(node.op) || !(node.inputs.some((input) => depending.has(input)) || hasSubgraph(node))) continue
    for (const output of node.outputs) if (output && !shapes.isWhole(output)) depending.add(output)
  }
  const needed = new Set([of])
  const path: { node: Node; rule: Rule }[] = []
  for (const node of nodes.toReversed()) {
    const outputs = node.outputs.map((output) => depending.has(output) && needed.has(output))
    if (!outputs.includes(true)) continue
    path.unshift({ node, rule: ruleFor(node, outputs) })
    for (const input of node.inputs) needed.add(input)
  }
  return { path, depending }
}

/** A subgraph may use any value without naming it as an input. */
function hasSubgraph({ attributes }: Node): boolean {
  const [GRAPH, GRAPHS] = [5, 10]
  return [...attributes.values()].some(
    ({ type, ...rest }) => type === 'other' && 'code' in rest && (rest.code === GRAPH || rest.code === GRAPHS),
  )
}

function siteOf(o: Ops, node: Node, gradients: (Value | undefined)[]): Site {
  const [a = '', b = '', c = '', d = '', e = '', ...more] = node.inputs
  return {
    o,
    node,
    inputs: [a, b, c, d, e, ...more],
    x: a,
    y: node.outputs[0] ?? '',
    dy: gradients[0] ?? '',
    gradients,
  }
}

/** Undoes broadcasting: sums over the axes along which a value of this shape was stretched. */
function summedTo(o: Ops, gradient: Value, shape: readonly number[]): Value {
  const stretched = o.shape(gradient)
  const added = stretched.length - shape.length
  const axes = range(stretched.length).filter(
    (axis) => axis < added || (shape[axis - added] === 1 && stretched[axis] !== 1),
  )
  return o.reshape(o.sum(gradient, axes), shape)
}

/** `outputs` tells which of the node's outputs matter. Only the parts of a Split all have a gradient. */
function ruleFor(node: Node, outputs: readonly boolean[]): Rule {
  const rule = node.domain === '' ? RULES.get(node.op) : undefined
  if (!rule) throw noRule(node, 'at all')
  const last = outputs.lastIndexOf(true)
  if (last > 0 && node.op !== 'Split') throw noRule(node, `from its output ${last + 1}`)
  return rule
}

function noRule(node: Node, where: string): FewlineError {
  return new FewlineError({
    kind: 'model',
    expected: 'operators with a gradient',
    came: `${node.domain ? `${node.domain}.` : ''}${node.op} (node "${node.name}") has none ${where}`,
    todo: 'export the model with plainer operators',
  })
}

function checkNames(what: string, values: readonly { name: string }[], names: readonly string[]): void {
  const unknown = names.find((wanted) => !values.some(({ name }) => name === wanted))
  if (unknown === undefined) return
  throw new FewlineError({
    kind: 'call',
    expected: `the name of an ${what} of the model (${values.map(({ name }) => `"${name}"`).join(', ')})`,
    came: `"${unknown}" is none`,
    todo: 'choose one of these',
  })
}

function checkGraph({ shapes, opset }: GraphBuilder, of: string, wrt: readonly string[]): void {
  if (opset < OLDEST_OPSET || opset > NEWEST_OPSET) {
    throw new FewlineError({
      kind: 'model',
      expected: `a model of opset ${OLDEST_OPSET} to ${NEWEST_OPSET}`,
      came: `it is of opset ${opset}`,
      todo: 'export it with another opset',
    })
  }
  for (const value of [of, ...wrt]) {
    if (shapes.isWhole(value)) throw wrongValue(value, 'to be of real numbers', `it is of ${shapes.typeOf(value)}`)
  }
  const shape = shapes.of(of)
  if (sizeOf(shape) !== 1) throw wrongValue(of, 'to be a single number', `its shape is [${shape.join(', ')}]`)
}

function wrongValue(value: Value, expected: string, came: string): FewlineError {
  return new FewlineError({ kind: 'call', expected: `"${value}" ${expected}`, came, todo: 'name another value' })
}
