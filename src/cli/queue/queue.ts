import { answer, jsonLines, said } from '../say.ts'
import { openPost, whyOf } from './post.ts'

export interface QueueOptions {
  queue: string
  json?: true
  retry?: true
  verbose?: true
}

/** How many that failed are named. */
const NAMED = 1000

/** How it stands with all that is to be drawn by one model. */
interface Standing {
  encoder: string
  workers: number
  waiting: number
  underWay: number
  drawn: number
  failed: number
  /** The photos that failed, and why; not of very many. */
  failures: { photo: string; why: string }[]
}

/** `fewline queue`: says what waits, is under way, was drawn and failed, and why; with `retry`, what failed is tried again. */
export async function tellQueue({ queue: url, json, retry }: QueueOptions): Promise<number> {
  const fewline = await import('../../index.ts')
  const post = await openPost(fewline, url)
  try {
    const all: Standing[] = []
    for (const encoder of await post.encoders()) {
      const queue = post.queue(encoder)
      if (retry) await queue.retryJobs({ state: 'failed' })
      const {
        waiting = 0,
        prioritized = 0,
        delayed = 0,
        active = 0,
        completed = 0,
        failed = 0,
      } = await queue.getJobCounts()
      const failures = (await queue.getFailed(0, NAMED - 1)).map((job) => ({
        photo: job.name,
        why: whyOf(fewline, job),
      }))
      all.push({
        ...{ encoder, workers: await queue.getWorkersCount(), waiting: waiting + prioritized + delayed },
        ...{ underWay: active, drawn: completed, failed, failures },
      })
    }
    answer(...(json ? jsonLines(all) : linesOf(all)))
    return 0
  } finally {
    await post.close()
  }
}

function linesOf(all: readonly Standing[]): string[] {
  if (all.length === 0) return ['Nothing was ever sent here.']
  return all.flatMap(({ encoder, workers, waiting, underWay, drawn, failed, failures }) => [
    `${encoder}: ${waiting} wait, ${underWay} are under way, ${drawn} were drawn, ${failed} failed; workers: ${workers}`,
    ...failures.map(({ photo, why }) => `  ${photo}: ${said(why)}`),
  ])
}
