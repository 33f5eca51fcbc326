import { fitCubic, type Cubic } from './fit.ts'

/** No cubic is fitted to more places than this, … */
const LONGEST = 160
/** … nor to fewer than this, if there are as many. */
const SHORTEST = 4
/** More of them would not change a fit. */
const SAMPLES = 24

/**
 * The numbers that are at once near to `values`, as far as `hold` says for each (> 0), and as little bent as can be, which
 * counts `stiff`: of all the least Σ hold (p − value)² + stiff Σ (second difference of p)² (Whittaker 1923; the discrete
 * smoothing spline). The same number of them comes out.
 */
export function smoothed(values: ArrayLike<number>, hold: ArrayLike<number>, stiff: number): Float64Array {
  const n = values.length
  // the matrix has five diagonals: its own, and these beside it
  const diagonals = [0, 1, 2].map((by) => new Float64Array(Math.max(0, n - by)))
  const [own, first, second] = diagonals as [Float64Array, Float64Array, Float64Array]
  const bend = [1, -2, 1]
  for (let k = 0; k < n; k++) own[k] = hold[k]!
  for (let k = 0; k + 2 < n; k++) {
    for (let i = 0; i < 3; i++) {
      for (let j = 0; j <= i; j++) diagonals[i - j]![k + j]! += stiff * bend[i]! * bend[j]!
    }
  }
  // L D Lᵀ in place, then forward and back
  const p = Float64Array.from({ length: n }, (_, k) => hold[k]! * values[k]!)
  for (let k = 0; k < n; k++) {
    const [a, b] = [first[k]! / own[k]!, second[k]! / own[k]!]
    if (k + 1 < n) {
      own[k + 1]! -= a * first[k]!
      p[k + 1]! -= a * p[k]!
    }
    if (k + 2 < n) {
      first[k + 1]! -= a * second[k]!
      own[k + 2]! -= b * second[k]!
      p[k + 2]! -= b * p[k]!
    }
  }
  for (let k = n - 1; k >= 0; k--) {
    p[k]! /= own[k]!
    if (k + 1 < n) p[k]! -= (first[k]! / own[k]!) * p[k + 1]!
    if (k + 2 < n) p[k]! -= (second[k]! / own[k]!) * p[k + 2]!
  }
  return p
}

/**
 * Cubics one after another through the places (x, y), at least two, which stray from them by no more than `close`: each as
 * long as it can be. Where the places go smoothly, they meet as smoothly as that allows.
 */
export function splineThrough(x: ArrayLike<number>, y: ArrayLike<number>, close: number): Cubic[] {
  const cubics: Cubic[] = []
  const last = x.length - 1
  for (let from = 0; from < last;) {
    let [short, long] = [Math.min(last, from + SHORTEST), Math.min(last, from + LONGEST)]
    let best = fitted(x, y, from, short).cubic
    // longer ones are almost always worse, so that the longest good one is found by halving
    while (short < long) {
      const to = Math.ceil((short + long) / 2)
      const fit = fitted(x, y, from, to)
      if (fit.stray > close) long = to - 1
      else [short, best] = [to, fit.cubic]
    }
    cubics.push(best)
    from = short
  }
  return cubics
}

function fitted(x: ArrayLike<number>, y: ArrayLike<number>, from: number, to: number) {
  const n = Math.min(SAMPLES, to - from + 1)
  const places = Array.from({ length: n }, (_, k) => from + Math.round((k * (to - from)) / Math.max(1, n - 1)))
  const { cubic, squared } = fitCubic(
    places.map((k) => x[k]!),
    places.map((k) => y[k]!),
    6,
  )
  return { cubic, stray: Math.sqrt(Math.max(...squared)) }
}
