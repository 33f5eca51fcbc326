import { z } from 'zod'

/** What went wrong, as data: "Expected …, but …: …." `details` are for a report of it: never shown unasked. */
export const problem = z.object({
  kind: z.enum(['call', 'photo', 'output', 'model', 'device', 'memory', 'internal']),
  expected: z.string(),
  came: z.string(),
  todo: z.string(),
  details: z.string().optional(),
})
export type Problem = z.infer<typeof problem>

/** "Expected …, but …: …." */
export function sentence({ expected, came, todo }: Problem): string {
  return `Expected ${expected}, but ${came}: ${todo}.`
}

/** How a command fails in the window. */
export class StudioError extends Error {
  readonly problem: Problem

  constructor(problem: Problem) {
    super(sentence(problem))
    this.name = 'StudioError'
    this.problem = problem
  }
}
