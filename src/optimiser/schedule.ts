import type { Optimiser } from './optimiser.ts'

/** The learning rate at a step, in canvas units. */
export type Schedule = (step: number) => number

/** From `first` down to `last` over `steps` along half a cosine: bold at first, fine at the end. */
export function cosine(first: number, last: number, steps: number): Schedule {
  return (step) => last + ((first - last) * (1 + Math.cos((Math.PI * Math.min(step, steps)) / Math.max(1, steps)))) / 2
}

export function constant(rate: number): Schedule {
  return () => rate
}

/** Scales each change by the schedule. */
export function scheduled(schedule: Schedule): Optimiser<number> {
  return {
    init: () => 0,
    update(gradient, step) {
      const rate = schedule(step)
      return { change: gradient.map((g) => rate * g), state: step + 1 }
    },
  }
}
