import type { Messages } from '../i18n/en.ts'
import type { Studio } from '../state/studio.svelte.ts'

/** How far the run is, 0..1, all its versions together. */
export function progressOf({ latest, phase }: Studio['run']): number {
  if (phase === 'done') return 1
  if (!latest) return 0
  return latest.way.taken / Math.max(1, latest.way.total)
}

/** The one thing to do next, which the window shows in its accent; nothing while a run is going, or work comes back. */
export function nextStep({
  look,
  page,
  restoring,
  run,
  sketch,
  outdated,
}: Studio): 'open' | 'draw' | 'continue' | 'export' | undefined {
  // Among words it is what they are to do.
  if (run.going || restoring !== undefined || look.side === 'words') return undefined
  if (run.phase === 'paused' || run.phase === 'interrupted') return 'continue'
  if (outdated) return 'draw'
  if (sketch.count > 0) return 'export'
  return page.photo ? 'draw' : 'open'
}

/** One line on where things stand. Progress is told in quarters: a screen reader says all of this aloud. */
export function statusOf({ page, restoring, run, shown, outdated }: Studio, t: Messages): string {
  const count = shown.strokes.widths.length
  const says = t.run.status
  if (restoring !== undefined) return t.restoring.text(restoring)
  if (outdated) return says.outdated(page.strokes)
  switch (run.phase) {
    case 'none':
      return page.photo ? says.ready : count > 0 ? says.noPhoto : says.empty
    case 'starting':
      return run.state?.by ? says.reading : says.starting
    case 'drawing':
      // Whole it is when it is done.
      return says.drawing(Math.min(3, Math.floor(4 * progressOf(run))) * 25)
    case 'done':
      return count > 0 ? says.done(count, run.latest && t.seconds(run.latest.seconds)) : says.ready
    case 'stopped':
      return count > 0 ? says.stopped : says.ready
    default:
      return says[run.phase]
  }
}

/** How long it still takes; nothing when it is over in a moment. */
export function leftOf({ latest }: Studio['run'], t: Messages): string | undefined {
  const left = latest?.secondsLeft
  return left === undefined || left < 3 ? undefined : t.run.status.left(about(left, t))
}

/** A time that does not jump with every step. */
function about(seconds: number, t: Messages): string {
  return t.seconds(seconds < 20 ? Math.ceil(seconds / 5) * 5 : Math.ceil(seconds / 10) * 10)
}
