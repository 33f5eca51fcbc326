/** Says where the time goes: each lap's time is added to what it was spent on. */
export interface Stopwatch {
  /** The time since the last lap, or since it was made, was spent on this. */
  lap(what: string): void
  /** Milliseconds by what they were spent on. */
  readonly times: Readonly<Record<string, number>>
}

export function stopwatch(): Stopwatch {
  const times: Record<string, number> = {}
  let last = performance.now()
  return {
    times,
    lap(what) {
      const now = performance.now()
      times[what] = (times[what] ?? 0) + now - last
      last = now
    },
  }
}
