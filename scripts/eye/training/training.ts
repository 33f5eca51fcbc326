import { type Session, openGraph } from '../../../src/onnx/session.ts'
import { adam } from '../../../src/optimiser/adam.ts'
import { type Tensor, tensor } from '../../../src/tensor.ts'
import { Dice } from '../dice.ts'
import type { Scene } from '../shards.ts'
import { augment } from './augment.ts'
import { type Parameter, trainingGraph } from './graph.ts'
import { type Plan, rateAt } from './plan.ts'
import { type TrainingState, byName } from './state.ts'

type Samples = Record<'image' | 'lines' | 'figure' | 'inside', Tensor>

/** The losses of a step. */
export type Told = Record<(typeof LOSSES)[number], number>

export const LOSSES = ['loss', 'loss_lines', 'loss_figure', 'loss_overlap', 'loss_coarse'] as const

/** The steepest gradient that is followed as it is; steeper ones are shortened (Pascanu et al. 2013). */
const STEEPEST = 1
/** AdamW's (Loshchilov & Hutter 2019), per step and learning rate. */
const DECAY = 1e-4
/** Of the mean of weights from one step to the next. */
const MEMORY = 0.998

/** Makes one step after another. All that happens follows from the plan, the state and the scenes. */
export class Trainer {
  readonly plan: Plan
  readonly threads: number
  private open: { session: Session; parameters: Parameter[]; samples: Samples } | undefined

  constructor(plan: Plan, threads: number) {
    this.plan = plan
    this.threads = threads
  }

  /**
   * One step on the scenes, of which as many have to be there as the plan's pool has by now. Changes the state in place;
   * returns the losses before it.
   */
  async step(state: TrainingState, scenes: readonly Scene[]): Promise<Told> {
    const { session, parameters, samples } = await this.ready(state.step)
    this.fill(samples, state.step, scenes)
    const results = await session.run({ ...samples, ...byName(parameters, state.weights) })
    const gradient = new Float32Array(state.weights.length)
    const parts = byName(parameters, gradient)
    for (const { name } of parameters) parts[name]!.data.set(results[`grad_${name}`]!.data)
    descend(state, gradient, rateAt(this.plan, state.step))
    return Object.fromEntries(LOSSES.map((name) => [name, results[name]!.data[0]!])) as Told
  }

  async dispose(): Promise<void> {
    await this.open?.session.dispose()
    this.open = undefined
  }

  /** Writes the samples of a step into the feeds of the last one. */
  private fill(feeds: Samples, step: number, scenes: readonly Scene[]): void {
    for (const { data } of [feeds.lines, feeds.figure, feeds.inside]) data.fill(0)
    const [batch, , side] = feeds.image.shape as [number, number, number]
    const area = side * side
    for (let i = 0; i < batch; i++) {
      const dice = new Dice(this.plan.seed, step, i)
      const part = ({ data }: Tensor, size: number) => data.subarray(i * size, (i + 1) * size)
      augment(scenes[dice.whole(0, this.plan.pool(step) - 1)]!, dice, {
        side,
        image: part(feeds.image, 3 * area),
        lines: part(feeds.lines, area),
        figure: part(feeds.figure, area),
        inside: part(feeds.inside, area),
      })
    }
  }

  /** The graph for a step: pictures grow in the course of the training. */
  private async ready(step: number) {
    const { batch, side } = this.plan.phases.findLast(({ from }) => step >= from * this.plan.steps)!
    const [openBatch, , openSide] = this.open?.samples.image.shape ?? []
    if (this.open && openBatch === batch && openSide === side) return this.open
    await this.dispose()
    const { graph, parameters } = trainingGraph(this.plan.widths, batch, side)
    const session = await openGraph(graph, { threads: this.threads, optimisation: 'extended' })
    const planes = (channels: number): Tensor => tensor([batch, channels, side, side])
    const samples = { image: planes(3), lines: planes(1), figure: planes(1), inside: planes(1) }
    return (this.open = { session, parameters, samples })
  }
}

function descend(state: TrainingState, gradient: Float32Array, rate: number): void {
  let square = 0
  for (let i = 0; i < gradient.length; i++) square += gradient[i]! * gradient[i]!
  const steepness = Math.sqrt(square)
  if (!Number.isFinite(steepness)) {
    throw new Error(`Expected a gradient of numbers, but step ${state.step} has none: begin again from a checkpoint.`)
  }
  const shortened = Math.min(1, STEEPEST / steepness)
  for (let i = 0; i < gradient.length; i++) gradient[i]! *= shortened
  const { change, state: memory } = adam().update(gradient, state.adam)
  const memorised = Math.min(MEMORY, (2 + state.step) / (11 + state.step))
  const { weights, average } = state
  for (let i = 0; i < weights.length; i++) {
    weights[i]! += rate * (change[i]! - DECAY * weights[i]!)
    average[i]! += (1 - memorised) * (weights[i]! - average[i]!)
  }
  state.adam = memory
  state.step++
}
