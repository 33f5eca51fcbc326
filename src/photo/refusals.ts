import { FewlineError } from '../errors.ts'

/** A picture file as messages speak of it. */
export interface Asked {
  /** What it should have been, as it reads after "Expected". */
  expected: string
  name: string
}

/** Why a picture is not taken: "Expected a photo to draw, but <name> <came>: <todo>." */
export function refusal({ expected, name }: Asked, came: string, todo: string, cause?: unknown): FewlineError {
  return new FewlineError({ kind: 'photo', expected, came: `${name} ${came}`, todo }, { cause })
}

/** The decoder gave up: part of the file is missing or wrong. */
export function damaged(asked: Asked, cause: unknown): FewlineError {
  return refusal(asked, 'is cut short or damaged', 'copy or download it again', cause)
}
