import { type Problem, StudioError } from '../api.ts'
import { EngineError } from '../engine/engine.ts'

/** What a window is told of an error. */
export function problemOf(error: unknown): Problem {
  if (error instanceof StudioError) return error.problem
  if (error instanceof EngineError) return ofFailure(error)
  return internal(error instanceof Error ? (error.stack ?? error.message) : String(error))
}

function ofFailure({ failure: { problem, details } }: EngineError): Problem {
  return problem ? { ...problem, details } : internal(details)
}

function internal(details: string): Problem {
  return {
    kind: 'internal',
    expected: 'this to go well',
    came: 'Fewline met an error of its own',
    todo: 'try again, and report the details if it stays',
    details,
  }
}

/** An error that the window shows as it is. */
export function refuse(expected: string, came: string, todo: string, kind: Problem['kind'] = 'call'): StudioError {
  return new StudioError({ kind, expected, came, todo })
}

/** A path that a page has named, when the user has dropped that file on its window: a page may open no others. */
export function droppedPath(path: string, isDropped: (path: string) => boolean = () => false): string {
  if (isDropped(path)) return path
  throw refuse('a file that was dropped on this window', 'a path came', 'choose the file itself')
}
