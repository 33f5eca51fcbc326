import type { Canvas } from '../objective/canvas.ts'
import type { Objective, Verdict } from '../objective/objective.ts'
import type { View } from '../views/view.ts'
import { adamFor, type Rates } from './descent.ts'

/** Steps that a drawing takes to get used to what came to it. */
const STEPS = 10
/** They are short from the first: this share of the first ones of a whole drawing. */
const SHORT = 0.5

export interface Settling<Work> {
  canvas: Canvas<Work>
  objective: Objective<Work>
  /** Of the points, at the first step of a whole drawing and at its last. */
  rates: Rates
  viewsAt(step: number): readonly View[]
  signal?: AbortSignal | undefined
}

/**
 * A drawing to which something came, after some steps in which gradients move all of it together; the best of them, as the
 * drawing looks without any view, which may be the first. When `signal` aborts, the best until then.
 */
export async function settled<Work>(
  start: Work,
  { canvas, objective, rates: [first, last], viewsAt, signal }: Settling<Work>,
): Promise<{ work: Work } & Verdict['plain']> {
  const optimiser = adamFor({ points: [SHORT * first, last] }, STEPS)
  let memory = optimiser.init(canvas.parametersOf(start))
  let work = start
  let best: ({ work: Work } & Verdict['plain']) | undefined
  for (let step = 0; ; step++) {
    const isLast = step === STEPS || signal?.aborted === true
    const { gradient, plain } = await objective(work, isLast ? [] : viewsAt(step))
    if (!best || plain.loss < best.loss) best = { work, ...plain }
    if (isLast) return best
    const update = optimiser.update(gradient, memory)
    memory = update.memory
    work = canvas.moved(work, update.change)
  }
}
