import type { Optimiser } from './optimiser.ts'

/** The learning rate at a step, in canvas units. */
export type Schedule = (step: number) => number

/** From `first` down to `last` over `steps` along half a cosine: bold at first, fine at the end. */
export function cosine(first: number, last: number, steps: number): Schedule {
  return (step) => last + ((first - last) * (1 + Math.cos((Math.PI * Math.min(step, steps)) / Math.max(1, steps)))) / 2
}

/** Up to `rate` in the first 5 % of `steps`, and down to nothing along half a cosine in the last 25 % (Karras et al. 2020). */
export function ramped(rate: number, steps: number): Schedule {
  return (step) => {
    const done = Math.min(1, (step + 1) / (steps + 1))
    const [up, down] = [Math.min(1, done / 0.05), Math.min(1, (1 - done) / 0.25)]
    return rate * up * (0.5 - 0.5 * Math.cos(Math.PI * down))
  }
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
