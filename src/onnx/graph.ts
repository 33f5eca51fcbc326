import type { Tensor } from '../tensor.ts'
import { type ElementType, bytesOf, elementsOf, halvesOf, numbersOf } from './elements.ts'

/** An edge of a graph, by its name. `''` stands for an optional input that is left out. */
export type Value = string

/** Graphs written by hand speak this version of the ONNX operators. */
export const OPSET = 17

/**
 * A graph of ONNX operators. Nodes stand in an order in which they can run.
 * `rest` holds what was in the file and Fewline doesn't read, here and below, so that nothing is lost on the way through.
 */
export interface Graph {
  name: string
  /** The version of the operators of each domain; `''` is ONNX's own. */
  opsets: Map<string, number>
  /** The version of the file format, when the graph comes from a file. */
  irVersion?: number
  inputs: ValueInfo[]
  outputs: ValueInfo[]
  nodes: Node[]
  constants: Map<Value, Constant>
  rest?: Rest
}

/** Raw protobuf fields of the graph and of the model around it. */
export interface Rest {
  graph: Uint8Array[]
  model: Uint8Array[]
}

export interface Node {
  op: string
  /** `''` for ONNX's own operators. */
  domain: string
  name: string
  inputs: Value[]
  outputs: Value[]
  attributes: Map<string, Attribute>
  rest?: Uint8Array[]
}

export type Attribute =
  | { type: 'float'; value: number }
  | { type: 'int'; value: number }
  | { type: 'string'; value: string }
  | { type: 'tensor'; value: Constant }
  | { type: 'floats'; value: number[] }
  | { type: 'ints'; value: number[] }
  | { type: 'strings'; value: string[] }
  /** A subgraph, say: its type's number and its raw protobuf fields. */
  | { type: 'other'; code: number; value: Uint8Array[] }

/** A value that the graph takes in or gives out. */
export interface ValueInfo {
  name: Value
  type: ElementType
  /** A side that isn't fixed has a name (or `'?'`); the shape is absent where the file doesn't tell. */
  shape?: (number | string)[]
}

/** Numbers that belong to the graph: its weights, and small tables such as shapes and axes. */
export interface Constant {
  type: ElementType
  shape: number[]
  /**
   * Little-endian elements; or a function that reads them, for weights that should not all lie in memory; or where to
   * find them, as ONNX's external data has it (location, offset, length).
   */
  data: Uint8Array | (() => Uint8Array) | ReadonlyMap<string, string>
}

/** A tensor as a constant. Shares the tensor's memory. */
export function constantOf({ data, shape }: Tensor): Constant {
  return { type: 'float32', shape: [...shape], data: asBytes(data) }
}

/** Numbers that are read each time a graph with them is made ready to run. */
export function laterConstant(shape: readonly number[], read: () => Float32Array): Constant {
  return { type: 'float32', shape: [...shape], data: () => asBytes(read()) }
}

/** A constant of float32 in half the precision; what is read later is also converted later. */
export function halfOf(constant: Constant): Constant {
  const converted = (): Uint8Array => asBytes(halvesOf(elementsOf('float32', bytesIn(constant)) as Float32Array))
  return { type: 'float16', shape: constant.shape, data: typeof constant.data === 'function' ? converted : converted() }
}

function asBytes({ buffer, byteOffset, byteLength }: Float32Array | Uint16Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}

/** A constant from plain numbers. */
export function constantFrom(type: ElementType, shape: readonly number[], numbers: ArrayLike<number>): Constant {
  return { type, shape: [...shape], data: bytesOf(type, numbers) }
}

/** The bytes of a constant, read now if need be. Throws a RangeError for those in another file. */
export function bytesIn({ data }: Constant): Uint8Array {
  if (data instanceof Uint8Array) return data
  if (typeof data === 'function') return data()
  throw new RangeError(`the constant lies in ${data.get('location') ?? 'another file'}`)
}

/** The numbers of a constant; undefined when they are read later or lie in another file. */
export function numbersIn({ type, data }: Constant): number[] | undefined {
  return data instanceof Uint8Array ? numbersOf(type, elementsOf(type, data)) : undefined
}

export function intAttribute(node: Node, name: string): number | undefined
export function intAttribute(node: Node, name: string, absent: number): number
export function intAttribute(node: Node, name: string, absent?: number): number | undefined {
  const attribute = node.attributes.get(name)
  return attribute?.type === 'int' ? attribute.value : absent
}

export function floatAttribute(node: Node, name: string, absent: number): number {
  const attribute = node.attributes.get(name)
  return attribute?.type === 'float' ? attribute.value : absent
}

export function stringAttribute(node: Node, name: string, absent: string): string {
  const attribute = node.attributes.get(name)
  return attribute?.type === 'string' ? attribute.value : absent
}

export function intsAttribute(node: Node, name: string): number[] | undefined
export function intsAttribute(node: Node, name: string, absent: readonly number[]): number[]
export function intsAttribute(node: Node, name: string, absent?: readonly number[]): number[] | undefined {
  const attribute = node.attributes.get(name)
  return attribute?.type === 'ints' ? attribute.value : absent && [...absent]
}
