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
 * inputs and `of` has no rule; of kind `call` when the names don't fit the model. Whatever the bytes are, it throws nothing
 * else, and takes time and memory in proportion to them.
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
  checkOrder(graph, wrt)
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
  const pullBack = ({ node, rule }: { node: Node; rule: Rule }): void => {
    const site = siteOf(o, node, node.outputs.map(gradientIn))
    const pulls = rule(site)
    node.inputs.forEach((input, i) => {
      if (!depending.has(input)) return
      const pull = pulls[i]
      if (!pull) throw noRule(node, `in its input ${i + 1}, "${input}"`)
      const gradient = summedTo(o, pull(), g.shapes.of(input))
      const others = incoming.get(input)
      if (others) others.push(gradient)
      else incoming.set(input, [gradient])
    })
  }
  for (const step of path) {
    try {
      pullBack(step)
    } catch (cause) {
      // A rule takes a node at its word: one that doesn't fit its inputs may bring it to anything.
      throw cause instanceof FewlineError ? cause : unfit(step.node, cause)
    }
  }

  for (const input of wrt) {
    const gradient = gradientIn(input) ?? o.filled(0, input)
    g.output(`grad_${input}`, scale === 1 ? gradient : o.div(gradient, scale))
  }
  return g.toGraph()
}

/** The nodes between `wrt` and `of`, the last one first and with their rules, and all values that depend on `wrt`. */
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
    path.push({ node, rule: ruleFor(node, outputs) })
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

function unfit(node: Node, cause: unknown): FewlineError {
  return new FewlineError(
    {
      kind: 'model',
      expected: `a ${node.op} that fits its inputs`,
      came: `no gradient goes through the node "${node.name}"`,
      todo: 'export the model again',
    },
    { cause },
  )
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

/** Each value is made once, and before it is used; and the gradients' own names are free. */
function checkOrder({ inputs, constants, nodes, outputs }: Graph, wrt: readonly string[]): void {
  const made = new Set([...inputs.map(({ name }) => name), ...constants.keys()])
  const toCome = new Set(nodes.flatMap(({ outputs }) => outputs))
  for (const { inputs, outputs } of nodes) {
    const early = inputs.find((input) => input !== '' && toCome.has(input) && !made.has(input))
    if (early !== undefined) throw disordered(`"${early}" is used before it is made`)
    for (const output of outputs) {
      if (output === '') continue
      if (made.has(output)) throw disordered(`"${output}" is made twice`)
      made.add(output)
    }
  }
  const twice = wrt.find((name, i) => wrt.indexOf(name) !== i)
  if (twice !== undefined) throw wrongValue(twice, 'to be named once', 'it is named twice')
  for (const { name } of outputs) made.add(name)
  const taken = wrt.find((name) => made.has(`grad_${name}`))
  if (taken !== undefined) throw disordered(`something in it is called "grad_${taken}" already`)
}

function disordered(came: string): FewlineError {
  const expected = 'a model whose nodes stand in the order in which they run, each value with a name of its own'
  return new FewlineError({ kind: 'model', expected, came, todo: 'export the model again' })
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
