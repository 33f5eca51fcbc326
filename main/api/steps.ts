import { z } from 'zod'
import { type Drawing, drawing } from './drawing.ts'
import { type Bytes, bytes, list } from './values.ts'
import { decode, encode } from './wire.ts'

/** The most steps that are kept each way. */
const MOST = 50
/** The most bytes of them: a hundred drawings of very many strokes have half of that. */
const MOST_PACKED = 8 * 2 ** 20

const schema = z.object({ past: list(drawing, MOST), future: list(drawing, MOST) })

/** What can be undone, the oldest first, and done again, the next first. */
export interface Steps {
  readonly past: readonly Drawing[]
  readonly future: readonly Drawing[]
}

/** Steps as the host keeps them for the window, which alone looks into them: an encoded message. */
export const packedSteps = bytes.refine(({ length }) => length <= MOST_PACKED, `expected at most ${MOST_PACKED} bytes`)

/** Those nearest to the present, `most` each way or as many as there is room for. */
export function packSteps({ past, future }: Steps, most = MOST): Bytes {
  const packed = encode({ past: past.slice(Math.max(0, past.length - most)), future: future.slice(0, most) })
  return packed.length <= MOST_PACKED || most === 0 ? packed : packSteps({ past, future }, most >> 1)
}

/** None when they can't be read, as after a change of what drawings are. */
export function unpackSteps(packed: Bytes): Steps {
  try {
    return schema.parse(decode(packed))
  } catch {
    return { past: [], future: [] }
  }
}
