import { z } from 'zod'
import { type Drawing, drawing } from './drawing.ts'
import { type Bytes, bytes, emphasis, greyImage, list, maskMode } from './values.ts'
import { decode, encode } from './wire.ts'
import { type ShownEdit, shownEdit } from './words.ts'

/** The most steps that are kept each way. */
const MOST = 50
/** Of what was asked of the photo: its masks are larger. */
const MOST_ASKED = 8
/** The most bytes of them: a hundred drawings of very many strokes have half of that. */
const MOST_PACKED = 8 * 2 ** 20

/** What was asked of the photo: how the subject is told, its mask, and where lines count more or less. */
const asked = z.object({ mode: maskMode, mask: greyImage.optional(), emphasis: emphasis.optional() })
export type Asked = z.infer<typeof asked>

const schema = z.object({
  ...{ past: list(drawing, MOST), future: list(drawing, MOST) },
  asked: z.object({ past: list(asked, MOST_ASKED), future: list(asked, MOST_ASKED) }),
  edited: z.boolean().optional(),
  photo: z.object({ past: list(shownEdit, MOST), future: list(shownEdit, MOST) }).optional(),
})

/** What can be undone, the oldest first, and done again, the next first. */
interface Sides<T> {
  readonly past: readonly T[]
  readonly future: readonly T[]
}
/** Of the drawing, of what is asked of the photo, and of which of its edits is shown. */
export interface Steps extends Sides<Drawing> {
  readonly asked: Sides<Asked>
  /** The drawing has been edited by hand since a run last moved it. */
  readonly edited?: boolean | undefined
  readonly photo?: Sides<ShownEdit> | undefined
}

const NO_STEPS: Steps = { past: [], future: [], asked: { past: [], future: [] } }

/** Steps as the host keeps them for the window, which alone looks into them: an encoded message. */
export const packedSteps = bytes.refine(({ length }) => length <= MOST_PACKED, `expected at most ${MOST_PACKED} bytes`)

/** Those nearest to the present, `most` each way or as many as there is room for. */
export function packSteps(steps: Steps, most = MOST): Bytes {
  const told = nearest(steps.asked, Math.min(most, MOST_ASKED), ({ mode, mask, emphasis }) => ({
    mode,
    mask,
    emphasis,
  }))
  const edited = steps.edited && { edited: true }
  const photo = steps.photo && { photo: nearest(steps.photo, most, (shown) => shown) }
  const packed = encode({ ...nearest(steps, most, (drawing) => drawing), asked: told, ...edited, ...photo })
  return packed.length <= MOST_PACKED || most === 0 ? packed : packSteps(steps, most >> 1)
}

function nearest<T>({ past, future }: Sides<T>, most: number, plain: (step: T) => T): Sides<T> {
  return { past: past.slice(Math.max(0, past.length - most)).map(plain), future: future.slice(0, most).map(plain) }
}

/** None when they can't be read, as after a change of what drawings are. */
export function unpackSteps(packed: Bytes): Steps {
  try {
    return schema.parse(decode(packed))
  } catch {
    return NO_STEPS
  }
}
