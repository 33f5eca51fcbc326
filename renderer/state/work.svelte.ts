/** Something that takes long, shown until it is over. */
export interface Job {
  readonly kind: 'opening' | 'looking' | 'writing'
  /** Of what is opened or written. */
  readonly name: string
  /** How far it is, 0..1, where that is known. */
  readonly share?: number | undefined
}

/** What is going on that takes long. There is one at a time: what is begun meanwhile takes its place on the screen. */
export function createWork(cancel: () => void) {
  let job = $state.raw<Job | undefined>()
  let cancelled = $state(false)

  function end(kind: Job['kind']): void {
    if (job?.kind === kind) job = undefined
  }

  return {
    get job() {
      return job
    },
    get cancelled() {
      return cancelled
    },
    /** Shows that something is done. */
    async show<T>(next: Job, what: () => Promise<T>): Promise<T> {
      job = next
      cancelled = false
      try {
        return await what()
      } finally {
        end(next.kind)
      }
    },
    progress(share: number) {
      if (job?.kind === 'writing') job = { ...job, share }
    },
    cancel() {
      cancelled = true
      job = undefined
      cancel()
    },
  }
}
