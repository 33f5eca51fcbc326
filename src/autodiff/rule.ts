import type { Node, Value } from '../onnx/graph.ts'
import type { Ops } from './ops.ts'

/** A node on the way back from the loss: all that its rule sees. */
export interface Site {
  o: Ops
  node: Node
  /** `''` for inputs that are left out. */
  inputs: readonly [Value, Value, Value, Value, Value, ...Value[]]
  /** The first input, the first output and its gradient, which is all that most rules need. */
  x: Value
  y: Value
  dy: Value
  /** The gradients of all outputs; undefined for an output that the loss doesn't depend on. */
  gradients: readonly (Value | undefined)[]
}

/**
 * How the gradient in each input is written, in the inputs' order; called only for the inputs that need it, and
 * undefined where there is no rule. A gradient may have the output's shape where the input was broadcast:
 * the walk sums it back.
 */
export type Rule = (site: Site) => ((() => Value) | undefined)[]
