import type { Canvas, Terms } from '../objective/canvas.ts'
import type { Objective } from '../objective/objective.ts'
import { adam, type AdamState } from '../optimiser/adam.ts'
import { chain } from '../optimiser/chain.ts'
import { grouped, type GroupOptimiser, type Groups } from '../optimiser/groups.ts'
import { cosine, scheduled, type Schedule } from '../optimiser/schedule.ts'
import type { View } from '../views/view.ts'
import type { Course } from './presets.ts'
import { evaluated, leader, whoseTurn, withTry, type Try } from './tries.ts'

/** A frame is handed out every so many steps, when nothing else is asked … */
const FRAME_EVERY = 5
/** … and so often what is looked at through random views is evaluated without them. */
const EVALUATE_EVERY = 10

/** Something to be made by gradients: a drawing, or an edit of a photo. */
export interface Task<Work> {
  plan: Course
  canvas: Canvas<Work>
  optimiser: GroupOptimiser<[AdamState, number]>
  /** Where the try with this seed begins: what is shown first, and where gradients take it up. */
  begin(seed: number): { work: Work; start: Work }
  /** What a try is before its next step, where it grows on its way. */
  grown?(now: Try<Work>): Try<Work>
  objectiveOf(now: Try<Work>): Promise<Objective<Work>>
  /** The random views that a step of a try is looked at through. */
  viewsAt(seed: number, step: number): readonly View[]
  seed?: number
  frameEvery?: number
  /** Is told when a step has been taken. */
  stepped?(): void
}

/** What is shown of a task on its way. */
export interface Moment<Work> {
  tries: readonly Try<Work>[]
  seed: number
  step: number
  work: Work
  loss: number
  terms: Terms
  views: readonly View[]
  /** On the last moment, which shows the best that was evaluated: whether all tries are over, or it was stopped. */
  end?: 'done' | 'stopped'
}

/**
 * Gradient descent on all tries of a task, each when it is its turn, going on from `tries`. Hands out a moment every few
 * steps, and last of all the best that was evaluated; when `signal` aborts, that comes within one step.
 */
export async function* descent<Work>(
  task: Task<Work>,
  tries: readonly Try<Work>[],
  signal?: AbortSignal,
): AsyncGenerator<Moment<Work>> {
  const { plan, canvas, optimiser } = task
  const begin = (index: number): Try<Work> => {
    const seed = (task.seed ?? 0) + index
    const begun = task.begin(seed)
    return {
      seed,
      step: 0,
      ...begun,
      memory: optimiser.init(canvas.parametersOf(begun.start)),
      losses: [],
      over: false,
    }
  }

  let turn = whoseTurn(tries, plan, begin)
  for (; turn && !(signal?.aborted && leader(tries)); turn = whoseTurn(tries, plan, begin)) {
    const now = task.grown?.(turn) ?? turn
    const { seed, step, work } = now
    const views = task.viewsAt(seed, step)
    const objective = await task.objectiveOf(now)
    const seen = await objective(work, views)
    const atEnd = step >= plan.iterations
    const due = views.length === 0 || step % EVALUATE_EVERY === 0 || !now.best || atEnd
    const judged = due ? evaluated(now, plan, seen.plain) : now

    const next = improved(task, now, seen.gradient)
    task.stepped?.()
    const over = judged.over || atEnd
    tries = withTry(tries, over ? { ...judged, over } : { ...judged, ...next, step: step + 1 })
    if (over || step % (task.frameEvery ?? (views.length > 0 ? 1 : FRAME_EVERY)) === 0) {
      yield { tries, seed, step, work, loss: seen.loss, terms: seen.terms, views }
    }
  }
  const { seed = 0, best } = leader(tries) ?? {}
  if (best) yield { ...best, tries, seed, views: [], end: turn ? 'stopped' : 'done' }
}

/** The first step may be one of another kind: from where the work was placed to where gradients take it up. */
function improved<Work>(
  { canvas, optimiser }: Task<Work>,
  now: Try<Work>,
  gradient: Groups,
): Pick<Try<Work>, 'work' | 'memory'> {
  const { work, start, step, memory: before } = now
  if (step === 0 && work !== start) return { work: start, memory: before }
  const { change, memory } = optimiser.update(gradient, before)
  return { work: canvas.moved(work, change), memory }
}

/** Learning rates, first and last; half a cosine lies between. */
export type Rates = readonly [first: number, last: number]

/**
 * Adam for each group of parameters (`how`), with these rates at its first and last step and half a cosine between, or by a
 * schedule of its own.
 */
export function adamFor(
  rates: Readonly<Record<string, Rates | Schedule>>,
  iterations: number,
  how?: Parameters<typeof adam>[0],
) {
  const scheduleOf = (rate: Rates | Schedule): Schedule =>
    typeof rate === 'function' ? rate : cosine(...rate, iterations)
  return grouped(
    Object.fromEntries(
      Object.entries(rates).map(([name, rate]) => [name, chain(adam(how), scheduled(scheduleOf(rate)))]),
    ),
  )
}
