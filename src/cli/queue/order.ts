import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { z } from 'zod'
import type * as Engine from '../../index.ts'
import { WrongCall } from '../complain.ts'
import type { PhotoJob } from '../jobs.ts'
import { FORMATS, LOOKS, type SketchOptions } from '../options.ts'
import { PIPE } from '../output.ts'
import type { Report } from '../report.ts'

/*
 * What goes through the queue: data alone. Whoever takes it, worker or caller, checks it by the same schemas; of the numbers
 * in it the engine says what they may be, as everywhere.
 */

/** No photo that is sent is larger, and no drawing that comes back, in bytes. */
export const MOST_BYTES = 48e6
/** So many characters that are as they are in Base64. */
const MOST_BASE64 = Math.ceil(MOST_BYTES / 3) * 4
const MOST_FILES = 64
/** How much of the history of a drawing comes back. */
const MOST_FRAMES = 20_000

const words = z.string().max(10_000)
const number = z.number()
const yes = z.literal(true)
const bytes = z.base64().max(MOST_BASE64)

/** The options that change a drawing and name no file. */
const OPTIONS = z.strictObject({
  strokes: z.union([number, z.literal('auto')]).optional(),
  detail: number.optional(),
  scene: yes.optional(),
  behind: number.optional(),
  order: z.enum(['importance', 'grow', 'hand', 'plotter']).optional(),
  series: z.array(number).max(MOST_FILES).optional(),
  layers: yes.optional(),
  fidelity: number.optional(),
  leftHanded: yes.optional(),
  oneLine: yes.optional(),
  smooth: yes.optional(),
  film: z.enum(['pen', 'run']).optional(),
  preset: z.enum(['fast', 'standard', 'paper']).optional(),
  iterations: number.optional(),
  seeds: number.optional(),
  seed: number.optional(),
  width: number.optional(),
  size: words.optional(),
  page: words.optional(),
  margin: words.optional(),
  plotter: yes.optional(),
  look: z.enum(LOOKS).optional(),
  paper: words.optional(),
  outline: yes.optional(),
  mask: z.enum(['auto', 'none']).optional(),
  background: z.enum(['fade', 'white', 'keep']).optional(),
  text: words.optional(),
  textWeight: number.optional(),
  freshViews: yes.optional(),
})

/** A drawing that somebody wants. */
const ORDER = z.strictObject({
  /** The photo's own name, without its folder. */
  name: z
    .string()
    .min(1)
    .max(255)
    .regex(/^(?!\.{1,2}$)[^/\\\0]+$/),
  photo: bytes,
  format: z.enum(FORMATS),
  /** The model that is to look at it, by name. */
  encoder: words,
  options: OPTIONS,
})
export type Order = z.infer<typeof ORDER>

const HISTORY = z.strictObject({
  seed: number,
  step: number,
  loss: number,
  terms: z.record(z.string().max(64), number),
  views: z.array(number).max(64).optional(),
})

/** A drawing that was made: its files, in the order of `filesOf`, and its report. */
const DELIVERY = z.strictObject({
  files: z.array(bytes).min(1).max(MOST_FILES),
  report: z.strictObject({
    ...{ strokes: number, encoder: words, device: words, precision: words, preset: words },
    ...{ iterations: number, seconds: number, secondsPerIteration: number, loss: number },
    history: z.array(HISTORY).max(MOST_FRAMES),
    views: z.custom<Report['views']>(Array.isArray).optional(),
    times: z.custom<Report['times']>((times) => z.record(z.string(), number).safeParse(times).success),
    seeds: z.array(z.strictObject({ seed: number, loss: number })).max(1000),
    warnings: z.array(words).max(100),
    travel: z.strictObject({ before: number, after: number }).optional(),
  }),
})
export type Delivery = z.infer<typeof DELIVERY>

/** Checks what came; undefined when it is no order, or has anything in it that an order has not. */
export function readOrder(came: unknown): Order | undefined {
  return ORDER.safeParse(came).data
}

export function readDelivery(came: unknown): Delivery | undefined {
  return DELIVERY.safeParse(came).data
}

/** What goes back of a drawing that was made: not what it is called, nor where it lies, which is known to who asked for it. */
export function deliveryOf(files: string[], report: Report): Delivery {
  return { files, report: DELIVERY.shape.report.strip().parse(report) }
}

/** What is ordered never changes under its name: the same photo with the same options is the same job. */
export function idOf(order: Order): string {
  return createHash('sha256')
    .update(JSON.stringify(ORDER.parse(order)))
    .digest('hex')
}

/** What the options of a call are for all its orders. Throws WrongCall for what needs this machine's files or eyes. */
export function ordered(fewline: typeof Engine, options: SketchOptions): Pick<Order, 'encoder' | 'options'> {
  const stays = STAYS_HERE.find((name) => options[name] !== undefined)
  const called = stays && `--${stays.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
  if (called) throw new WrongCall('what any machine can draw', `${called} came with --queue`, 'leave one of them out')
  const { mask = 'auto', encoder = 'auto' } = options
  if (mask !== 'auto' && mask !== 'none') {
    throw new WrongCall('--mask auto or none with --queue', `"${mask}" came`, 'draw it without --queue')
  }
  const name = fewline.encoderNamed(encoder)
  if (fewline.locateModel(name) === name) {
    throw new WrongCall('a model by its name with --queue', `"${name}" is a file`, 'import it where it is to draw')
  }
  const known = Object.keys(OPTIONS.shape) as (keyof Order['options'])[]
  const given = known.filter((key) => options[key] !== undefined).map((key) => [key, options[key]])
  return { encoder: name, options: OPTIONS.parse(Object.fromEntries(given)) }
}

/** They read or write files here, look for words with models that not every worker has, or are about this machine. */
const STAYS_HERE = [
  ...(['subject', 'each', 'more', 'less', 'finder', 'labels', 'from', 'source', 'resume'] as const),
  ...(['ladder', 'csv', 'frames', 'device', 'threads'] as const),
]

/** The order for one photo. Throws a FewlineError of kind `photo` when it can't be sent. */
export async function orderOf(
  { FewlineError }: Pick<typeof Engine, 'FewlineError'>,
  { photo, format }: PhotoJob,
  common: Pick<Order, 'encoder' | 'options'>,
): Promise<Order> {
  const about = await stat(photo).catch(() => undefined)
  const refuse = (came: string, todo: string) =>
    new FewlineError({ kind: 'photo', expected: 'a photo to send', came: `"${photo}" ${came}`, todo })
  if (!about?.isFile()) throw refuse("can't be read", 'check its path')
  if (about.size > MOST_BYTES) throw refuse(`has ${Math.round(about.size / 1e6)} MB`, 'make it smaller')
  const content = await readFile(photo)
  return { ...common, name: basename(photo), format, photo: content.toString('base64') }
}

/** A job whose drawing goes to a file that others can name. */
export function isSendable({ photo, output }: PhotoJob): boolean {
  return photo !== PIPE && output !== PIPE
}
