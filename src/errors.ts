/** What went wrong, as data: the command line, a report and a window can each say it in their own way. */
export interface Problem {
  /**
   * `call`: the call was wrong; `photo`: the photo can't be drawn; `output`: a file can't be written; `model`: a graph or
   * weights file; `device`: where the model runs; `memory`: it did not suffice.
   */
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

/** What the system's error codes mean to someone who wants a file written: what came, and what to do. */
const MEANINGS: Record<string, [came: string, todo: string]> = {
  ENOENT: ['its folder does not exist', 'create it first, or choose another'],
  ENOTDIR: ['part of its path is a file', 'check the path'],
  EACCES: ['its folder may not be written in', 'choose another, or change its permissions'],
  EPERM: ['the system forbids it', 'choose another folder, or change its permissions'],
  EROFS: ['its disk is read-only', 'choose another folder'],
  ENOSPC: ['the disk is full', 'free some space, or choose another disk'],
  EDQUOT: ['your share of the disk is used up', 'free some space, or choose another disk'],
  EFBIG: ['it would be larger than the system allows', 'choose a smaller size, or another disk'],
  ENAMETOOLONG: ['its name is too long', 'choose a shorter one'],
  EBUSY: ['another program is using it', 'close it there, or choose another name'],
}

/** What went wrong while writing `path`, as a FewlineError of kind `output`, unless it is a FewlineError already. */
export function unwritable(path: string, error: unknown): FewlineError {
  if (error instanceof FewlineError) return error
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
  const [came, todo] = MEANINGS[code] ?? [`the system reported ${code}`, 'check the disk, or choose another folder']
  return notWritable(path, came, todo, error)
}

export function notWritable(path: string, came: string, todo: string, cause?: unknown): FewlineError {
  return new FewlineError({ kind: 'output', expected: `to write "${path}"`, came, todo }, { cause })
}
