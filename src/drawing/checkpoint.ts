import { createHash } from 'node:crypto'
import { z } from 'zod'
import { FewlineError } from '../errors.ts'
import { PRESETS, type Preset } from './presets.ts'
import { BACKGROUNDS, type DrawRequest, type Frame } from './request.ts'
import { pointOffsets } from '../strokes/bezier.ts'
import type { Strokes } from '../strokes/strokes.ts'
import type { Try } from './tries.ts'

/** A drawing that was left before it was done: with it, it becomes what it would have been. */
export interface Checkpoint {
  /** Absent for a drawing of a sentence. */
  photo?: { path: string; sha256: string }
  /** What was asked, without the photo. The mask, if any, is `auto`, `none` or a path. */
  request: Omit<DrawRequest, 'photo' | 'tries' | 'mask' | 'emphasis'> & { mask?: string }
  tries: readonly Try<Strokes>[]
  /** What was seen on the way here; a report of the whole drawing needs it, the drawing itself doesn't. */
  past?: Past
}

/** What was seen of a drawing at each frame; its `views` are places in the list of that name. */
export interface Past {
  history: { seed: number; step: number; loss: number; terms: Record<string, number>; views?: number[] }[]
  /** The random views that were used. */
  views: Frame['views']
}

/** A checkpoint as text: JSON, its arrays of numbers to the last bit. It begins with the version that wrote it. */
export function writeCheckpoint(checkpoint: object, version: string): string {
  const replacer = (_: string, value: unknown): unknown =>
    value instanceof Float32Array || value instanceof Uint8Array
      ? Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64')
      : value
  return `${JSON.stringify({ fewline: version, checkpoint: FORMAT, ...checkpoint }, replacer, 1)}\n`
}

/** Reads what `writeCheckpoint` wrote. Throws a FewlineError of kind `call` for anything else, damaged ones among it. */
export function readCheckpoint(text: string): Checkpoint {
  return parsed(CHECKPOINT, text)
}

/** Reads a checkpoint of some kind. Throws like `readCheckpoint`. */
export function parsed<Kind>(kind: z.ZodType<Kind>, text: string): Kind {
  try {
    return kind.parse(JSON.parse(text))
  } catch (cause) {
    const issue = cause instanceof z.ZodError ? cause.issues[0] : undefined
    const came = issue ? `its ${issue.path.join('.') || 'content'} is not right` : 'the file is no JSON'
    const todo = 'choose the file that was written when the drawing was stopped'
    throw new FewlineError({ kind: 'call', expected: 'a checkpoint of Fewline', came, todo }, { cause })
  }
}

/** The checksum by which a checkpoint knows its photo. */
export function checksumOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** Changes when what is in a checkpoint means something else. */
export const FORMAT = 2

const bytes = z.base64().transform((text) => Uint8Array.from(Buffer.from(text, 'base64')))
export const floats = bytes
  .refine(({ length }) => length % 4 === 0)
  .transform(({ buffer }) => new Float32Array(buffer))
  .refine((numbers) => numbers.every(Number.isFinite))
const whole = z.int().nonnegative()

const strokes: z.ZodType<Strokes> = z
  .object({
    points: floats,
    widths: floats,
    segments: bytes.optional(),
    colors: floats.optional(),
    width: z.int().positive(),
    height: z.int().positive(),
  })
  .refine((read) => {
    const count = read.widths.length
    const sides = (read.segments?.length ?? count) === count && (read.colors?.length ?? 4 * count) === 4 * count
    return sides && read.points.length === 2 * pointOffsets(read)[count]!
  })

const terms = z.record(z.string(), z.number())
const adam = z.object({ step: whole, mean: floats, square: floats })

/** A try at a work of some kind, whose parameters have `numbersIn` numbers each. */
export function attemptAt<Work>(
  work: z.ZodType<Work>,
  numbersIn: (work: Work, name: string) => number | undefined,
): z.ZodType<Try<Work>> {
  const best = z.object({ step: whole, work, loss: z.number(), terms })
  return z
    .object({
      seed: whole,
      step: whole,
      start: work,
      work,
      memory: z.record(z.string(), z.tuple([adam, whole])),
      best: best.optional(),
      losses: z.array(z.number()),
      over: z.boolean(),
    })
    .refine(({ work, memory }) =>
      Object.entries(memory).every(([name, [{ mean, square }]]) =>
        [mean, square].every(({ length }) => length === numbersIn(work, name)),
      ),
    )
}

const attempt = attemptAt(strokes, numbersIn)

/** How many numbers a group of parameters of strokes holds. */
function numbersIn(work: Strokes, name: string): number | undefined {
  const numbers = Object.hasOwn(work, name) ? work[name as keyof Strokes] : undefined
  return numbers instanceof Float32Array ? numbers.length : undefined
}

const rgb = z.tuple([z.number(), z.number(), z.number()])
const words = z.object({
  against: z.array(z.string()).optional(),
  style: z.string().optional(),
  styleWeight: z.number().optional(),
  start: z.string().optional(),
  source: z.string().optional(),
  palette: z.array(rgb).optional(),
  mono: z.boolean().optional(),
  paper: rgb.optional(),
})

export const device = z.enum(['auto', 'cpu', 'webgpu', 'cuda', 'dml', 'coreml'])

/** Numbers that no drawing can be made with are found by whoever draws. */
const request = z.object({
  strokes: z.union([z.number(), z.literal('auto')]).optional(),
  detail: z.number().optional(),
  fidelity: z.number().optional(),
  behind: z.union([z.number(), z.literal('auto')]).optional(),
  order: z.enum(['importance', 'grow']).optional(),
  encoder: z.string().optional(),
  preset: z.enum(Object.keys(PRESETS) as [Preset, ...Preset[]]).optional(),
  iterations: z.number().optional(),
  seeds: z.number().optional(),
  seed: z.number().optional(),
  width: z.number().optional(),
  mask: z.string().optional(),
  subject: z.array(z.string()).optional(),
  thing: z.number().optional(),
  more: z.array(z.string()).optional(),
  less: z.array(z.string()).optional(),
  finder: z.string().optional(),
  background: z.enum(BACKGROUNDS).optional(),
  placement: z.enum(['traced', 'sampled']).optional(),
  freshViews: z.boolean().optional(),
  text: z.string().optional(),
  textWeight: z.number().optional(),
  words: words.optional(),
  device: device.optional(),
  threads: z.number().optional(),
  from: strokes.optional(),
  locked: z.array(whole).optional(),
  frameEvery: z.number().optional(),
})

const corner = z.tuple([whole, whole])
const view = z.object({
  corners: z.tuple([corner, corner, corner, corner]),
  ...{ left: whole, top: whole, side: whole },
  around: z.literal('white').optional(),
  canvas: whole.optional(),
})
const moment = z.object({ seed: whole, step: whole, loss: z.number(), terms, views: z.array(whole).optional() })
/** The file that something was made from. */
export const origin = z.object({ path: z.string(), sha256: z.string().length(64) })
export const past = z.object({ history: z.array(moment), views: z.array(view) })

const CHECKPOINT: z.ZodType<Checkpoint> = z
  .object({
    checkpoint: z.literal(FORMAT),
    photo: origin.optional(),
    request,
    tries: z.array(attempt),
    past: past.optional(),
  })
  .transform(({ photo, request, tries, past }) => ({ ...(photo && { photo }), request, tries, ...(past && { past }) }))
