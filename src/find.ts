import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { FewlineError } from './errors.ts'
import type { Finder, FinderOptions, Found, Miss, Sight, Thing } from './finder/finder.ts'
import { chosenFinder, type Kind } from './finder/finders.ts'
import { boxOf, union } from './finder/mask.ts'
import { exampleOf } from './finder/example.ts'
import { checkedWanted, type Asked } from './finder/wanted.ts'
import { openPhoto, type Frame } from './photo/photo.ts'
import { openPicture } from './photo/picture.ts'
import { findSubject } from './subject/subject.ts'
import type { Tensor } from './tensor.ts'

export interface FindOptions extends FinderOptions {
  /** One of FINDERS; `auto` (when absent) is the best that is installed. */
  finder?: string
}

/** What was found in a photo. */
export interface Findings {
  /** The likeliest first. */
  things: Thing[]
  /** All of them together, [CANVAS, CANVAS] 0..1. */
  mask: Tensor
  /** Phrases of which nothing was found, and how near the likeliest place came. */
  misses: Miss[]
  /** Who found them. */
  finder: string
  /** What its owner should know, in plain sentences: why not a better finder, say. */
  notes: string[]
  /** The photo's rectangle on the canvas, and the upright pixels of its file. */
  frame: Frame
  sourceWidth: number
  sourceHeight: number
}

/** Finders that stay open: what they saw in the last photo is kept, so that the next question about it is soon answered. */
export interface Eye {
  /** As `find`. */
  find(file: string | Uint8Array, asked?: Asked, options?: FindOptions): Promise<Findings>
  /** The shape of a photo that will be asked about. */
  look(file: string | Uint8Array): Promise<Pick<Findings, 'frame' | 'sourceWidth' | 'sourceHeight'>>
  dispose(): Promise<void>
}

/**
 * Finds things in a photo (a file or its bytes): by phrases, where one with `-` in front is not meant and is compared with
 * those that are, by points and by boxes. Without anything asked it is the subject, as a drawing would choose it.
 * Throws a FewlineError when the photo can't be read, what is asked makes no sense, or no model is there that understands it.
 */
export async function find(file: string | Uint8Array, asked: Asked = {}, options: FindOptions = {}): Promise<Findings> {
  const eye = openEye()
  try {
    return await eye.find(file, asked, options)
  } finally {
    await eye.dispose()
  }
}

export function openEye(): Eye {
  const finders = new Map<string, Promise<Finder>>()
  let last: { key: string; sight: Promise<Sight> } | undefined

  const look = async (file: string | Uint8Array): Promise<Sight> => {
    // What is wrong with a file is told better by whoever opens photos.
    const bytes = typeof file === 'string' ? await readFile(file).catch(() => undefined) : file
    const key = bytes ? createHash('sha256').update(bytes).digest('hex') : String(file)
    if (last?.key !== key) last = { key, sight: openSight(file) }
    return last.sight
  }
  const opened = (kind: Kind, options: FinderOptions): Promise<Finder> => {
    const { encoder, device, precision, threads } = options
    const key = [kind.name, encoder, device, precision, threads].join(' ')
    const known = finders.get(key)
    if (known) return known
    const finder = kind.open(options)
    finders.set(key, finder)
    finder.catch(() => finders.delete(key))
    return finder
  }

  return {
    async find(file, asked = {}, { finder: name = 'auto', ...options } = {}) {
      const sight = await look(file)
      const { frame, sourceWidth, sourceHeight, warnings } = sight.photo
      const { words, points, boxes, examples } = checkedWanted(asked, sourceWidth, sourceHeight)
      const about = { frame, sourceWidth, sourceHeight }
      const clicks = points.length + boxes.length > 0
      const named = words.length + examples.length > 0
      if (!named && !clicks) return { ...(await subjectOf(sight)), ...about, notes: warnings }

      const shown = await Promise.all(examples.map(exampleOf))
      const choices = [
        ...(named ? [{ ...wordFinder(name, examples.length > 0, options), wanted: { words, examples: shown } }] : []),
        // With words as well, it is for them that a finder was named.
        ...(clicks ? [{ ...chosenFinder(named ? 'auto' : name, 'clicks', options), wanted: { points, boxes } }] : []),
      ]
      const notes = [...warnings]
      const found: Found[] = []
      for (const choice of choices) {
        const finder = await opened(choice.kind, options)
        found.push(await finder.find(sight, choice.wanted))
        notes.push(...choice.notes, ...finder.notes)
      }
      const things = found.flatMap((one) => one.things)
      return {
        things,
        mask: union(things.map(({ mask }) => mask)),
        misses: found.flatMap(({ misses }) => misses),
        finder: choices.map(({ kind }) => kind.name).join(' and '),
        notes,
        ...about,
      }
    },
    async look(file) {
      const { frame, sourceWidth, sourceHeight } = (await look(file)).photo
      return { frame, sourceWidth, sourceHeight }
    },
    async dispose() {
      await Promise.all(
        Array.from(finders.values(), (finder) =>
          finder.then(
            (open) => open.dispose(),
            () => undefined,
          ),
        ),
      )
      finders.clear()
    },
  }
}

/** The one that takes examples. */
const BY_EXAMPLE = 'owlvit'

function wordFinder(name: string, byExample: boolean, options: FinderOptions): ReturnType<typeof chosenFinder> {
  if (byExample && name !== 'auto' && name !== BY_EXAMPLE) {
    const [expected, came] = ['a finder that takes examples', `${name} takes none`]
    throw new FewlineError({ kind: 'call', expected, came, todo: `choose ${BY_EXAMPLE}` })
  }
  return chosenFinder(byExample ? BY_EXAMPLE : name, 'words', options)
}

async function openSight(file: string | Uint8Array): Promise<Sight> {
  const photo = await openPhoto(file)
  return { photo, picture: await openPicture(file) }
}

async function subjectOf({ photo }: Sight): Promise<Pick<Findings, 'things' | 'mask' | 'misses' | 'finder'>> {
  const { mask } = await findSubject(photo)
  const box = boxOf(mask, photo)
  const things = box ? [{ words: 'the subject', score: sureness(mask), box, mask }] : []
  return { things, mask, misses: [], finder: 'subject' }
}

/** 0..1: how far a mask is from undecided, where it is not empty. */
function sureness({ data }: Tensor): number {
  const inside = data.filter((value) => value > 0)
  return inside.reduce((sum, value) => sum + Math.abs(2 * value - 1), 0) / Math.max(1, inside.length)
}
