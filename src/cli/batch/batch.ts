import { bestWidth, drawAll, machine, threadsFor, type Width } from '../../batch/crew.ts'
import { PIPE } from '../output.ts'
import type { PhotoJob } from '../jobs.ts'
import { loadOf, type Call } from '../one.ts'
import type { Failure, Report, Skipped } from '../report.ts'
import { crewAfar } from '../queue/remote.ts'
import { drawerApart, drawerHere, type Drawer } from './drawers.ts'
import { tellRoom } from '../room.ts'
import { say } from '../say.ts'
import { openTally } from './tally.ts'

/**
 * Draws several photos, as many at once as is best, and adds what became of each to `results`, in their order. `before`:
 * how many are there already. Resolves to the exit code. Nothing is left of a drawing that is stopped.
 */
export async function drawBatch(
  jobs: readonly PhotoJob[],
  before: number,
  call: Call,
  results: (Report | Failure | Skipped)[],
): Promise<number> {
  const { options, stop } = call
  const became = new Map<PhotoJob, Report | Failure>()
  const queue = jobs.values()
  const tally = await openTally(jobs.length)
  const told = new Set<string>()
  await drawAll(
    () => queue.next().value,
    await crewFor(call, jobs),
    {
      hearsOf: ({ name }) => ({
        way: ({ taken, total }) => tally.way(name, taken / Math.max(1, total)),
        // What holds for one photo often holds for all.
        say: (...lines) => tally.say(...lines.filter((line) => !told.has(line))),
      }),
      ended(job, outcome) {
        if ('report' in outcome) became.set(job, outcome.report)
        if ('failure' in outcome) {
          became.set(job, outcome.failure)
          tally.say(...outcome.lines)
        }
        if (!('stopped' in outcome)) tally.ended(job.name)
      },
    },
    stop,
  )
  tally.end()
  results.push(...jobs.flatMap((job) => became.get(job) ?? []))
  const drawn = [...became.values()].filter((result) => 'loss' in result).length
  const already = before > 0 ? `, ${before} were there` : ''
  tally.say(`${drawn} of ${jobs.length} photos were drawn${already}.`)
  if (stop.aborted) {
    tally.say(
      options.queue !== undefined
        ? 'What is sent is drawn meanwhile: the same call again fetches it.'
        : `Nothing is left half drawn: ${options.skipExisting ? 'the same call again' : 'the same call with --skip-existing'} draws the others.`,
    )
    return 130
  }
  return drawn === jobs.length ? 0 : 1
}

/** Who draws them: one in this process, several in processes of their own, which share the cores, or whoever works at a queue. */
export async function crewFor(call: Call, jobs?: readonly PhotoJob[]): Promise<Drawer[]> {
  const { fewline, options, stop } = call
  if (options.queue !== undefined) return crewAfar(call, options.queue, jobs)
  const photos = jobs?.some(({ photo }) => photo === PIPE) ? 1 : (jobs?.length ?? Infinity)
  const { count, note } = await widthFor(call, photos)
  if (note !== undefined) say(`Note: ${note}`)
  if (count <= 1) {
    tellRoom(fewline, loadOf(call))
    return [drawerHere(call)]
  }
  const threads = options.threads ?? threadsFor(machine(), count)
  return Array.from({ length: count }, () =>
    drawerApart({ fewline, options: { ...options, json: undefined, csv: undefined, threads }, stop }),
  )
}

function widthFor(call: Call, photos: number): Promise<Width> {
  const { fewline, options, request } = call
  return bestWidth(fewline, { ...loadOf(call), device: request.device, jobs: options.jobs, photos })
}
