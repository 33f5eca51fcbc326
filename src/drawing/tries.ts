import type { AdamState } from '../optimiser/adam.ts'
import { stepsOf, type Course } from './presets.ts'
import type { Memory } from '../optimiser/groups.ts'

/**
 * A try at a drawing (or another work that gradients make), complete: whoever has it can go on with it as if nothing had
 * happened. Plain data, never changed, so that it can be kept, sent to another process, and written to a file.
 */
export interface Try<Work> {
  readonly seed: number
  /** Steps taken so far. */
  readonly step: number
  /** Where the gradients took it up: the first placement of strokes, or what annealing made of that. */
  readonly start: Work
  readonly work: Work
  /** What the optimiser remembers. */
  readonly memory: Memory<[AdamState, number]>
  /** The best that was evaluated. */
  readonly best?: Best<Work>
  /** The losses of the last evaluations, at most as many as it takes to see that nothing moves any more. */
  readonly losses: readonly number[]
  readonly over: boolean
}

export interface Best<Work> {
  readonly step: number
  readonly work: Work
  readonly loss: number
  readonly terms: Readonly<Record<string, number>>
}

/** Evaluations whose losses are compared: twice from one to the next. */
const COMPARED = 3

/**
 * Whose turn it is: each try in turn until its trial is over, then only the one that has come furthest; undefined when
 * that one is over too. `begin` starts the try of a number, counted from 0. Like all that is decided here, it depends on
 * steps and losses, never on the clock, so that a seed gives the same strokes everywhere.
 */
export function whoseTurn<Work>(
  tries: readonly Try<Work>[],
  { trial, seeds }: Course,
  begin: (index: number) => Try<Work>,
): Try<Work> | undefined {
  const onTrial = tries.find(({ step, over }) => !over && step < trial)
  if (onTrial) return onTrial
  if (tries.length < seeds) return begin(tries.length)
  const first = leader(tries)
  return first?.over ? undefined : first
}

/** The try with the lowest loss; the earlier of two equal ones. */
export function leader<Work>(tries: readonly Try<Work>[]): Try<Work> | undefined {
  const loss = ({ best }: Try<Work>): number => best?.loss ?? Infinity
  return tries.reduce<Try<Work> | undefined>(
    (best, next) => (!best || loss(next) < loss(best) ? next : best),
    undefined,
  )
}

/** The tries after one of them has gone on, or begun. */
export function withTry<Work>(tries: readonly Try<Work>[], next: Try<Work>): readonly Try<Work>[] {
  const known = tries.some(({ seed }) => seed === next.seed)
  return known ? tries.map((one) => (one.seed === next.seed ? next : one)) : [...tries, next]
}

/** The try after an evaluation of its strokes without random views. */
export function evaluated<Work>(
  now: Try<Work>,
  { settled = -1, flat = -1 }: Course,
  { loss, terms }: Pick<Best<Work>, 'loss' | 'terms'>,
): Try<Work> {
  const better = loss < (now.best?.loss ?? Infinity)
  const losses = [...now.losses, loss].slice(-COMPARED)
  const least = Math.max(settled, flat * loss)
  const still = losses.slice(1).every((later, i) => Math.abs(later - losses[i]!) <= least)
  return {
    ...now,
    ...(better && { best: { step: now.step, work: now.work, loss, terms } }),
    losses,
    over: now.over || (losses.length === COMPARED && still),
  }
}

/** Steps that all tries together have taken, and how many they will take at most. */
export function wayOf(tries: readonly Try<unknown>[], plan: Course): { taken: number; total: number } {
  return { taken: tries.reduce((sum, { step }) => sum + step, 0), total: stepsOf(plan) }
}
