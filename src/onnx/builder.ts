import type { Tensor } from '../tensor.ts'
import type { ElementType } from './elements.ts'
import { Shapes } from './shapes.ts'
import {
  type Attribute,
  type Constant,
  type Graph,
  type Node,
  type Value,
  type ValueInfo,
  OPSET,
  constantFrom,
  constantOf,
} from './graph.ts'

/**
 * An attribute as one writes it: whole numbers are ONNX ints and fractions floats,
 * so a float that happens to be whole is written `{ float: 1 }`.
 */
export type Written = number | { float: number } | string | Constant | readonly number[] | readonly string[]

/**
 * Writes a graph node by node:
 *
 *     const g = new GraphBuilder()
 *     const x = g.input('sketch', [1, 3, 224, 224])
 *     const y = g.op('Conv', [x, g.constant(weights)], { strides: [2, 2], pads: [1, 1, 1, 1] })
 *     g.output('loss', g.op('ReduceMean', [g.op('Mul', [y, y])], { keepdims: 0 }))
 *     const model = writeModel(g.toGraph())
 */
export class GraphBuilder {
  /** Shapes, types and constants of the values so far. */
  readonly shapes = new Shapes()
  private readonly graph: Graph
  private readonly taken = new Set<Value>()
  private count = 0

  /** Starts empty, or goes on from a graph (which stays as it is). */
  constructor(start: Graph = EMPTY) {
    this.graph = {
      ...start,
      opsets: new Map(start.opsets),
      inputs: [],
      outputs: [...start.outputs],
      nodes: [],
      constants: new Map(),
    }
    for (const input of start.inputs) this.addInput(input)
    for (const [name, constant] of start.constants) this.addConstant(name, constant)
    for (const node of start.nodes) this.addNode(node)
  }

  /** The version of ONNX's own operators that the graph speaks. */
  get opset(): number {
    return this.graph.opsets.get('') ?? OPSET
  }

  get nodes(): readonly Node[] {
    return this.graph.nodes
  }

  input(name: string, shape: readonly number[], type: ElementType = 'float32'): Value {
    if (this.taken.has(name)) throw new RangeError(`two values of a graph are called "${name}"`)
    this.addInput({ name, type, shape: [...shape] })
    return name
  }

  /** Weights and other numbers that belong to the graph. */
  constant(value: Tensor | Constant): Value {
    const name = this.freshName('constant')
    this.addConstant(name, 'type' in value ? value : constantOf(value))
    return name
  }

  scalar(value: number, type: ElementType = 'float32'): Value {
    return this.constant(constantFrom(type, [], [value]))
  }

  /** A vector of int64, as ONNX wants shapes, axes and pads. */
  ints(values: readonly number[]): Value {
    return this.constant(constantFrom('int64', [values.length], values))
  }

  /** One node with one output. */
  op(op: string, inputs: readonly Value[], attributes: Record<string, Written> = {}): Value {
    return this.ops(op, inputs, attributes, 1)[0]!
  }

  /** One node with `count` outputs. */
  ops(op: string, inputs: readonly Value[], attributes: Record<string, Written>, count: number): Value[] {
    const outputs = Array.from({ length: count }, () => this.freshName(op))
    this.addNode(nodeOf(op, inputs, outputs, attributes))
    return outputs
  }

  /** Gives `value` out under `name`. */
  output(name: string, value: Value): void {
    if (name !== value) {
      if (this.taken.has(name)) throw new RangeError(`two values of a graph are called "${name}"`)
      this.addNode(nodeOf('Identity', [value], [name]))
    }
    this.graph.outputs.push({ name, type: this.shapes.typeOf(value), shape: [...this.shapes.of(value)] })
  }

  toGraph(): Graph {
    const { inputs, outputs, nodes, constants } = this.graph
    return {
      ...this.graph,
      inputs: [...inputs],
      outputs: [...outputs],
      nodes: [...nodes],
      constants: new Map(constants),
    }
  }

  private addInput(input: ValueInfo): void {
    this.taken.add(input.name)
    this.graph.inputs.push(input)
    this.shapes.addInput(input)
  }

  private addConstant(name: Value, constant: Constant): void {
    this.taken.add(name)
    this.graph.constants.set(name, constant)
    this.shapes.addConstant(name, constant)
  }

  private addNode(node: Node): void {
    for (const output of node.outputs) this.taken.add(output)
    this.graph.nodes.push(node)
    this.shapes.addNode(node)
  }

  private freshName(stem: string): Value {
    let name: Value
    do name = `${stem}_${++this.count}`
    while (this.taken.has(name))
    return name
  }
}

const EMPTY: Graph = {
  name: 'fewline',
  opsets: new Map([['', OPSET]]),
  inputs: [],
  outputs: [],
  nodes: [],
  constants: new Map(),
}

/** A node called like its first output. */
function nodeOf(
  op: string,
  inputs: readonly Value[],
  outputs: Value[],
  attributes: Record<string, Written> = {},
): Node {
  const entries = Object.entries(attributes).map(([name, written]) => [name, attributeOf(written)] as const)
  return { op, domain: '', name: outputs[0]!, inputs: [...inputs], outputs, attributes: new Map(entries) }
}

function attributeOf(written: Written): Attribute {
  if (typeof written === 'number') return { type: Number.isInteger(written) ? 'int' : 'float', value: written }
  if (typeof written === 'string') return { type: 'string', value: written }
  if (isList(written)) return listOf(written)
  if ('float' in written) return { type: 'float', value: written.float }
  return { type: 'tensor', value: written }
}

function listOf(list: readonly number[] | readonly string[]): Attribute {
  if (isStrings(list)) return { type: 'strings', value: [...list] }
  return { type: list.every(Number.isInteger) ? 'ints' : 'floats', value: [...list] }
}

function isList(written: Written): written is readonly number[] | readonly string[] {
  return Array.isArray(written)
}

function isStrings(list: readonly number[] | readonly string[]): list is readonly string[] {
  return list.length > 0 && typeof list[0] === 'string'
}
