import { isBrush, type Tool } from '../state/look.svelte.ts'
import { everyIndex, shifted, without } from '../state/edit.ts'
import { everything } from '../state/mask.ts'
import type { Studio } from '../state/studio.svelte.ts'
import { MOST_BYTES } from '../../main/api.ts'
import { words } from '../i18n/words.svelte.ts'
import { deliver } from './deliver.ts'
import { sourceOf } from './files.ts'

/*
 * What several places can ask for: buttons, keys, and the desktop app's menu.
 */

/** Opens a file that was picked, dropped or pasted. */
export async function openFile({ open, notices }: Studio, file: File): Promise<void> {
  if (file.size > MOST_BYTES) notices.add('problem', words().photo.tooLarge(file.name, MOST_BYTES / 2 ** 20))
  else await open(await sourceOf(file))
}

/** A brush, or what was chosen, is undone before strokes are, as long as it is in hand. */
const painting = ({ look }: Studio): boolean => isBrush(look.tool) || look.tool === 'point'

export function undo(studio: Studio): void {
  if (studio.run.going) return
  if (painting(studio) && studio.page.canUndoMask) undoBrush(studio)
  else studio.undo()
}

export function redo(studio: Studio): void {
  if (studio.run.going) return
  if (painting(studio) && studio.page.canRedoMask) redoBrush(studio)
  else studio.redo()
}

/** A step back or forth of the brush, which the host learns of. */
export function undoBrush(studio: Studio): void {
  studio.page.paint.undo()
  void studio.findSubject(studio.page.wanted)
}

export function redoBrush(studio: Studio): void {
  studio.page.paint.redo()
  void studio.findSubject(studio.page.wanted)
}

/** Takes the subject as it is painted; all of the photo, where nothing is yet. */
export function tellMask({ page, findSubject }: Studio): void {
  void findSubject(page.mask ?? everything())
}

/** Lines count alike everywhere again. */
export function weighEvenly({ page, findSubject }: Studio): void {
  page.paint.begin()
  page.paint.weigh(undefined)
  void findSubject(page.wanted)
}

export function toggleExport({ look }: Studio): void {
  look.side = look.side === 'export' ? 'settings' : 'export'
}

/** Draws, pauses what is drawn, or goes on with what is paused or was interrupted. */
export function toggleRun(studio: Studio): void {
  const { run, page } = studio
  if (run.phase === 'drawing') void studio.pause()
  else if (run.phase === 'paused' || (run.phase === 'interrupted' && canGoOn(studio))) void studio.continueRun()
  else if (page.photo && !run.going) void studio.draw()
}

/** Whether there is something to stop, and something to go on with. */
export const canStop = ({ run }: Studio): boolean => run.going || run.phase === 'paused'
export const canGoOn = ({ run, page, sketch }: Studio): boolean =>
  page.photo !== undefined && !run.going && sketch.count > 0

export function stopRun(studio: Studio): void {
  if (canStop(studio)) void studio.stop()
}

export function goOn(studio: Studio): void {
  if (canGoOn(studio)) void studio.continueRun()
}

/** Pen and pointer are for editing. */
export function takeTool({ look }: Studio, tool: Tool): void {
  look.tool = tool
  if (tool !== 'hand' && look.side === 'settings') look.side = 'edit'
}

export async function saveProject(studio: Studio, as = false): Promise<void> {
  await studio.settled()
  const drawing = studio.sketch.count > 0 ? { drawing: studio.sketch.drawing } : {}
  const reply = await studio.ask('saveProject', { ...drawing, as })
  if (!reply) return
  if (reply.delivered.to !== 'nowhere') studio.page.modified = false
  await deliver(reply.delivered, studio.notices)
}

export async function copy(studio: Studio, as: 'svg' | 'png'): Promise<void> {
  const reply = await studio.ask('copy', { as, drawing: studio.shown })
  if (reply) await deliver(reply.delivered, studio.notices, true)
}

export const selectAll = ({ sketch }: Studio): void => sketch.select(everyIndex(sketch.shown))

export function deleteSelected({ sketch, run, commit }: Studio): void {
  if (sketch.selected.size > 0 && !run.going) commit(without(sketch.drawing, sketch.selected), [])
}

export function nudge({ sketch, run, edit }: Studio, dx: number, dy: number): void {
  if (sketch.selected.size > 0 && !run.going) edit(shifted(dx, dy), 'nudge')
}
