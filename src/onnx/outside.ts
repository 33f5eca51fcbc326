import { sizeOf } from '../tensor.ts'
import { bytesPerElement } from './elements.ts'
import type { Constant, Graph, Value } from './graph.ts'
import { writeModel } from './protobuf.ts'

/** Constants of fewer bytes are not worth a place of their own. */
const SMALLEST = 1024

/** Where bytes lie outside a model's file. */
export interface Place {
  /** The name of the file they are in. */
  location: string
  offset: number
}

/**
 * Writes an ONNX file without the graph's weights: `put` is given each weight and says where its bytes are.
 * So that weights never go through protobuf, and need not all be in memory at once.
 */
export function writeWithoutWeights(graph: Graph, put: (name: Value, constant: Constant) => Place): Uint8Array {
  const moved = (name: Value, constant: Constant): Constant => {
    const length = sizeOf(constant.shape) * bytesPerElement(constant.type)
    if (constant.data instanceof Map || length < SMALLEST) return constant
    const { location, offset } = put(name, constant)
    const fields = { location, offset: String(offset), length: String(length) }
    return { ...constant, data: new Map(Object.entries(fields)) }
  }
  const constants = Array.from(graph.constants, ([name, constant]) => [name, moved(name, constant)] as const)
  return writeModel({ ...graph, constants: new Map(constants) })
}
