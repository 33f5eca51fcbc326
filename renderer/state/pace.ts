/**
 * Shows values no more often than the screen does: of those that come between two of its frames, the last one. A page
 * that nobody sees gets no frames from the browser, so a slow clock stands in.
 */
export function paced<T>(show: (value: T) => void): { push(value: T): void; flush(): void } {
  let next: { value: T } | undefined
  let cancel: (() => void) | undefined

  const flush = (): void => {
    cancel?.()
    cancel = undefined
    if (!next) return
    const { value } = next
    next = undefined
    show(value)
  }
  return {
    push(value) {
      next = { value }
      cancel ??= soon(flush)
    },
    flush,
  }
}

/** Sends what has changed at most every `pause` milliseconds; `now` at once, if anything has. */
export function unhurried(send: () => Promise<unknown>, pause: number): { soon(): void; now(): Promise<void> } {
  let timer: ReturnType<typeof setTimeout> | undefined
  async function now(): Promise<void> {
    if (timer === undefined) return
    clearTimeout(timer)
    timer = undefined
    await send()
  }
  return { soon: () => void (timer ??= setTimeout(() => void now(), pause)), now }
}

const HIDDEN_PAUSE = 200

function soon(call: () => void): () => void {
  if (document.visibilityState === 'hidden') {
    const timer = setTimeout(call, HIDDEN_PAUSE)
    return () => clearTimeout(timer)
  }
  // The page may be hidden before its next frame: whichever comes first.
  const frame = requestAnimationFrame(call)
  const timer = setTimeout(call, HIDDEN_PAUSE)
  return () => {
    cancelAnimationFrame(frame)
    clearTimeout(timer)
  }
}
