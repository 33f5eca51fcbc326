import { gradientOf } from '../../../src/autodiff/gradient.ts'
import { GraphBuilder } from '../../../src/onnx/builder.ts'
import type { Graph } from '../../../src/onnx/graph.ts'
import { lossOf } from './loss.ts'
import { type Start, type Weights, type Widths, eye } from './net.ts'

export interface Parameter {
  name: string
  shape: number[]
  start: Start
}

/** The graph of one training step: pictures, labels and weights → losses and the gradient in each weight. */
export function trainingGraph(widths: Widths, batch: number, side: number): { graph: Graph; parameters: Parameter[] } {
  const g = new GraphBuilder()
  const parameters: Parameter[] = []
  const plane = (name: string, channels: number) => g.input(name, [batch, channels, side, side])
  const heads = eye(g, plane('image', 3), collecting(g, parameters), widths)
  const losses = lossOf(g, heads, { lines: plane('lines', 1), figure: plane('figure', 1), inside: plane('inside', 1) })
  g.output('loss', losses.total)
  for (const part of ['lines', 'figure', 'overlap', 'coarse'] as const) g.output(`loss_${part}`, losses[part])
  const names = parameters.map(({ name }) => name)
  return { graph: gradientOf(g.toGraph(), 'loss', names), parameters }
}

/** The net's parameters alone, in their order. */
export function parametersOf(widths: Widths): Parameter[] {
  const parameters: Parameter[] = []
  const g = new GraphBuilder()
  eye(g, g.input('image', [1, 3, 32, 32]), collecting(g, parameters), widths)
  return parameters
}

/** Weights as inputs of the graph, which are told in their order. */
function collecting(g: GraphBuilder, parameters: Parameter[]): Weights {
  return (name, shape, start) => {
    parameters.push({ name, shape: [...shape], start })
    return g.input(name, shape)
  }
}
