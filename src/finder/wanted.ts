import { FewlineError } from '../errors.ts'
import type { Box, Wanted } from './finder.ts'

/** More phrases than these are a mistake, and would take minutes to read. */
const MOST_PHRASES = 64

/** What a call asks for: phrases alone may come as a list. */
export type Asked = Wanted | readonly string[]

type Checked = Required<Wanted>

/**
 * What is wanted, with phrases tidied. Throws a FewlineError of kind `call` for phrases that say nothing, and for points and
 * boxes that are not in a photo of that size.
 */
export function checkedWanted(asked: Asked, width: number, height: number): Checked {
  const { words = [], points = [], boxes = [], examples = [] }: Wanted = isList(asked) ? { words: asked } : asked
  const phrases = words.map((phrase) => phrase.replace(/\s+/g, ' ').trim().replace(/^- +/, '-'))
  if (phrases.some((phrase) => phrase === '' || phrase === '-')) {
    throw wrong('phrases that say something', 'one is empty', 'say what to look for: "the dog"')
  }
  if (phrases.length > MOST_PHRASES) {
    throw wrong(`at most ${MOST_PHRASES} phrases`, `there are ${phrases.length}`, 'name fewer things')
  }
  if (phrases.length > 0 && phrases.every((phrase) => phrase.startsWith('-'))) {
    throw wrong('a phrase for what is meant', 'all of them have a - in front', 'say what to look for: "the dog"')
  }
  const size = `a photo of ${width} × ${height} pixels`
  for (const { x, y } of points) {
    if (x >= 0 && y >= 0 && x < width && y < height) continue
    throw wrong(`a point in ${size}`, `${x},${y} lies outside`, 'count from its upper left corner')
  }
  for (const box of boxes) checkBox(box, width, height)
  return { words: [...new Set(phrases)], points, boxes, examples }
}

/** Throws a FewlineError of kind `call` for a box without a size, and for one that is nowhere in a photo of that size. */
export function checkBox({ x, y, width: w, height: h }: Box, width: number, height: number, photo = 'a photo'): void {
  if (!(w > 0 && h > 0)) throw wrong('a box with a size', `it is ${w} × ${h}`, 'give its width and height in pixels')
  if (x + w > 0 && y + h > 0 && x < width && y < height) return
  throw wrong(
    `a box in ${photo} of ${width} × ${height} pixels`,
    `${x},${y},${w},${h} lies outside`,
    'count from its upper left corner',
  )
}

function isList(asked: Asked): asked is readonly string[] {
  return Array.isArray(asked)
}

function wrong(expected: string, came: string, todo: string): FewlineError {
  return new FewlineError({ kind: 'call', expected, came, todo })
}
