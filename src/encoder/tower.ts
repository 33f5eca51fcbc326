import type { GraphBuilder } from '../onnx/builder.ts'
import type { Cache } from '../onnx/cache.ts'
import type { Value } from '../onnx/graph.ts'
import type { Precision } from '../onnx/half.ts'
import type { SessionOptions } from '../onnx/session.ts'
import type { Tensor } from '../tensor.ts'
import type { CompareWeights } from './encoder.ts'
import type { Row } from './row.ts'

/** An image model as a graph: all that one encoder has of its own. */
export interface Tower {
  name: string
  resolution: number
  weights: CompareWeights
  /** What a drawing is compared with: the photo's lines, or the photo itself. */
  sees: 'lines' | 'photo'
  /** In which its graphs compute; single when absent. */
  precision?: Precision
  /** Adds the model to a graph: from pictures [n, 3, r, r] to its layers, and its embedding if it has one. */
  build(g: GraphBuilder, images: Value): Seen
  /** Adds what single places show, [n, places, d], in the space of the texts; from pictures [n, 3, h, w] of any size … */
  places?(g: GraphBuilder, images: Value): Value
  /** … whose sides are multiples of this: there is a place for each square of so many pixels. */
  stride?: number
  /** Whether `build` gives attention. */
  attends?: boolean
  text?: TextTower
  /** Where its graphs are kept, and what tells its weights from others. */
  kept?: { cache: Cache; identity: string }
  /**
   * How many pictures the processor looks at at once, 8 when absent. Where one keeps it as busy as many do, each more only
   * takes memory, and a graph for their number.
   */
  atOnce?: number
  /** How the runtime rewrites its graphs, where `all` (when absent) is not the fastest. */
  optimisation?: SessionOptions['optimisation']
  /** Gives back what the weights are read from. */
  close?(): void
}

export interface Seen {
  layers: Value[]
  embedding?: Value
  /** For each block of a vision transformer [n, heads, 1 + patches, 1 + patches]. */
  attention?: Value[]
}

/** The side of a model that reads: what it makes of texts lies in one space with the embeddings of pictures. */
export interface TextTower {
  /** How many tokens there may be. */
  context: number
  width: number
  /** Cosines times this are logits. */
  scale: number
  tokenize(prompts: readonly string[]): Promise<number[][]>
  /** Reads the table of tokens; what it gives turns a row of texts into [1, count, width]. */
  embedder(): (row: Row) => Tensor
  /** From embedded tokens [1, t, width], and which of them see which [t, t], to the embedding of a text that ends there [t, d]. */
  build(g: GraphBuilder, tokens: Value, mask: Value): Value
}
