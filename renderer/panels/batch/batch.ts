import { type BatchRow, type ExportOptions, MOST_BYTES, sentence, type Settings } from '../../../main/api.ts'
import type { Messages } from '../../i18n/en.ts'
import { said, words } from '../../i18n/words.svelte.ts'
import type { Studio } from '../../state/studio.svelte.ts'
import { deliver } from '../deliver.ts'
import { type Choices, DEFAULT_CHOICES } from '../export.ts'
import { sourceOf } from '../files.ts'

/*
 * What can be done with many photos.
 */

/** Hands files to the batch, and tells which of them could not be taken. */
export async function addPhotos({ batch, notices }: Studio, files: readonly File[]): Promise<void> {
  for (const { name, size } of files)
    if (size > MOST_BYTES) notices.add('problem', words().photo.tooLarge(name, MOST_BYTES / 2 ** 20))
  const fitting = files.filter(({ size }) => size <= MOST_BYTES)
  const known = await batch.add(fitting.map((file) => () => sourceOf(file)))
  if (known > 0) notices.add('info', words().batch.known(known))
}

export const canStart = ({ batch }: Studio): boolean => !batch.going && waitingIn(batch) > 0

/** Those that will be drawn: also those that were drawn, and could not be written. */
function waitingIn({ inPhase }: Studio['batch']): number {
  const unwritten = inPhase('failed').filter(({ problem }) => problem?.kind === 'output')
  return inPhase('waiting').length + unwritten.length
}

/** Draws what waits. The desktop app asks first where to, as long as nobody has said so. */
export async function startBatch(studio: Studio): Promise<void> {
  const { batch, host } = studio
  if (!canStart(studio)) return
  if (host === 'desktop' && batch.folder === undefined && !(await batch.chooseFolder())) return
  await batch.start()
}

export function toggleBatch(studio: Studio): void {
  if (studio.batch.going) studio.batch.stop()
  else void startBatch(studio)
}

/** All results in one archive. */
export async function saveBatch({ batch, notices }: Studio): Promise<void> {
  const reply = await batch.save()
  if (reply) await deliver(reply.delivered, notices)
}

/** Whether a row may be opened: what was drawn, and a photo that will draw badly, for there is what helps. */
export const canOpen = ({ phase, hints = [] }: BatchRow): boolean =>
  phase === 'done' || (phase !== 'drawing' && hints.length > 0)

/** How far a row is, for people. */
export function stateOf({ phase, share = 0, strokes, file, problem }: BatchRow, { batch: t }: Messages): string {
  if (phase === 'failed' && problem) return said(sentence(problem))
  if (phase === 'done') return t.done(strokes ?? 0, file ?? '')
  return phase === 'drawing' ? t.drawing(Math.round(100 * share)) : t.waiting
}

/** How far all of it is, for people. */
export function overviewOf({ batch }: Studio, { batch: t, seconds, run }: Messages): string {
  const { rows, going, secondsLeft, inPhase } = batch
  if (batch.adding) return t.adding(batch.adding.done, batch.adding.total)
  if (rows.length === 0) return t.empty
  const counts = t.counts(inPhase('done').length, rows.length, inPhase('failed').length)
  const doubtful = inPhase('waiting').filter(({ hints = [] }) => hints.length > 0).length
  const left = going && secondsLeft !== undefined ? run.status.left(seconds(secondsLeft)) : ''
  return [counts, doubtful > 0 && t.doubtful(doubtful), left].filter(Boolean).join(' · ')
}

/** What is drawn of all of it, 0..1. */
export function shareOf({ rows }: Studio['batch']): number {
  const part = ({ phase, share = 0 }: BatchRow): number => (phase === 'drawing' ? share : phase === 'waiting' ? 0 : 1)
  return rows.length === 0 ? 0 : rows.reduce((sum, row) => sum + part(row), 0) / rows.length
}

/** Options of an export as its panel has them. */
export function choicesOf({ format, background, ...output }: ExportOptions): Choices {
  const { film, ...rest } = { film: undefined, ...output }
  const hasPaper = background !== undefined
  return { ...DEFAULT_CHOICES, ...rest, format, background: hasPaper, pngBackground: hasPaper, run: film === 'run' }
}

/** The studio as its settings' panel sees it, when these are about the batch. */
export function overBatch(studio: Studio): Studio {
  const { batch } = studio
  const page = Object.create(studio.page, {
    settings: { get: () => batch.settings },
    strokes: { get: () => batch.settings.strokes },
    subject: { get: () => undefined },
  }) as Studio['page']
  return Object.create(studio, {
    page: { value: page },
    change: { value: (next: Partial<Settings>) => batch.change(next) },
    changeWidth: { value: (width: number) => batch.change({ width }) },
  }) as Studio
}
