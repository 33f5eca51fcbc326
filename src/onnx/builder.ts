import type { Tensor } from '../tensor.ts'
import type { ElementType } from './elements.ts'
import {
  type Attribute,
  type Constant,
  type Graph,
  type Node,
  type Value,
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
  private readonly graph: Graph
  private readonly taken: Set<Value>
  private count = 0

  /** Starts empty, or goes on from a graph (which stays as it is). */
  constructor(
    start: Graph = {
      name: 'fewline',
      opsets: new Map([['', OPSET]]),
      inputs: [],
      outputs: [],
      nodes: [],
      constants: new Map(),
    },
  ) {
    this.graph = {
      ...start,
      opsets: new Map(start.opsets),
      inputs: [...start.inputs],
      outputs: [...start.outputs],
      nodes: [...start.nodes],
      constants: new Map(start.constants),
    }
    this.taken = new Set([
      ...start.inputs.map((input) => input.name),
      ...start.constants.keys(),
      ...start.nodes.flatMap((node) => node.outputs),
    ])
  }

  /** The version of ONNX's own operators that the graph speaks. */
  get opset(): number {
    return this.graph.opsets.get('') ?? OPSET
  }

  input(name: string, shape: readonly number[], type: ElementType = 'float32'): Value {
    this.graph.inputs.push({ name: this.claim(name), type, shape: [...shape] })
    return name
  }

  /** Weights and other numbers that belong to the graph. */
  constant(value: Tensor | Constant): Value {
    const name = this.fresh('constant')
    this.graph.constants.set(name, 'type' in value ? value : constantOf(value))
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

  /** One node with `outputs` outputs. */
  ops(op: string, inputs: readonly Value[], attributes: Record<string, Written>, outputs: number): Value[] {
    const node: Node = {
      op,
      domain: '',
      name: this.fresh(op),
      inputs: [...inputs],
      outputs: Array.from({ length: outputs }, () => this.fresh(op)),
      attributes: new Map(Object.entries(attributes).map(([name, written]) => [name, attributeOf(written)])),
    }
    this.graph.nodes.push(node)
    return node.outputs
  }

  /** Gives `value` out under `name`. */
  output(name: string, value: Value, type: ElementType = 'float32'): void {
    if (name !== value) {
      const inputs = [value]
      this.graph.nodes.push({
        op: 'Identity',
        domain: '',
        name: this.fresh('Identity'),
        inputs,
        outputs: [this.claim(name)],
        attributes: new Map(),
      })
    }
    this.graph.outputs.push({ name, type })
  }

  toGraph(): Graph {
    return {
      ...this.graph,
      inputs: [...this.graph.inputs],
      outputs: [...this.graph.outputs],
      nodes: [...this.graph.nodes],
    }
  }

  private fresh(stem: string): Value {
    for (;;) {
      const name = `${stem}_${++this.count}`
      if (!this.taken.has(name)) return this.claim(name)
    }
  }

  private claim(name: Value): Value {
    if (this.taken.has(name)) throw new RangeError(`two values of a graph are called "${name}"`)
    this.taken.add(name)
    return name
  }
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
