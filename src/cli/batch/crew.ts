import { availableParallelism } from 'node:os'
import type { PhotoJob } from '../jobs.ts'
import type { Drawer, Outcome, Way } from './drawers.ts'

/** What a process that draws takes of memory, in bytes: by lines alone, or with a model of CLIP. Measured, and rounded up. */
const TAKES = { lines: 300e6, clip: 1.3e9 }
/** Of the memory that is free, how much may be taken. */
const SHARE = 0.8

/** What there is to draw with. */
export interface Machine {
  cores: number
  /** Bytes that are free. */
  memory: number
}

export function machine(): Machine {
  return { cores: availableParallelism(), memory: process.availableMemory() }
}

/** How many photos are best drawn at once: as many as there are cores, and as memory allows. A graphics card has one at a time. */
export function jobsFor({ cores, memory }: Machine, sees: keyof typeof TAKES, device: string): number {
  if (device !== 'cpu') return 1
  return Math.max(1, Math.min(cores, Math.floor((SHARE * memory) / TAKES[sees])))
}

/** Hears of all the photos. */
export interface CrewHears {
  way(job: PhotoJob, way: Way): void
  say(job: PhotoJob, ...lines: readonly string[]): void
  ended(job: PhotoJob, outcome: Outcome): void
}

/** Lets each of `drawers` draw what `next` gives, until that gives nothing more or all is stopped. */
export async function drawAll(
  next: () => PhotoJob | undefined | Promise<PhotoJob | undefined>,
  drawers: readonly Drawer[],
  hears: CrewHears,
  stop: AbortSignal,
): Promise<void> {
  await Promise.all(
    drawers.map(async (drawer) => {
      try {
        for (let job = await next(); job && !stop.aborted; job = await next()) {
          const of = job
          const outcome = await drawer.draw(of, {
            way: (way) => hears.way(of, way),
            say: (...lines) => hears.say(of, ...lines),
          })
          hears.ended(of, outcome)
        }
      } finally {
        drawer.end()
      }
    }),
  )
}
