import { FewlineError } from '../../errors.ts'
import { type Constant, laterConstant } from '../../onnx/graph.ts'
import type { Weight } from '../../models/weight.ts'
import { tensor, type Tensor } from '../../tensor.ts'

/** The weights of one part of a model, by their names within it. */
export interface Named {
  has(name: string): boolean
  /** The shape of a weight with so many sides. */
  shape(name: string, rank: number): number[]
  read(name: string): Tensor
  /** The numbers of a weight that has so many. */
  vector(name: string, length: number): Float32Array
  /** The weight as a constant of a graph, read when the graph is made ready to run. */
  constant(name: string): Constant
  /** The part whose weights' names begin with `prefix`. */
  within(prefix: string): Named
  /** How many parts `prefix0`, `prefix1`, … there are. */
  count(prefix: string): number
}

/** Throws, as do the others, a FewlineError of kind `model` for a weight that is missing or of another rank. */
export function named(tensors: ReadonlyMap<string, Weight>, prefix = ''): Named {
  const find = (name: string): Weight => {
    const weight = tensors.get(prefix + name)
    if (weight) return weight
    throw misfit('the weights of a CLIP model', `"${prefix}${name}" is missing`)
  }
  return {
    has: (name) => tensors.has(prefix + name),
    shape(name, rank) {
      const { shape } = find(name)
      if (shape.length === rank) return [...shape]
      throw misfit(`"${prefix}${name}" to have ${rank} sides`, `its shape is [${shape.join(', ')}]`)
    },
    read: (name) => tensor(find(name).shape, find(name).read()),
    vector(name, length) {
      const numbers = find(name).read()
      if (numbers.length === length) return numbers
      throw misfit(`"${prefix}${name}" to have ${length} numbers`, `it has ${numbers.length}`)
    },
    constant: (name) => laterConstant(find(name).shape, () => find(name).read()),
    within: (more) => named(tensors, prefix + more),
    count(stem) {
      const start = prefix + stem
      const numbers = [...tensors.keys()].flatMap((name) =>
        name.startsWith(start) ? [Number.parseInt(name.slice(start.length), 10)] : [],
      )
      return new Set(numbers).size
    },
  }
}

function misfit(expected: string, came: string): FewlineError {
  return new FewlineError({ kind: 'model', expected, came, todo: 'download or import the model again' })
}
