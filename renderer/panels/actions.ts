import { isBrush, type Tool, weighsLines } from '../state/look.svelte.ts'
import { middleOf, nearestTo } from '../state/cubics.ts'
import { shifted, withLocks, without } from '../state/edit.ts'
import { everything, type Point } from '../state/mask.ts'
import { split, united } from '../state/shaping.ts'
import { strokesOf } from '../state/strokes.ts'
import type { Studio } from '../state/studio.svelte.ts'
import { type Encoder, MOST_BYTES, type PictureEnd } from '../../main/api.ts'
import { words } from '../i18n/words.svelte.ts'
import { narrow } from '../ui/narrow.ts'
import { toggleBatch } from './batch/batch.ts'
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

/** What was said in words is newer than strokes and edits, where it is shown. */
const saying = (studio: Studio): boolean => studio.look.side === 'words' && !painting(studio)

export const canUndo = (studio: Studio): boolean =>
  (saying(studio) && studio.said.canUndo) ||
  (studio.retouching && !painting(studio) ? studio.edits.canUndo : studio.sketch.canUndo && !studio.run.going)
export const canRedo = (studio: Studio): boolean =>
  (saying(studio) && studio.said.canRedo) ||
  (studio.retouching && !painting(studio) ? studio.edits.canRedo : studio.sketch.canRedo && !studio.run.going)

export function undo(studio: Studio): void {
  if (painting(studio) && studio.page.canUndoMask && !studio.run.going) undoBrush(studio)
  else if (saying(studio) && studio.said.canUndo) studio.said.undo()
  else if (studio.retouching) studio.edits.undo()
  else if (studio.run.going) return
  else studio.undo()
}

export function redo(studio: Studio): void {
  if (painting(studio) && studio.page.canRedoMask && !studio.run.going) redoBrush(studio)
  else if (saying(studio) && studio.said.canRedo) studio.said.redo()
  else if (studio.retouching) studio.edits.redo()
  else if (studio.run.going) return
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
  look.drawer = look.side === 'export' ? 'right' : undefined
}

/** The drawings of late, as they are now. */
export async function openGallery({ look, gallery }: Studio): Promise<void> {
  look.gallery = true
  await gallery.refresh()
}

/** Whether there is a drawing that a film can be made of, and whether one is shown. */
export const canPlay = ({ run, sketch }: Studio): boolean => !run.going && sketch.count > 0
export const isPlayed = ({ player }: Studio): boolean => player.film !== undefined

export function togglePlayer(studio: Studio): void {
  const { player, sketch, run } = studio
  if (isPlayed(studio)) player.close()
  else if (canPlay(studio)) {
    sketch.select([])
    run.scrubbed = undefined
    void player.open('pen')
  }
}

/** Draws, pauses what is drawn, or goes on with what is paused or was interrupted. */
export function toggleRun(studio: Studio): void {
  const { batch, run, page } = studio
  if (batch.shown) toggleBatch(studio)
  else if (run.phase === 'drawing') void studio.pause()
  else if (run.phase === 'paused' || (run.phase === 'interrupted' && canGoOn(studio))) void studio.continueRun()
  else if (run.going) return
  else if (studio.look.side === 'words') doAsSaid(studio)
  else if (page.photo) void studio.draw()
}

/** What the Words tab is about to do, and whether it can: there is a sentence, and something for it to be about. */
export function canDoAsSaid({ page, sketch, run, edits, offers }: Studio): boolean {
  const { verb, draw, edit, move } = page.settings.words
  if (!readsText(offers.equipment.encoders) || run.going || edits.going) return false
  if (verb === 'draw') return draw.text.trim() !== ''
  if (verb === 'edit') return edit.text.trim() !== '' && page.photo !== undefined
  return move.text.trim() !== '' && move.source.trim() !== '' && movable(sketch) > 0
}
export function doAsSaid(studio: Studio): void {
  if (!canDoAsSaid(studio)) return
  const { verb } = studio.page.settings.words
  if (verb === 'draw') void studio.imagine()
  else if (verb === 'edit') void studio.editPhoto()
  else void studio.move()
}
/** How many strokes words would move. */
export function movable({ drawing, selected }: Studio['sketch']): number {
  const { locked, strokes } = drawing
  const all = strokes.widths.length
  return selected.size > 0 ? [...selected].filter((i) => !locked.includes(i)).length : all - locked.length
}
/** Whether something that is installed understands words. */
export const readsText = (encoders: readonly Encoder[]): boolean =>
  encoders.some((encoder) => encoder.readsText && encoder.installed)

/** Whether there is something to stop, and something to go on with. */
export const canStop = ({ run }: Studio): boolean => run.going || run.phase === 'paused'
export const canGoOn = ({ run, page, sketch }: Studio): boolean =>
  (page.photo !== undefined || run.state?.by !== undefined || sketch.drawing.painted === true) &&
  !run.going &&
  sketch.count > 0

export function stopRun(studio: Studio): void {
  if (canStop(studio)) void studio.stop()
}

export function goOn(studio: Studio): void {
  if (canGoOn(studio)) void studio.continueRun()
}

/** Pen and pointer are for editing. */
export function takeTool({ look, retouching }: Studio, tool: Tool): void {
  look.tool = tool
  if (tool !== 'hand' && (look.side === 'settings' || retouching)) look.side = 'edit'
}

export async function saveProject(studio: Studio, as = false): Promise<void> {
  await studio.settled()
  const drawing = studio.sketch.count > 0 ? { drawing: studio.sketch.drawing } : {}
  const reply = await studio.ask('saveProject', { ...drawing, as })
  if (!reply) return
  if (reply.delivered.to !== 'nowhere') studio.page.modified = false
  await deliver(reply.delivered, studio.notices)
}

/** The photo as words have edited it, in a file of its own. */
export async function saveEdited(studio: Studio, as: PictureEnd): Promise<void> {
  const { edits, notices, work } = studio
  const job = { kind: 'writing', name: words().words.edit.file } as const
  const reply = await work.show(job, () => studio.ask('saveEdit', { shown: edits.shown, as }))
  if (reply) await deliver(reply.delivered, notices)
}

export async function copy(studio: Studio, as: 'svg' | 'png'): Promise<void> {
  const reply = await studio.ask('copy', { as, drawing: studio.shown })
  if (reply) await deliver(reply.delivered, studio.notices, true)
}

export function selectAll({ sketch, retouching }: Studio): void {
  if (!retouching) sketch.select(sketch.visible)
}

/** Whether something can be done to what is selected: while the sketch is being begun there is nothing yet. */
export const canEdit = ({ sketch, run, retouching }: Studio): boolean =>
  sketch.selected.size > 0 && run.phase !== 'starting' && !retouching

/** What is selected, lines that are locked left out. */
const freeOf = ({ sketch }: Studio): number[] =>
  [...sketch.selected].filter((i) => !sketch.drawing.locked.includes(i)).sort((a, b) => a - b)

export function deleteSelected(studio: Studio): void {
  if (canEdit(studio)) studio.commit(without(studio.sketch.drawing, studio.sketch.selected), [])
}

export function nudge(studio: Studio, dx: number, dy: number): void {
  if (canEdit(studio)) studio.edit(shifted(dx, dy), 'nudge')
}

/** Canvas units that a copy lies beside what it was made of. */
const BESIDE = 6

export function duplicate(studio: Studio): void {
  const { drawing, selected } = studio.sketch
  if (canEdit(studio))
    studio.add(
      strokesOf(drawing.strokes)
        .filter((_, i) => selected.has(i))
        .map(shifted(BESIDE, BESIDE)),
    )
}

export const canSplit = (studio: Studio): boolean => canEdit(studio) && freeOf(studio).length === 1
export const canJoin = (studio: Studio): boolean => canEdit(studio) && freeOf(studio).length > 1

/** The selected line in two: near a point, else in its middle. */
export function splitLine(studio: Studio, near?: Point): void {
  const [index] = freeOf(studio)
  if (!canSplit(studio) || index === undefined) return
  const { points } = strokesOf(studio.sketch.drawing.strokes)[index]!
  const { at } = near ? nearestTo(points, near) : middleOf(points)
  const next = split(studio.sketch.drawing, index, at, studio.page.settings.colour)
  if (next) studio.commit(next, [index, index + 1])
}

/** The selected lines as one. */
export function joinLines(studio: Studio): void {
  const [first, ...others] = freeOf(studio)
  const next = canJoin(studio) && united(studio.sketch.drawing, freeOf(studio), studio.page.settings.colour)
  if (next) studio.commit(next, [first!])
  else if (others.length > 0) studio.notices.add('info', words().edit.tooLong)
}

export const areLocked = ({ sketch }: Studio): boolean =>
  [...sketch.selected].every((i) => sketch.drawing.locked.includes(i))

export function toggleLock(studio: Studio): void {
  const { drawing, selected } = studio.sketch
  if (canEdit(studio)) studio.commit(withLocks(drawing, selected, !areLocked(studio)))
}

/** Bends the one line that is selected. */
export const canBend = (studio: Studio): boolean => canSplit(studio) && !studio.sketch.bending
export function bendLine(studio: Studio): void {
  const [index] = freeOf(studio)
  if (canBend(studio) && index !== undefined) studio.sketch.bend(index)
}

/** A step back: from the points of a line to its box, from that to nothing selected, from a moment to the drawing. */
export function stepBack({ look, player, sketch, run }: Studio): void {
  if (player.film) {
    player.close()
    return
  }
  if (narrow.current && look.drawer) look.drawer = undefined
  else if (sketch.bending) sketch.select(sketch.selected)
  else sketch.select([])
  run.scrubbed = undefined
}

/** What is in hand draws wider or finer: the brush, the eraser, or the pen; without one of them, the lines selected. */
export function resize(studio: Studio, factor: number): void {
  const { look, page } = studio
  const within = (value: number, least: number, most: number): number =>
    Math.min(most, Math.max(least, Math.round(10 * value * factor) / 10))
  if (isBrush(look.tool)) look.brush = within(look.brush, 1, 40)
  else if (look.tool === 'eraser') look.eraser = within(look.eraser, 1, 40)
  else if (look.tool === 'pen') studio.change({ width: within(page.settings.width, 0.5, 12) })
  else if (canEdit(studio)) studio.edit((stroke) => ({ ...stroke, width: within(stroke.width, 0.5, 16) }), 'line-width')
}

/** The pen or the eraser; of the brushes that paint the subject, while one of them is in hand. */
export function takeBrush(studio: Studio, rubs: boolean): void {
  const { look } = studio
  if (weighsLines(look.tool)) look.tool = rubs ? 'lines-less' : 'lines-more'
  else if (isBrush(look.tool)) look.tool = rubs ? 'mask-remove' : 'mask-add'
  else takeTool(studio, rubs ? 'eraser' : 'pen')
}
