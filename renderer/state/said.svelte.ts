import type { Asking } from '../../main/api.ts'
import { begun, type History, recorded, redone, replaced, undone } from './history.ts'

/** Changes of one thing within so many milliseconds are one step. */
const ONE_STEP = 1000

/**
 * What is asked for in words, and what was asked before. Its steps are newer than all of drawing and photo: once there is
 * another of those, `others`, they are forgotten, so that the last thing done is always the first to be undone.
 */
export function createSaid(asked: () => Asking, change: (words: Asking) => void, others: () => readonly unknown[]) {
  let history = $state.raw<History<Asking>>(begun(asked()))
  let since = $state.raw<readonly unknown[]>([])
  let last = { what: '', time: -Infinity }
  const known = $derived(others().every((other, i) => other === since[i]) ? history : begun(asked()))

  function settle(next: History<Asking>): void {
    history = next
    since = others()
    // Whoever looks at another verb meanwhile stays there.
    change({ ...next.present, verb: asked().verb })
  }

  return {
    get canUndo() {
      return known.past.length > 0
    },
    get canRedo() {
      return known.future.length > 0
    },
    say<V extends 'draw' | 'edit' | 'move'>(verb: V, next: Partial<Asking[V]>): void {
      const now = { what: `${verb} ${Object.keys(next).join(' ')}`, time: performance.now() }
      const goesOn = known.past.length > 0 && now.what === last.what && now.time - last.time < ONE_STEP
      last = now
      const before = asked()
      settle((goesOn ? replaced : recorded)(known, { ...before, [verb]: { ...before[verb], ...next } }))
    },
    undo: () => settle(undone(known)),
    redo: () => settle(redone(known)),
  }
}
