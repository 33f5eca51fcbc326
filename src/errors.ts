/** What went wrong, as data: the command line, a report and a window can each say it in their own way. */
export interface Problem {
  /** `call`: the call was wrong; `photo`: the photo can't be drawn; `output`: a file can't be written; `model`: a graph or weights file; `device`: where the model runs; `memory`: it did not suffice. */
  kind: 'call' | 'photo' | 'output' | 'model' | 'device' | 'memory'
  /** What was expected, as it reads after "Expected". */
  expected: string
  /** What came instead, as it reads after "but". */
  came: string
  /** What to do about it, as an imperative. */
  todo: string
}

/** An error that its reader can act on. Its message is one plain sentence. */
export class FewlineError extends Error {
  readonly problem: Problem

  constructor(problem: Problem, options?: ErrorOptions) {
    super(sentence(problem), options)
    this.name = 'FewlineError'
    this.problem = problem
  }
}

/** "Expected …, but …: …." */
export function sentence({ expected, came, todo }: Problem): string {
  return `Expected ${expected}, but ${came}: ${todo}.`
}
