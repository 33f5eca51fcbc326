import { words } from '../i18n/words.svelte.ts'
import { shifted } from '../state/edit.ts'
import { type Stroke, strokesFrom, strokesOf, svgOf } from '../state/strokes.ts'
import type { Studio } from '../state/studio.svelte.ts'
import { canEdit, deleteSelected, openFile } from './actions.ts'
import { fileIn } from './files.ts'

/*
 * Copy, cut and paste, as the browser tells of them. Lines travel as an SVG, so that drawing programs take them too.
 */

/** Canvas units that a copy lies beside what lies there already. */
const BESIDE = 6

/** Fields copy their own text. */
const isField = (target: EventTarget | null): boolean =>
  target instanceof Element && target.matches('input, select, textarea')

/** Puts the lines selected on the clipboard, and with `cut` takes them from the page. */
export function copyLines(studio: Studio, event: ClipboardEvent, cut: boolean): void {
  if (isField(event.target) || !canEdit(studio) || !event.clipboardData) return
  event.clipboardData.setData('text/plain', selectedLines(studio))
  event.preventDefault()
  if (cut) deleteSelected(studio)
}

/** The same for a menu, of which the browser does not know. */
export async function copyByMenu(studio: Studio, cut: boolean): Promise<void> {
  try {
    await navigator.clipboard.writeText(selectedLines(studio))
    if (cut) deleteSelected(studio)
  } catch (error) {
    studio.notices.failure(error)
  }
}

export async function pasteByMenu(studio: Studio): Promise<void> {
  const text = await navigator.clipboard.readText().catch(() => '')
  if (!addLines(studio, text)) studio.notices.add('info', words().edit.nothingToPaste)
}

function selectedLines({ sketch, page }: Studio): string {
  const chosen = strokesOf(sketch.drawing.strokes).filter((_, i) => sketch.selected.has(i))
  return svgOf(chosen, page.frame, page.settings.colour)
}

/** Opens a picture, or adds lines that were copied in a studio. */
export async function pasteAny(studio: Studio, event: ClipboardEvent): Promise<void> {
  const file = fileIn(event.clipboardData)
  if (file) return openFile(studio, file)
  if (isField(event.target) || studio.run.phase === 'starting') return
  addLines(studio, event.clipboardData?.getData('text/plain') ?? '')
}

/** Whether there are lines in a text, which then lie on the page. */
function addLines(studio: Studio, text: string): boolean {
  const strokes = strokesFrom(text)
  if (strokes.length > 0) studio.add(beside(strokes, strokesOf(studio.sketch.drawing.strokes)))
  return strokes.length > 0
}

/** Not upon themselves: pasted once more, they lie a little further. */
function beside(strokes: readonly Stroke[], others: readonly Stroke[]): readonly Stroke[] {
  const [first] = strokes
  const isThere = others.some(({ points }) => isNear(points, first!.points))
  return isThere ? beside(strokes.map(shifted(BESIDE, BESIDE)), others) : strokes
}

function isNear(a: Float32Array, b: Float32Array): boolean {
  return a.length === b.length && a.every((value, i) => Math.abs(value - b[i]!) < 0.1)
}
