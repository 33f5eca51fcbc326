import { FewlineError } from '../errors.ts'
import { GraphBuilder } from '../onnx/builder.ts'
import type { Graph, Node, Value } from '../onnx/graph.ts'
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
 * The same for a graph in memory.
 * Reverse-mode differentiation of the graph itself: one walk from `of` backwards, in which each node's rule writes
 * nodes that compute the gradients of its inputs, so that the gradient runs wherever the graph runs.
 */
export function gradientOf(graph: Graph, of: string, wrt: readonly string[]): Graph {
  const g = new GraphBuilder(graph)
  checkCall(g, graph, of, wrt)
  const o = new Ops(g)
  const depending = dependingOn(wrt, graph.nodes, g.shapes)

  /** The gradients that have come in for a value, to be summed. */
  const incoming = new Map<Value, Value[]>([[of, [o.filled(1, of)]]])
  const gradientIn = (value: Value): Value | undefined => {
    const [first, ...others] = incoming.get(value) ?? []
    return first && others.reduce((sum, other) => o.add(sum, other), first)
  }

  for (const node of graph.nodes.toReversed()) {
    const onPath = node.outputs.some((output) => incoming.has(output) && depending.has(output))
    if (!onPath) continue
    const gradients = node.outputs.map(gradientIn)
    const pulls = ruleFor(node, gradients)(siteOf(o, node, gradients))
    node.inputs.forEach((input, i) => {
      if (!depending.has(input)) return
      const pull = pulls[i]
      if (!pull) throw noRule(node, `in its input ${i + 1}, "${input}"`)
      const gradient = summedTo(o, pull(), g.shapes.of(input))
      incoming.set(input, [...(incoming.get(input) ?? []), gradient])
    })
  }

  for (const input of wrt) g.output(`grad_${input}`, gradientIn(input) ?? o.filled(0, input))
  return g.toGraph()
}

/** The values that change when one of `wrt` changes a little. */
function dependingOn(wrt: readonly Value[], nodes: readonly Node[], shapes: Shapes): Set<Value> {
  const depending = new Set(wrt)
  for (const node of nodes) {
    if (STEPS.has(node.op) || !(node.inputs.some((input) => depending.has(input)) || hasSubgraph(node))) continue
    for (const output of node.outputs) if (output && !shapes.isWhole(output)) depending.add(output)
  }
  return depending
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

function ruleFor(node: Node, gradients: readonly (Value | undefined)[]): Rule {
  const rule = node.domain === '' ? RULES.get(node.op) : undefined
  if (!rule) throw noRule(node, 'at all')
  const further = gradients.findLastIndex((gradient) => gradient !== undefined)
  if (further > 0 && node.op !== 'Split') throw noRule(node, `from its output ${further + 1}`)
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

function checkCall({ shapes, opset }: GraphBuilder, graph: Graph, of: string, wrt: readonly string[]): void {
  if (opset < OLDEST_OPSET || opset > NEWEST_OPSET) {
    throw new FewlineError({
      kind: 'model',
      expected: `a model of opset ${OLDEST_OPSET} to ${NEWEST_OPSET}`,
      came: `it is of opset ${opset}`,
      todo: 'export it with another opset',
    })
  }
  checkNames(
    'output',
    graph.outputs.map(({ name }) => name),
    [of],
  )
  checkNames(
    'input',
    graph.inputs.map(({ name }) => name),
    wrt,
  )
  for (const value of [of, ...wrt]) {
    if (shapes.isWhole(value)) throw wrongValue(value, 'to be of real numbers', `it is of ${shapes.typeOf(value)}`)
  }
  const shape = shapes.of(of)
  if (sizeOf(shape) !== 1) throw wrongValue(of, 'to be a single number', `its shape is [${shape.join(', ')}]`)
}

function checkNames(what: string, known: readonly string[], names: readonly string[]): void {
  const unknown = names.find((name) => !known.includes(name))
  if (unknown === undefined) return
  throw new FewlineError({
    kind: 'call',
    expected: `the name of an ${what} of the model (${known.map((name) => `"${name}"`).join(', ')})`,
    came: `"${unknown}" is none`,
    todo: 'choose one of these',
  })
}

function wrongValue(value: Value, expected: string, came: string): FewlineError {
  return new FewlineError({ kind: 'call', expected: `"${value}" ${expected}`, came, todo: 'name another value' })
}
