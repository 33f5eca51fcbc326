import type { ElementType } from './elements.ts'
import type { Value } from './graph.ts'

/** What is known of a graph's values before it runs. Throws a FewlineError of kind `model` where nothing is. */
export interface Known {
  /** The shape of a value. */
  of(value: Value): number[]
  typeOf(value: Value): ElementType
  /** The numbers of a value that doesn't depend on the graph's inputs, as far as they are worth knowing. */
  numbers(value: Value): number[] | undefined
}
