import { type Problem, sentence, StudioError } from '../../main/api.ts'

/** One line to the user, with what to copy when they report it. */
export interface Notice {
  readonly id: number
  readonly level: 'info' | 'warning' | 'problem'
  readonly text: string
  readonly details?: string | undefined
  /** What it is about: the notice goes once that works, or goes wrong in another way. */
  readonly about?: string | undefined
  /** What can be done about it. */
  readonly action?: { readonly name: string; run(): void } | undefined
}

/** Older ones than these make room. */
const MOST = 4
const BRIEFLY = 8000
/** Long enough to notice that something is to be taken back. */
const A_WHILE = 30_000

export function createNotices() {
  let list = $state.raw<readonly Notice[]>([])
  let count = 0

  type More = Pick<Notice, 'details' | 'about' | 'action'>
  function add(level: Notice['level'], text: string, more: More = {}): void {
    const id = ++count
    const outdated = (notice: Notice) => notice.text === text || (more.about && notice.about === more.about)
    list = [...list.filter((notice) => !outdated(notice)), { id, level, text, ...more }].slice(-MOST)
    if (level === 'info') setTimeout(() => dismiss(id), more.action ? A_WHILE : BRIEFLY)
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
    /** `text`: what is said instead of the problem's own sentence. */
    problem: (problem: Problem, about?: string, text = sentence(problem)) =>
      add('problem', text, { details: detailsOf(problem), about }),
    /** It works now. */
    solved: (about: string) => void (list = list.filter((notice) => notice.about !== about)),
    /** Whatever was thrown: a problem that the host reported, or a fault of ours. */
    failure(error: unknown, about?: string) {
      if (error instanceof StudioError) add('problem', error.message, { details: detailsOf(error.problem), about })
      else add('problem', String(error), { details: error instanceof Error ? error.stack : undefined, about })
    },
  }
}

export type Notices = ReturnType<typeof createNotices>

const detailsOf = (problem: Problem): string => [sentence(problem), problem.details ?? ''].join('\n').trim()
