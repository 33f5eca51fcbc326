/** How long a run has been drawing, and how fast, pauses left out. Times in seconds. */
export interface Clock {
  /** Another so many steps are done. */
  stepped(steps: number): void
  pause(): void
  resume(): void
  read(): { seconds: number; secondsPerStep: number }
}

/** How much a new measure counts against those before. */
const WEIGHT = 0.1

export function createClock(now: () => number = () => performance.now()): Clock {
  let drawn = 0
  let since: number | undefined
  let last: number | undefined
  let secondsPerStep = 0
  const seconds = () => drawn + (since === undefined ? 0 : (now() - since) / 1000)
  return {
    stepped(steps) {
      const at = seconds()
      since ??= now()
      if (last !== undefined && steps > 0) {
        const measured = (at - last) / steps
        secondsPerStep = secondsPerStep === 0 ? measured : secondsPerStep + WEIGHT * (measured - secondsPerStep)
      }
      last = at
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
