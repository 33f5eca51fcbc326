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
  page,
  restoring,
  run,
  sketch,
}: Studio): 'open' | 'draw' | 'continue' | 'export' | undefined {
  if (run.going || restoring !== undefined) return undefined
  if (run.phase === 'paused' || run.phase === 'interrupted') return 'continue'
  if (sketch.count > 0) return 'export'
  return page.photo ? 'draw' : 'open'
}

/** One line on where things stand. Progress is told in tens, so that a screen reader is not flooded. */
export function statusOf({ page, restoring, run, shown }: Studio, t: Messages): string {
  const says = t.run.status
  if (restoring !== undefined) return t.restoring.text(restoring)
  switch (run.phase) {
    case 'none':
      return page.photo ? says.ready : shown.strokes.widths.length > 0 ? says.noPhoto : says.empty
    case 'starting':
      return says.starting
    case 'drawing': {
      const percent = Math.floor(10 * progressOf(run)) * 10
      const left = run.latest?.secondsLeft
      return left === undefined || left < 3
        ? says.drawing(percent)
        : `${says.drawing(percent)}, ${says.left(about(left, t))}`
    }
    case 'done':
      return says.done(shown.strokes.widths.length, run.latest && t.seconds(run.latest.seconds))
    default:
      return says[run.phase]
  }
}

/** A time that does not jump with every step. */
function about(seconds: number, t: Messages): string {
  return t.seconds(seconds < 20 ? Math.ceil(seconds / 5) * 5 : Math.ceil(seconds / 10) * 10)
}
