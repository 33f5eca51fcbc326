import { type Door, type Editing, type MadeEdit, MOST_EDITS, type ShownEdit, type Snapshot } from '../../main/api.ts'
import { begun, type History, recorded, redone, replaced, undone } from './history.ts'
import type { Notices } from './notices.svelte.ts'
import type { Ask } from './offers.svelte.ts'
import { unhurried } from './pace.ts'

/** Moves of the slider within so many milliseconds are one step, and it is told to the host so often. */
const ONE_STEP = 1000
const PAUSE = 150

/** The photo itself. */
const PHOTO: ShownEdit = { strength: 1 }

/** Edits of the photo by words: those that were made, which of them is shown, and the one that is being made. */
export function createEdits(door: Door, ask: Ask, notices: Notices, changed: () => void) {
  let made = $state.raw<readonly MadeEdit[]>([])
  let going = $state.raw<Editing | undefined>()
  let history = $state.raw<History<ShownEdit>>(begun(PHOTO))
  let moved = -Infinity
  const current = $derived(made.find(({ id }) => id === history.present.edit))
  const telling = unhurried(() => ask('showEdit', history.present), PAUSE)

  function settle(next: typeof history): void {
    history = next
    telling.soon()
    changed()
  }
  /** Steps of edits that are kept no more lead nowhere. */
  function add(edit: MadeEdit): void {
    if (made.some(({ id }) => id === edit.id)) return
    made = [...made, edit].slice(-MOST_EDITS)
    const isThere = ({ edit: id }: ShownEdit): boolean => id === undefined || made.some((one) => one.id === id)
    const { past, present } = history
    const known: History<ShownEdit> = {
      past: past.filter(isThere),
      present: isThere(present) ? present : PHOTO,
      future: [],
    }
    history = recorded(known, { edit: edit.id, strength: 1 })
    changed()
  }

  door.on('editing', (state) => {
    going = state.phase === 'going' ? state : undefined
    if (state.made) add(state.made)
    for (const warning of state.warnings ?? []) notices.add('warning', warning)
    if (state.problem) notices.problem(state.problem, 'editPhoto')
  })

  return {
    get made() {
      return made
    },
    /** How far the edit is that is being made. */
    get going() {
      return going
    },
    /** The edit that is shown; the photo itself when undefined. */
    get current() {
      return current
    },
    get shown() {
      return history.present
    },
    get past() {
      return history.past
    },
    get future() {
      return history.future
    },
    get canUndo() {
      return history.past.length > 0
    },
    get canRedo() {
      return history.future.length > 0
    },
    reset({ edits, editing }: Pick<Snapshot, 'edits' | 'editing'>, steps?: Pick<typeof history, 'past' | 'future'>) {
      made = edits?.made ?? []
      going = editing
      history = { ...begun(edits?.shown ?? PHOTO), ...steps }
    },
    async begin() {
      const before = going
      going = { phase: 'going', share: 0 }
      const reply = await ask('editPhoto', {})
      if (!reply) going = before
    },
    stop: () => ask('stopEdit', {}),
    /** Goes back to an edit that was made, or to the photo. */
    show(edit: string | undefined) {
      const { strength } = history.present
      const next = edit === undefined ? PHOTO : { edit, strength }
      if (edit !== history.present.edit) settle(recorded(history, next))
    },
    /** How much of the edit is shown. */
    mix(strength: number) {
      const goesOn = performance.now() - moved < ONE_STEP
      moved = performance.now()
      settle((goesOn ? replaced : recorded)(history, { ...history.present, strength }))
    },
    undo: () => settle(undone(history)),
    redo: () => settle(redone(history)),
    /** The host knows what is shown. */
    settled: () => telling.now(),
  }
}
