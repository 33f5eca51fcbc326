import { availableParallelism } from 'node:os'

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

/** The processor's threads for each of `width` processes, which share its cores. */
export function threadsFor({ cores }: Machine, width: number): number {
  return Math.max(1, Math.floor(cores / width))
}

/** The parts of the engine that know what it draws by. */
interface Engine<Name extends string | undefined> {
  encoderNamed(encoder: string): string
  deviceOf(encoder: string, device: Name): Promise<{ device: string }>
}

/** How many photos are best drawn at once on this machine. `words`: they are asked for in words, which takes a model. */
export async function bestWidth<Name extends string | undefined>(
  { encoderNamed, deviceOf }: Engine<Name>,
  { encoder, device, words }: { encoder: string; device: Name; words: boolean },
): Promise<number> {
  const byLines = encoderNamed(encoder) === 'builtin' && !words
  const { device: on } = await deviceOf(encoder, device)
  return jobsFor(machine(), byLines ? 'lines' : 'clip', on)
}

/** Draws one photo after another; tells of the way of each by `Hears`. */
export interface Drawer<Job, Hears, Outcome> {
  draw(job: Job, hears: Hears): Promise<Outcome>
  end(): void
}

/** Lets each of `drawers` draw what `next` gives, until that gives nothing more or all is stopped. */
export async function drawAll<Job, Hears, Outcome>(
  next: () => Job | undefined | Promise<Job | undefined>,
  drawers: readonly Drawer<Job, Hears, Outcome>[],
  { hearsOf, ended }: { hearsOf(job: Job): Hears; ended(job: Job, outcome: Outcome): void },
  stop: AbortSignal,
): Promise<void> {
  await Promise.all(
    drawers.map(async (drawer) => {
      try {
        for (let job = await next(); job && !stop.aborted; job = await next()) {
          ended(job, await drawer.draw(job, hearsOf(job)))
        }
      } finally {
        drawer.end()
      }
    }),
  )
}
