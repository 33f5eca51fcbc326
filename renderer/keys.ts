import { type Shortcut, SHORTCUTS, type Window } from './panels/shortcuts.ts'
import { combination, nameOf } from './ui/combination.ts'

/** Elements that have their own use for keys. */
const TYPING = 'input:not([type=range], [type=checkbox], [type=radio], [type=color]), select, textarea'
const SLIDING = 'input'
const PRESSING = 'button, summary, a, [role=menuitem]'
/** What those that are pressed by keys are pressed by. */
const PRESSES: ReadonlySet<string> = new Set(['Space', 'Enter'])
/** What sliders and choices have no use for: whoever has just set one goes on with a tool. */
const TOOLS = /^([A-Z]|[[\]])$/

/** What the keyboard does anywhere in the window; true when it did something. */
export function press(window: Window, event: KeyboardEvent): boolean {
  const shortcut = shortcutFor(window, event)
  shortcut?.act?.(window)
  return shortcut?.act !== undefined
}

/** A key comes up again: what it held ends, wherever the focus is by then. */
export function release(window: Window, event: KeyboardEvent): void {
  const name = nameOf(event)
  for (const { keys, release } of SHORTCUTS) if (keys.includes(name)) release?.(window)
}

function shortcutFor({ studio }: Window, event: KeyboardEvent): Shortcut | undefined {
  const pressed = combination(event)
  return SHORTCUTS.find(
    ({ keys, can, notTyping, inBatch }) =>
      keys.includes(pressed) &&
      (inBatch || !studio.batch.shown) &&
      !belongsTo(event.target, pressed, notTyping) &&
      (can?.(studio) ?? true),
  )
}

/** Whether the element that has the focus has its own use for these keys. */
function belongsTo(target: EventTarget | null, pressed: string, notTyping = false): boolean {
  if (!(target instanceof Element) || pressed === 'Escape') return false
  if (pressed.startsWith('Control+')) return notTyping && target.matches(TYPING)
  if (TOOLS.test(pressed)) return target.matches(TYPING)
  return target.matches(PRESSES.has(pressed) ? `${PRESSING}, ${TYPING}, ${SLIDING}` : `${TYPING}, ${SLIDING}`)
}
