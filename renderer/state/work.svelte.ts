/** Something that takes long, shown until it is over. */
export interface Job {
  readonly kind: 'opening' | 'looking' | 'writing'
  /** Of what is opened or written. */
  readonly name: string
  /** How far it is, 0..1, where that is known. */
  readonly share?: number | undefined
  /** Which part of it the host does; all when absent. */
  readonly host?: number | undefined
}

/** What is going on that takes long. There is one at a time: what is begun meanwhile takes its place on the screen. */
export function createWork(cancel: () => void) {
  let job = $state.raw<Job | undefined>()
  let cancelled = $state(false)
  const going = new Set<{ kind: Job['kind']; cancelled: boolean }>()

  function progress(share: number): void {
    if (job?.kind === 'writing') job = { ...job, share }
  }
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
    /** Whether it is done, on the screen or behind what was begun since. */
    isGoing: (kind: Job['kind']) => [...going].some((each) => each.kind === kind && !each.cancelled),
    /** Shows that something is done, which can ask whether it was cancelled. */
    async show<T>(next: Job, what: (isOver: () => boolean) => Promise<T>): Promise<T> {
      const own = { kind: next.kind, cancelled: false }
      going.add(own)
      job = next
      cancelled = false
      try {
        return await what(() => own.cancelled)
      } finally {
        going.delete(own)
        end(next.kind)
      }
    },
    progress,
    /** The host says how far its part is. */
    hostProgress: (share: number) => progress(share * (job?.host ?? 1)),
    cancel() {
      cancelled = true
      for (const each of going) each.cancelled = true
      job = undefined
      cancel()
    },
  }
}
