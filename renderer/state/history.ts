/** What can be undone and done again. Plain values: `present` is never changed in place. */
export interface History<T> {
  readonly past: readonly T[]
  readonly present: T
  readonly future: readonly T[]
}

/** Older steps than these are forgotten. */
const MOST_STEPS = 200

export const begun = <T>(present: T): History<T> => ({ past: [], present, future: [] })

/** A step that can be undone. */
export function recorded<T>({ past, present }: History<T>, next: T): History<T> {
  return { past: [...past, present].slice(-MOST_STEPS), present: next, future: [] }
}

/** The present as it is now, without a step of its own: a gesture or a run in the middle. */
export const replaced = <T>(history: History<T>, present: T): History<T> => ({ ...history, present })

export function undone<T>({ past, present, future }: History<T>): History<T> {
  if (past.length === 0) return { past, present, future }
  return { past: past.slice(0, -1), present: past.at(-1)!, future: [present, ...future] }
}

export function redone<T>({ past, present, future }: History<T>): History<T> {
  if (future.length === 0) return { past, present, future }
  return { past: [...past, present], present: future[0]!, future: future.slice(1) }
}
