import { availableParallelism } from 'node:os'
import { freeMemory, inGb } from '../memory.ts'

/** Of the memory that is free, how much may be taken. */
const SHARE = 0.8

/** What there is to draw with. */
export interface Machine {
  cores: number
  /** Bytes that are free. */
  memory: number
}

export function machine(): Machine {
  return { cores: availableParallelism(), memory: freeMemory() }
}

/** The processor's threads for each of `width` processes, which share its cores. */
export function threadsFor({ cores }: Machine, width: number): number {
  return Math.max(1, Math.floor(cores / width))
}

/** What it takes to draw a photo, as far as it tells how much memory that is: see `takenBy`. */
interface Load {
  encoder: string
  reads?: boolean
  finds?: boolean
  finder?: string | undefined
}

/** What photos are to be drawn by, as far as it tells how many can be drawn at once. */
export interface Asked<Name extends string | undefined> extends Load {
  device: Name
  /** How many at once, where somebody says; as many as there are cores when absent. */
  jobs?: number | undefined
  /** How many there are; without end when absent. */
  photos?: number
}

/** The parts of the engine that know what it takes to draw. */
interface Engine<Name extends string | undefined> {
  takenBy(load: Load): number
  deviceOf(encoder: string, device: Name): Promise<{ device: string }>
}

/** How many photos are drawn at once; `note` says why there are fewer than asked. */
export interface Width {
  count: number
  note?: string
}

/**
 * How many photos are best drawn at once on this machine: as many as there are cores, and as memory allows. A graphics card has
 * one at a time. Throws a FewlineError when what they are to be drawn by is not there.
 */
export async function bestWidth<Name extends string | undefined>(
  { takenBy, deviceOf }: Engine<Name>,
  { device, jobs, photos = Infinity, ...load }: Asked<Name>,
  there = machine(),
): Promise<Width> {
  const { device: on } = await deviceOf(load.encoder, device)
  return widthFor(there, takenBy(load), Math.min(photos, jobs ?? (on === 'cpu' ? there.cores : 1)))
}

/** The same where each takes so many bytes, and so many are wanted. */
export function widthFor({ memory }: Machine, takes: number, wanted: number): Width {
  const fitting = Math.max(1, Math.floor((SHARE * memory) / takes))
  if (fitting >= wanted) return { count: Math.max(1, wanted) }
  const note = `Each photo takes about ${inGb(takes)} of memory while it is drawn, and ${inGb(memory)} are free: ${fitting} at once, not ${wanted}.`
  return { count: fitting, note }
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
