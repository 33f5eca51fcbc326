import { inspect } from 'node:util'
import { CommanderError } from 'commander'
import type { Problem } from '../index.ts'
import { say } from './say.ts'

/** A call that is wrong in itself, told before the engine is loaded. */
export class WrongCall extends Error {
  readonly problem: Problem

  constructor(expected: string, came: string, todo: string) {
    super(`Expected ${expected}, but ${came}: ${todo}.`)
    this.problem = { kind: 'call', expected, came, todo }
  }
}

/** What went wrong as data, where it is known. */
export function problemOf(error: unknown): Problem | undefined {
  return error instanceof Error && 'problem' in error ? (error.problem as Problem) : undefined
}

/** One plain sentence. */
export function sentenceOf(error: unknown): string {
  if (problemOf(error)) return (error as Error).message
  const reason = (error instanceof Error ? error.message : String(error))
    .replace(/^error: /, '')
    .replaceAll(/\s+/g, ' ')
  if (error instanceof CommanderError) {
    // Commander's own second sentence says the same in numbers.
    const [what] = reason.split('. ')
    return `Expected a call like "fewline sketch PHOTO", but this one has ${what!}: see fewline --help.`
  }
  return `Expected the drawing to go well, but Fewline met an error of its own (${reason}): see where with --verbose.`
}

/** Says it on stderr, with the way there when that is asked for, and gives the exit code. */
export function complain(error: unknown, verbose = false): 1 | 2 {
  const { lines, code } = complaintOf(error, verbose)
  say(...lines)
  return code
}

/** What there is to say of it, and the exit code. */
export function complaintOf(error: unknown, verbose = false): { lines: string[]; code: 1 | 2 } {
  const trace = verbose ? inspect(error).split('\n') : []
  const isCall = error instanceof CommanderError || problemOf(error)?.kind === 'call'
  return { lines: [sentenceOf(error), ...trace], code: isCall ? 2 : 1 }
}
