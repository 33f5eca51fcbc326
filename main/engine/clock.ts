/** How long a drawing has taken, and how fast it goes, pauses left out. Times in seconds. */
export interface Clock {
  /** So many steps are taken now, all in all. */
  stepped(taken: number): void
  pause(): void
  resume(): void
  read(): { seconds: number; secondsPerStep: number }
}

/** How much a new measure counts against those before. */
const WEIGHT = 0.1

/** Runs from the first step on. `drawn`: seconds that the drawing has taken before. */
export function createClock(drawn = 0, now: () => number = () => performance.now()): Clock {
  let since: number | undefined
  let last: { taken: number; seconds: number } | undefined
  let secondsPerStep = 0
  const seconds = () => drawn + (since === undefined ? 0 : (now() - since) / 1000)
  return {
    stepped(taken) {
      since ??= now()
      const at = seconds()
      if (last && taken > last.taken) {
        const measured = (at - last.seconds) / (taken - last.taken)
        secondsPerStep = secondsPerStep === 0 ? measured : secondsPerStep + WEIGHT * (measured - secondsPerStep)
      }
      last = { taken, seconds: at }
    },
    pause() {
      drawn = seconds()
      since = undefined
    },
    resume() {
      since = now()
    },
    read: () => ({ seconds: seconds(), secondsPerStep }),
  }
}
