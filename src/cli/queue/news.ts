import { setTimeout } from 'node:timers/promises'
import type { QueueEvents } from 'bullmq'

/** How long nobody may say anything of a job, in milliseconds, before one asks: what was said while the server was away is lost. */
const ASK = 2_000

/** What the queue says of jobs, for those who wait for one. */
export class News {
  private readonly waiting = new Map<string, Set<{ way(share: number): void; end(): void }>>()

  constructor(events: QueueEvents) {
    events.on('progress', ({ jobId, data }) => {
      const share = Number(data)
      if (share >= 0 && share <= 1) for (const one of this.waiting.get(jobId) ?? []) one.way(share)
    })
    for (const end of ['completed', 'failed'] as const) {
      events.on(end, ({ jobId }: { jobId: string }) => {
        for (const one of this.waiting.get(jobId) ?? []) one.end()
      })
    }
  }

  /** Tells how far a job has come until it has ended, or it is time to ask. */
  async of(id: string, way: (share: number) => void): Promise<void> {
    const patience = new AbortController()
    const one = { way, end: () => patience.abort() }
    const all = this.waiting.get(id) ?? new Set()
    this.waiting.set(id, all.add(one))
    await setTimeout(ASK, undefined, { signal: patience.signal }).catch(() => undefined)
    all.delete(one)
    if (all.size === 0) this.waiting.delete(id)
  }
}
