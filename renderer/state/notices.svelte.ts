import { type Problem, sentence, StudioError } from '../../main/api.ts'

/** One line to the user, with what to copy when they report it. */
export interface Notice {
  readonly id: number
  readonly level: 'info' | 'warning' | 'problem'
  readonly text: string
  readonly details?: string | undefined
}

/** Older ones than these make room. */
const MOST = 4
const BRIEFLY = 8000

export function createNotices() {
  let list = $state.raw<readonly Notice[]>([])
  let count = 0

  function add(level: Notice['level'], text: string, details?: string): void {
    const id = ++count
    list = [...list.filter((notice) => notice.text !== text), { id, level, text, details }].slice(-MOST)
    if (level === 'info') setTimeout(() => dismiss(id), BRIEFLY)
  }
  function dismiss(id: number): void {
    list = list.filter((notice) => notice.id !== id)
  }
  return {
    get list() {
      return list
    },
    add,
    dismiss,
    problem: (problem: Problem) => add('problem', sentence(problem), detailsOf(problem)),
    /** Whatever was thrown: a problem that the host reported, or a fault of ours. */
    failure(error: unknown) {
      if (error instanceof StudioError) add('problem', error.message, detailsOf(error.problem))
      else add('problem', String(error), error instanceof Error ? error.stack : undefined)
    },
  }
}

export type Notices = ReturnType<typeof createNotices>

const detailsOf = (problem: Problem): string => [sentence(problem), problem.details ?? ''].join('\n').trim()
