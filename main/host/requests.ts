import type { DrawRequest } from '../../src/index.ts'
import { type Drawing, rgbOf, type Strokes } from '../api.ts'
import { type Document, engineEmphasis, engineMask } from './document.ts'
import { refuse } from './problems.ts'
import type { Order } from './run.ts'

/*
 * What the engine is asked for: a document, and what is to be drawn of it → the order of a run.
 */

/** A drawing of the photo, or one that goes on from the strokes of another. */
export function photoOrder(document: Document, from?: Drawing): Order {
  const { photo, mask, emphasis, settings } = document
  if (!photo) throw refuse('a photo to draw', 'there is none yet', 'open one')
  const { strokes, auto, detail, preset, iterations, encoder, width, seeds, text } = settings
  const common = {
    ...{ photo: photo.bytes, mask: engineMask(mask), encoder, ...courseOf(document, preset) },
    ...(emphasis && { emphasis: engineEmphasis(emphasis) }),
    ...(iterations !== null && { iterations }),
    ...(text.trim() !== '' && { text }),
  }
  // One start leads to one drawing.
  if (from) return { request: { ...common, ...fromStrokes(from), seeds: 1 }, marks: from }
  // With one asked for, a preset may still begin several and go on with the best.
  // It grows, so that its first strokes are a drawing: whoever wants fewer of them later need not draw again.
  const more = { detail, order: 'grow', width, ...(seeds > 1 && { seeds }) } as const
  return { request: { ...common, strokes: auto ? 'auto' : strokes, ...more } }
}

/** A drawing of the sentence alone, in colours, or one that goes on from the strokes of another. */
export function wordsOrder(document: Document, from?: Drawing): Order {
  const { photo, settings } = document
  const { text, against, strokes, preset, colours, palette, start } = settings.words.draw
  const request: DrawRequest = {
    ...{ text: sentenceOf(text), encoder: readerOf(document), ...courseOf(document, preset) },
    ...(settings.seeds > 1 && !from && { seeds: settings.seeds }),
    ...(from ? fromStrokes(from) : { strokes }),
    words: {
      ...{ against: phrasesOf(against), mono: colours === 'mono', paper: rgbOf(settings.paper) },
      ...(colours === 'palette' && { palette: palette.map(rgbOf) }),
      ...(start && photo && !from && { start: photo.bytes }),
    },
  }
  return { request, by: 'words', marks: { locked: [], ...from, painted: true } }
}

/** Strokes that words move: those of `moving`, from what they show to what they should. */
export function moveOrder(document: Document, drawing: Drawing, moving: Iterable<number>): Order {
  const { settings } = document
  const { text, source } = settings.words.move
  const free = new Set(moving)
  // It is part of what an encoder sees.
  const from = inInk(drawing.strokes, settings.colour)
  const locked = Array.from(from.widths.keys()).filter((i) => drawing.locked.includes(i) || !free.has(i))
  if (locked.length === from.widths.length) throw refuse('strokes to move', 'all of them are locked', 'unlock some')
  const request: DrawRequest = {
    ...{ text: sentenceOf(text), encoder: readerOf(document), ...courseOf(document, settings.preset) },
    ...{ from, locked, seeds: 1 },
    words: { source: sentenceOf(source), paper: rgbOf(settings.paper) },
  }
  return { request, by: 'move', marks: drawing, inInk: !drawing.strokes.colors }
}

/** The engine checks the names, and says which there are. */
function courseOf({ settings: { device, frameEvery, seed } }: Document, preset: string) {
  const names = { preset: preset as DrawRequest['preset'], device: device as DrawRequest['device'] }
  return { ...names, frameEvery, seed }
}

function fromStrokes({ strokes, locked }: Drawing): Pick<DrawRequest, 'from' | 'locked'> {
  return { from: strokes, locked }
}

/** The encoder that understands words: the built-in one does not. */
export function readerOf({ settings: { encoder } }: Document): string {
  return encoder === 'builtin' ? 'auto' : encoder
}

export function sentenceOf(text: string): string {
  if (text.trim() !== '') return text
  throw refuse('a sentence that says what is wanted', 'there is none', 'write one')
}

export function phrasesOf(text: string): string[] {
  return text
    .split(',')
    .map((phrase) => phrase.trim())
    .filter((phrase) => phrase !== '')
}

/** Strokes without colours in that of the ink. */
export function inInk(strokes: Strokes, ink: string): Strokes {
  if (strokes.colors) return strokes
  const own = [...rgbOf(ink), 1]
  return { ...strokes, colors: Float32Array.from({ length: 4 * strokes.widths.length }, (_, i) => own[i % 4]!) }
}
