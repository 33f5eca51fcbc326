import { z } from 'zod'
import { FewlineError } from '../errors.ts'
import { pointOffsets } from '../strokes/bezier.ts'
import type { Strokes } from '../strokes/strokes.ts'
import { CANVAS } from '../units.ts'
import { pack, unpack, type Entries } from './archive.ts'
import { decodeHistory, encodeHistory, type Moment } from './history.ts'

/** Everything that a drawing was made from and with, so that work on it can go on another day or on another machine. */
export interface Project {
  title: string
  /** The file as it was opened, and its name without a folder. */
  photo?: { name: string; bytes: Uint8Array }
  /** A picture file, white where the subject is; what was painted by hand. */
  mask?: Uint8Array
  /** A picture file of the whole canvas: lines count more where it is white, less where it is black, as painted by hand. */
  emphasis?: Uint8Array
  /** What it is drawn with: anything that JSON can hold, known only to whoever saved it. */
  settings: Record<string, z.core.util.JSONType>
  /** As they stand, edits included, to the last bit. */
  strokes?: Strokes
  /** Indices of strokes that stay as they are. */
  locked: number[]
  /** Whether they fill the whole canvas, in colours and widths that are part of the picture. */
  painted?: boolean | undefined
  /** Edits of the photo, in bytes known only to whoever saved them. */
  edits?: Uint8Array
  /** How the last run went, oldest first, to a hundredth of a unit; thinned out where there are very many moments. */
  history: Moment[]
}

/** Of the format. It grows when a project could not be understood by an older Fewline any more. */
const VERSION = 1
/** Far more than anyone draws or edits by hand. */
const MOST_STROKES = 4096

/** All settings as JSON: a hundred times those that the studio has. */
const MOST_SETTINGS = 2 ** 16

/** No drawing reaches so far out, and no number within is lost in a Float32. */
const FAR = 1e6

/** At most so many of something, counted before any of them is looked at. */
const list = <Item extends z.ZodType>(item: Item, most: number) => z.array(z.unknown()).max(most).pipe(z.array(item))
const numbers = (most: number) => list(z.number().min(-FAR).max(FAR), most)

const strokes = z
  .object({
    points: numbers(MOST_STROKES * 2 * 16),
    widths: numbers(MOST_STROKES),
    segments: list(z.int().min(1).max(255), MOST_STROKES).optional(),
    colors: numbers(4 * MOST_STROKES).optional(),
    pressures: list(z.number().min(0).max(1), MOST_STROKES * 16).optional(),
    width: z.number().positive().default(CANVAS),
    height: z.number().positive().default(CANVAS),
  })
  .transform(({ points, widths, segments, colors, pressures, width, height }): Strokes => ({
    points: Float32Array.from(points),
    widths: Float32Array.from(widths),
    ...(segments && { segments: Uint8Array.from(segments) }),
    ...(colors && { colors: Float32Array.from(colors) }),
    ...(pressures && { pressures: Float32Array.from(pressures) }),
    width,
    height,
  }))
  .refine(hangsTogether, 'its lists of numbers do not belong together')

/** `fewline.json`: what is not a file of its own in the archive. */
const manifest = z.object({
  version: z.literal(VERSION),
  title: z.string().max(1000),
  photo: z.string().max(1000).optional(),
  settings: z.custom<Project['settings']>(areSmall, `expected settings of at most ${MOST_SETTINGS} characters`),
  strokes: strokes.optional(),
  locked: list(z.int().min(0), MOST_STROKES),
  painted: z.boolean().optional(),
})

/** A project as the bytes of a `.fewline` file. Throws a RangeError when a number is not finite, or settings are too many. */
export function toProject(project: Project): Uint8Array {
  const { title, photo, mask, emphasis, settings, strokes, locked, painted, edits, history } = project
  if (!areSmall(settings)) throw new RangeError(`settings can't be longer than ${MOST_SETTINGS} characters`)
  const about = {
    version: VERSION,
    title,
    photo: photo?.name,
    settings,
    strokes: strokes && plain(strokes),
    locked,
    painted,
  }
  return pack({
    'fewline.json': Buffer.from(JSON.stringify(about)),
    ...(photo && { photo: photo.bytes }),
    ...(mask && { mask }),
    ...(emphasis && { emphasis }),
    ...(edits && { edits }),
    history: encodeHistory(history),
  })
}

/**
 * Reads a `.fewline` file, whoever may have made it: sizes are bounded before anything is unpacked, and everything in it
 * is checked. Throws a FewlineError of kind `call` when it is no project, damaged, or made by a newer Fewline.
 */
export function readProject(content: Uint8Array): Project {
  try {
    return projectOf(unpack(content))
  } catch (cause) {
    if (cause instanceof FewlineError) throw cause
    throw unreadable('it is damaged, or no project at all', 'choose another', cause)
  }
}

/** What `writeOutput` is to do before a project takes its name. */
export async function verifyProject(content: Uint8Array): Promise<void> {
  readProject(content)
}

function projectOf(entries: Entries): Project {
  const about: unknown = JSON.parse(Buffer.from(entries['fewline.json'] ?? []).toString('utf8'))
  const { version } = z.object({ version: z.int().positive() }).parse(about)
  if (version > VERSION) {
    throw unreadable(`it was saved by a newer one (format ${version}, not ${VERSION})`, 'update Fewline to open it')
  }
  const { title, photo, settings, strokes, locked, painted } = manifest.parse(about)
  const count = strokes?.widths.length ?? 0
  if (locked.some((index) => index >= count)) throw new RangeError('it locks strokes that it has not')
  if ((photo === undefined) !== (entries.photo === undefined)) throw new RangeError('its photo is missing')
  return {
    title,
    ...(photo !== undefined && entries.photo && { photo: { name: photo, bytes: entries.photo } }),
    ...(entries.mask && { mask: entries.mask }),
    ...(entries.emphasis && { emphasis: entries.emphasis }),
    settings,
    ...(strokes && { strokes }),
    locked,
    ...(painted && { painted }),
    ...(entries.edits && { edits: entries.edits }),
    history: entries.history ? decodeHistory(entries.history) : [],
  }
}

/** Whether settings, which are JSON already, are such as somebody may have set. */
function areSmall(value: unknown): boolean {
  const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value)
  return isRecord && JSON.stringify(value).length <= MOST_SETTINGS
}

function hangsTogether({ points, widths, segments, colors, pressures, ...canvas }: Strokes): boolean {
  if (segments && segments.length !== widths.length) return false
  if (colors && colors.length !== 4 * widths.length) return false
  if (pressures && 2 * pressures.length !== points.length) return false
  return 2 * pointOffsets({ points, widths, segments, ...canvas })[widths.length]! === points.length
}

/** As JSON can hold it, which knows neither typed arrays nor numbers that are none. */
function plain({ points, widths, segments, colors, pressures, ...canvas }: Strokes) {
  const list = (values: ArrayLike<number>): number[] => {
    const odd = Array.from(values).find((value) => !Number.isFinite(value))
    if (odd !== undefined) throw new RangeError(`a drawing can't hold the number ${odd}`)
    return Array.from(values)
  }
  return {
    points: list(points),
    widths: list(widths),
    ...(segments && { segments: list(segments) }),
    ...(colors && { colors: list(colors) }),
    ...(pressures && { pressures: list(pressures) }),
    ...canvas,
  }
}

function unreadable(came: string, todo: string, cause?: unknown): FewlineError {
  return new FewlineError({ kind: 'call', expected: 'a project that this Fewline can open', came, todo }, { cause })
}
