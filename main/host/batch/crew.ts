import { drawAll, machine, threadsFor, type Width } from '../../../src/batch/crew.ts'
import type { DrawRequest } from '../../../src/index.ts'
import type { Settings } from '../../api.ts'
import type { Engine } from '../../engine/engine.ts'
import type { EngineProcess } from '../../engine/protocol.ts'
import type { Document } from '../document.ts'
import { batchDrawer, type Hears, type Job, type Outcome } from './drawer.ts'

/** How many of these are best drawn at once, whichever of them meet, and what is to be said of that. */
export async function bestCrew(engine: Pick<Engine, 'work'>, photos: readonly Settings[]): Promise<Width> {
  const asked = new Map(
    photos.map(({ encoder, device, text }) => {
      const each = { encoder, device, reads: text.trim() !== '' }
      return [JSON.stringify(each), each]
    }),
  )
  const widths = await Promise.all(
    [...asked.values()].map((each) => engine.work('width', { ...each, photos: photos.length })),
  )
  const [least = { count: 1 }] = widths.sort((a, b) => a.count - b.count)
  if (least.count > 1) return least
  const rooms = [...asked.values()].map(({ encoder, reads }) => engine.work('room', { encoder, reads }))
  return { ...least, ...(await Promise.all(rooms)).find(({ note }) => note !== undefined) }
}

interface Crew {
  startEngine(threads: number): EngineProcess
  requestFor(document: Document): DrawRequest
  next(): Promise<Job | undefined>
  share(id: string, share: number): void
  hints(id: string, hints: string[]): void
  ended(job: Job, outcome: Outcome): void
}

/** Draws by so many processes, which share the cores, until `next` has nothing more or all is stopped. */
export function drawRows(width: number, crew: Crew, stop: AbortSignal): Promise<void> {
  const threads = threadsFor(machine(), width)
  const drawers = Array.from({ length: width }, () =>
    batchDrawer(() => crew.startEngine(threads), crew.requestFor, stop),
  )
  const hearsOf = ({ id }: Job): Hears => ({
    share: (share) => crew.share(id, share),
    hints: (hints) => crew.hints(id, hints),
  })
  return drawAll(crew.next, drawers, { hearsOf, ended: crew.ended }, stop)
}
