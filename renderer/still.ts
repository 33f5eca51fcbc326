/**
 * The window before there is anything in it, as a string: what `scripts/still.mjs` puts into the page when that is built. It is
 * made by the window's own components, so that it is what they will show a moment later.
 */
import type { Door } from '../main/api.ts'
import { type Language, openTranslator } from '../src/words/languages.ts'

// A browser has these; where this runs there may be none, or others.
const define = (name: string, value: unknown): unknown =>
  Object.defineProperty(globalThis, name, { value, configurable: true })
define('localStorage', { getItem: () => null, setItem: () => undefined })
define('navigator', { language: 'en', platform: '' })
define('document', { documentElement: { lang: 'en', dataset: {} } })

const { render } = await import('svelte/server')
const { default: App } = await import('./App.svelte')
const { speak } = await import('./i18n/words.svelte.ts')
const { SHORTCUTS } = await import('./panels/shortcuts.ts')
const { createStudio } = await import('./state/studio.svelte.ts')
const { narrow } = await import('./ui/narrow.ts')

/** A host that has not answered yet. */
const SILENT: Door = {
  call: () => new Promise(() => undefined),
  on: () => () => undefined,
  onClose: () => undefined,
}

/** The keys that the program will understand: pressed before it is there, they wait for it. */
export const KEYS: readonly string[] = SHORTCUTS.flatMap(({ act, keys }) => (act ? keys : []))

/** Notes for a script that would take it over, what is folded away, what is only read aloud, and the many marks of each pen. */
const UNSEEN = [
  /<!--.*?-->/g,
  /(?<=<details class="[^"]*">.*?<\/summary>).*?(?=<\/details>)/gs,
  / (aria-label|aria-keyshortcuts|title|id|for)="[^"]*"/g,
  /(?<=<svg viewBox="0 0 64 21"[^>]*>).*?(?=<\/svg>)/gs,
]
/** Drawers are closed at first. */
const DRAWERS = /<aside.*?<\/aside>/gs

/** Both that a window may need; its width chooses, without waiting for a script (`styles/still.css`). */
export async function still(language: Language): Promise<string> {
  speak(language)
  // Whoever asked for this ends the import of modules: no phrase may still be on its way.
  await openTranslator(language)
  const both = [false, true].map((isNarrow) => {
    Object.assign(narrow, { current: isNarrow })
    const { body } = render(App, { props: { studio: createStudio(SILENT) } })
    const seen = [...UNSEEN, ...(isNarrow ? [DRAWERS] : [])].reduce((rest, what) => rest.replaceAll(what, ''), body)
    return `<div class="still at-${isNarrow ? 'narrow' : 'wide'}" inert aria-hidden="true">${seen}</div>`
  })
  return both.join('')
}
