import type { Moment, SeedResult } from '../api.ts'

/** The most moments of a run that are kept; beyond it every other one is let go, again and again. */
const MOST = 500

/** The moments of a run, as many and as evenly spread as a scrubber needs. */
export interface History {
  readonly moments: readonly Moment[]
  /** `always`: it is one that must not be left out, such as the last. */
  note(moment: Moment, always?: boolean): void
}

export function createHistory(): History {
  let moments: Moment[] = []
  let stride = 1
  let count = 0
  return {
    get moments() {
      return moments
    },
    note(moment, always = false) {
      if (count++ % stride !== 0 && !always) return
      moments.push(moment)
      if (moments.length < MOST) return
      moments = moments.filter((_, i) => i % 2 === 0)
      stride *= 2
    },
  }
}

/** The best of each seed so far, in the order of their numbers. */
export interface Seeds {
  results(): SeedResult[]
  note(moment: Moment): void
}

export function createSeeds(): Seeds {
  const best = new Map<number, Moment>()
  return {
    results() {
      const moments = [...best.values()]
      const lowest = moments.reduce((a, b) => (b.loss < a.loss ? b : a), moments[0]!)
      return moments.map((moment) => ({
        ...{ seed: moment.seed, loss: moment.loss, strokes: moment.strokes },
        best: moment === lowest,
      }))
    },
    note(moment) {
      if (moment.loss < (best.get(moment.seed)?.loss ?? Infinity)) best.set(moment.seed, moment)
    },
  }
}
