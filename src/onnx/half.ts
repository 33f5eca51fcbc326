import { GraphBuilder } from './builder.ts'
import { codeOf } from './elements.ts'
import { type Constant, type Graph, type Node, type Value, halfOf } from './graph.ts'

/** What nearly all time goes into, and what half precision is good enough for. */
const PRODUCTS = new Set(['Conv', 'ConvTranspose', 'Gemm', 'MatMul'])
/** Sums over many numbers, and functions that would leave the range of half precision, 6e-8 to 65504. */
const DELICATE = new Set([
  ...['ReduceMean', 'ReduceSum', 'Softmax', 'LayerNormalization', 'InstanceNormalization'],
  ...['Div', 'Reciprocal', 'Sqrt', 'Pow', 'Exp', 'Log', 'Cast'],
])

/** Of the numbers that a graph computes with: float32, or float16 wherever that does no harm. */
export type Precision = 'single' | 'half'

type Real = 'float16' | 'float32'

/**
 * The same graph in half precision (float16), weights and all, as far as that does no harm: products of matrices and
 * convolutions always, delicate functions never, and what lies between as what it is fed (Micikevicius et al. 2018).
 * Inputs and outputs keep their types. The gradient of such a graph is in half precision just as far.
 */
export function halved(graph: Graph): Graph {
  const { shapes } = new GraphBuilder(graph)
  const outputs = new Set(graph.outputs.map(({ name }) => name))
  const isReal = (value: Value): boolean => value !== '' && shapes.typeOf(value) === 'float32'
  const nodes: Node[] = []
  const constants = new Map<Value, Constant>()
  /** Values of nodes that came out in half precision. */
  const halves = new Set<Value>()

  const typeFor = (node: Node): Real => {
    const fed = node.inputs.filter(isReal)
    const apart = fed.length === 0 || DELICATE.has(node.op) || outputs.has(node.outputs[0]!)
    if (apart || PRODUCTS.has(node.op)) return apart ? 'float32' : 'float16'
    return fed.every((value) => halves.has(value) || graph.constants.has(value)) ? 'float16' : 'float32'
  }

  const made = new Set<Value>()
  /** An input in this type: as it is, or converted once for all who want it so. */
  const as = (input: Value, type: Real): Value => {
    const constant = graph.constants.get(input)
    const differs = isReal(input) && halves.has(input) !== (type === 'float16')
    const name = differs ? `${input}.${type}` : input
    if (made.has(name)) return name
    made.add(name)
    if (constant) constants.set(name, differs ? halfOf(constant) : constant)
    else if (differs) nodes.push(cast(input, name, type))
    return name
  }

  for (const node of graph.nodes) {
    const type = typeFor(node)
    nodes.push({ ...node, inputs: node.inputs.map((input) => as(input, type)) })
    if (type === 'float16') for (const output of node.outputs) halves.add(output)
  }
  return { ...graph, nodes, constants }
}

function cast(from: Value, to: Value, type: Real): Node {
  const attributes = new Map([['to', { type: 'int', value: codeOf(type) }] as const])
  return { op: 'Cast', domain: '', name: to, inputs: [from], outputs: [to], attributes }
}
