import { FewlineError } from '../errors.ts'

/** A picture file as messages speak of it. */
export interface Asked {
  /** What it should have been, as it reads after "Expected". */
  expected: string
  name: string
  /** What its first bytes say it is, like `TIFF`. */
  format?: string
}

export const SAVE_AS = 'save it as JPEG or PNG'

/** Why a picture is not taken: "Expected a photo to draw, but <name> <came>: <todo>." */
export function refusal({ expected, name }: Asked, came: string, todo: string, cause?: unknown): FewlineError {
  return new FewlineError({ kind: 'photo', expected, came: `${name} ${came}`, todo }, { cause })
}

/** How decoders speak of files that are sound, and beyond them: a compression, a depth or a colour space. */
const BEYOND_DECODER =
  /not configured|not been built in|not implemented|unsupported (tiff|jpeg data)|not a whole number of bytes|samples out of range|bad \w+ format/i

/** The decoder gave up: part of the file is missing or wrong, or it is of a kind that was never taught to it. */
export function damaged(asked: Asked, cause: unknown): FewlineError {
  if (asked.format && cause instanceof Error && BEYOND_DECODER.test(cause.message)) return unknownKind(asked, cause)
  return refusal(asked, 'is cut short or damaged', 'copy or download it again', cause)
}

/** A sound file of a format that Fewline reads, but not like this. */
export function unknownKind(asked: Asked, cause?: unknown): FewlineError {
  return refusal(asked, `is a ${asked.format} of a kind that Fewline does not read`, SAVE_AS, cause)
}
