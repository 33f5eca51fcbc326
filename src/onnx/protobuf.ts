import { FewlineError } from '../errors.ts'
import { sizeOf } from '../tensor.ts'
import { type ElementType, bytesOf, bytesPerElement, codeOf, typeFromCode } from './elements.ts'
import type { Attribute, Constant, Graph, Node, ValueInfo } from './graph.ts'
import {
  type AttributeProto,
  type DimensionProto,
  type Int64,
  type NodeProto,
  type TensorProto,
  type ValueInfoProto,
  decodeModel,
  encodeModel,
  int64,
} from './schema.ts'

/** The version of the file format that Fewline writes: 8 goes with opset 17, and every later reader takes it. */
const IR_VERSION = 8

/** AttributeProto.AttributeType by number, as far as Fewline reads them. */
const ATTRIBUTE_TYPES = [undefined, 'float', 'int', 'string', 'tensor', undefined, 'floats', 'ints', 'strings'] as const

/**
 * Reads an ONNX file. The weights stay where they are: the graph's constants are views of `bytes`.
 * Throws a FewlineError of kind `model` when the bytes aren't an ONNX graph.
 */
export function readModel(bytes: Uint8Array): Graph {
  const model = decoded(bytes)
  const graph = model.graph
  if (!graph) throw malformed('they hold no graph')
  const opsets = new Map((model.opsetImport ?? []).map(({ domain, version }) => [domain ?? '', numberFrom(version)]))
  return {
    name: graph.name ?? '',
    opsets,
    irVersion: numberFrom(model.irVersion),
    inputs: (graph.input ?? []).map(readValueInfo),
    outputs: (graph.output ?? []).map(readValueInfo),
    nodes: (graph.node ?? []).map(readNode),
    constants: new Map((graph.initializer ?? []).map((proto) => [proto.name ?? '', readConstant(proto)])),
    rest: { graph: graph.$unknowns ?? [], model: model.$unknowns ?? [] },
  }
}

/** Writes an ONNX file. */
export function writeModel(graph: Graph): Uint8Array {
  return encodeModel({
    irVersion: int64(graph.irVersion ?? IR_VERSION),
    opsetImport: Array.from(graph.opsets, ([domain, version]) => ({ domain, version: int64(version) })),
    graph: {
      name: graph.name,
      input: graph.inputs.map(writeValueInfo),
      output: graph.outputs.map(writeValueInfo),
      node: graph.nodes.map(writeNode),
      initializer: Array.from(graph.constants, ([name, constant]) => ({ name, ...writeConstant(constant) })),
      $unknowns: graph.rest?.graph,
    },
    $unknowns: graph.rest?.model,
  })
}

function decoded(bytes: Uint8Array) {
  try {
    return decodeModel(bytes)
  } catch (cause) {
    throw malformed('they break off or are damaged', cause)
  }
}

function readNode(proto: NodeProto): Node {
  return {
    op: proto.opType ?? '',
    domain: proto.domain === 'ai.onnx' ? '' : (proto.domain ?? ''),
    name: proto.name ?? '',
    inputs: proto.input ?? [],
    outputs: proto.output ?? [],
    attributes: new Map((proto.attribute ?? []).map((attribute) => [attribute.name ?? '', readAttribute(attribute)])),
    rest: proto.$unknowns,
  }
}

function writeNode(node: Node): NodeProto {
  return {
    opType: node.op,
    domain: node.domain,
    name: node.name,
    input: node.inputs,
    output: node.outputs,
    attribute: Array.from(node.attributes, ([name, attribute]) => ({ name, ...writeAttribute(attribute) })),
    $unknowns: node.rest,
  }
}

function readAttribute(proto: AttributeProto): Attribute {
  const type = ATTRIBUTE_TYPES[proto.type ?? 0]
  switch (type) {
    case 'float':
      return { type, value: proto.f ?? 0 }
    case 'int':
      return { type, value: numberFrom(proto.i) }
    case 'string':
      return { type, value: textFrom(proto.s) }
    case 'tensor':
      return { type, value: readConstant(proto.t ?? {}) }
    case 'floats':
      return { type, value: proto.floats ?? [] }
    case 'ints':
      return { type, value: (proto.ints ?? []).map(numberFrom) }
    case 'strings':
      return { type, value: (proto.strings ?? []).map(textFrom) }
    case undefined:
      return { type: 'other', code: proto.type ?? 0, value: proto.$unknowns ?? [] }
  }
}

function writeAttribute(attribute: Attribute): AttributeProto {
  switch (attribute.type) {
    case 'float':
      return { type: 1, f: attribute.value }
    case 'int':
      return { type: 2, i: int64(attribute.value) }
    case 'string':
      return { type: 3, s: Buffer.from(attribute.value) }
    case 'tensor':
      return { type: 4, t: writeConstant(attribute.value) }
    case 'floats':
      return { type: 6, floats: attribute.value }
    case 'ints':
      return { type: 7, ints: attribute.value.map(int64) }
    case 'strings':
      return { type: 8, strings: attribute.value.map((text) => Buffer.from(text)) }
    case 'other':
      return { type: attribute.code, $unknowns: attribute.value }
  }
}

function readValueInfo(proto: ValueInfoProto): ValueInfo {
  const name = proto.name ?? ''
  const tensorType = proto.type?.tensorType
  if (!tensorType) throw malformed(`"${name}" is not a tensor`)
  const shape = tensorType.shape?.dim ?? []
  return { name, type: elementType(tensorType.elemType, name), ...(tensorType.shape && { shape: shape.map(readSide) }) }
}

function readSide(dim: DimensionProto): number | string {
  return Object.hasOwn(dim, 'dimValue') ? numberFrom(dim.dimValue) : dim.dimParam || '?'
}

function writeValueInfo({ name, type, shape }: ValueInfo): ValueInfoProto {
  const dim = shape?.map((side) =>
    typeof side === 'number' ? { dimValue: int64(side) } : side === '?' ? {} : { dimParam: side },
  )
  return { name, type: { tensorType: { elemType: codeOf(type), shape: dim && { dim } } } }
}

function readConstant(proto: TensorProto): Constant {
  const name = proto.name ?? ''
  const type = elementType(proto.dataType, name)
  const shape = (proto.dims ?? []).map(numberFrom)
  if (proto.dataLocation === EXTERNAL) {
    return { type, shape, data: new Map((proto.externalData ?? []).map(({ key, value }) => [key ?? '', value ?? ''])) }
  }
  const data = proto.rawData?.length ? proto.rawData : bytesFromLists(type, proto)
  if (shape.some((side) => side < 0) || data.length !== sizeOf(shape) * bytesPerElement(type)) {
    throw malformed(`the constant "${name}" of shape [${shape.join(', ')}] has ${data.length} bytes`)
  }
  return { type, shape, data }
}

function writeConstant({ type, shape, data }: Constant): TensorProto {
  const proto = { dataType: codeOf(type), dims: shape.map(int64) }
  if (data instanceof Uint8Array) return { ...proto, rawData: data }
  if (typeof data === 'function') return { ...proto, rawData: data() }
  return { ...proto, dataLocation: EXTERNAL, externalData: Array.from(data, ([key, value]) => ({ key, value })) }
}

/** TensorProto.DataLocation */
const EXTERNAL = 1

/** Instead of raw bytes, a tensor may list its numbers; which list depends on the type. float16 is listed by its bits. */
function bytesFromLists(type: ElementType, proto: TensorProto): Uint8Array {
  switch (type) {
    case 'float32':
      return bytesOf(type, proto.floatData ?? [])
    case 'float64':
      return bytesOf(type, proto.doubleData ?? [])
    case 'int64':
      return bytesOfInt64(proto.int64Data ?? [])
    case 'uint32':
      return bytesOf(type, (proto.uint64Data ?? []).map(numberFrom))
    case 'uint64':
      return bytesOfInt64(proto.uint64Data ?? [])
    case 'float16':
      return bytesOf('uint16', proto.int32Data ?? [])
    default:
      return bytesOf(type, proto.int32Data ?? [])
  }
}

/** By halves, since a double can't hold every 64-bit integer. */
function bytesOfInt64(list: readonly Int64[]): Uint8Array {
  const halves = list.flatMap((value) =>
    typeof value === 'number' ? [value, Math.floor(value / 2 ** 32)] : [value.low, value.high],
  )
  return new Uint8Array(Int32Array.from(halves).buffer)
}

function elementType(code = 0, name: string): ElementType {
  const type = typeFromCode(code)
  if (!type) throw malformed(`"${name}" is of an element type (${code}) that it can't use`)
  return type
}

function numberFrom(value: Int64 = 0): number {
  return typeof value === 'number' ? value : value.high * 2 ** 32 + (value.low >>> 0)
}

function textFrom(bytes: ArrayLike<number> = []): string {
  return new TextDecoder().decode(Uint8Array.from(bytes))
}

function malformed(came: string, cause?: unknown): FewlineError {
  return new FewlineError(
    {
      kind: 'model',
      expected: 'the bytes of an ONNX graph that Fewline can read',
      came,
      todo: 'export or download the file again',
    },
    { cause },
  )
}
