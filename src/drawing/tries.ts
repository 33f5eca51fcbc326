import type { AdamState } from '../optimiser/adam.ts'
import { stepsOf, type Plan } from './presets.ts'
import type { Strokes } from '../strokes/strokes.ts'

/**
 * A try at a drawing, complete: whoever has it can go on with it as if nothing had happened. Plain data, never changed,
 * so that it can be kept, sent to another process, and written to a file.
 */
export interface Try {
  readonly seed: number
  /** Steps taken so far. */
  readonly step: number
  /** Where the gradients took its strokes up: their first placement, or what annealing made of that. */
  readonly start: Strokes
  readonly strokes: Strokes
  /** What the optimiser remembers. */
  readonly memory: [AdamState, number]
  /** The best that was evaluated. */
  readonly best?: Best
  /** The losses of the last evaluations, at most as many as it takes to see that nothing moves any more. */
  readonly losses: readonly number[]
  readonly over: boolean
}

export interface Best {
  readonly step: number
  readonly strokes: Strokes
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
export function whoseTurn(
  tries: readonly Try[],
  { trial, seeds }: Plan,
  begin: (index: number) => Try,
): Try | undefined {
  const onTrial = tries.find(({ step, over }) => !over && step < trial)
  if (onTrial) return onTrial
  if (tries.length < seeds) return begin(tries.length)
  const first = leader(tries)
  return first?.over ? undefined : first
}

/** The try with the lowest loss; the earlier of two equal ones. */
export function leader(tries: readonly Try[]): Try | undefined {
  const loss = ({ best }: Try): number => best?.loss ?? Infinity
  return tries.reduce<Try | undefined>((best, next) => (!best || loss(next) < loss(best) ? next : best), undefined)
}

/** The tries after one of them has gone on, or begun. */
export function withTry(tries: readonly Try[], next: Try): readonly Try[] {
  const known = tries.some(({ seed }) => seed === next.seed)
  return known ? tries.map((one) => (one.seed === next.seed ? next : one)) : [...tries, next]
}

/** The try after an evaluation of its strokes without random views. */
export function evaluated(now: Try, { settled }: Plan, { loss, terms }: Pick<Best, 'loss' | 'terms'>): Try {
  const better = loss < (now.best?.loss ?? Infinity)
  const losses = [...now.losses, loss].slice(-COMPARED)
  const still = losses.slice(1).every((later, i) => Math.abs(later - losses[i]!) <= (settled ?? -1))
  return {
    ...now,
    ...(better && { best: { step: now.step, strokes: now.strokes, loss, terms } }),
    losses,
    over: now.over || (losses.length === COMPARED && still),
  }
}

/** Steps that all tries together have taken, and how many they will take at most. */
export function wayOf(tries: readonly Try[], plan: Plan): { taken: number; total: number } {
  return { taken: tries.reduce((sum, { step }) => sum + step, 0), total: stepsOf(plan) }
}
