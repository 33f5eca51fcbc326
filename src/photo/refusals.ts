import { FewlineError } from '../errors.ts'

/** Why a photo is not drawn: "Expected a photo to draw, but <name> <came>: <todo>." */
export function refusal(name: string, came: string, todo: string, cause?: unknown): FewlineError {
  return new FewlineError({ kind: 'photo', expected: 'a photo to draw', came: `${name} ${came}`, todo }, { cause })
}

/** The decoder gave up: part of the file is missing or wrong. */
export function damaged(name: string, cause: unknown): FewlineError {
  return refusal(name, 'is cut short or damaged', 'copy or download it again', cause)
}
