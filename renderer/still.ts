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

const { render } = await import('svelte/server')
const { default: App } = await import('./App.svelte')
const { speak } = await import('./i18n/words.svelte.ts')
const { createStudio } = await import('./state/studio.svelte.ts')
const { narrow } = await import('./ui/narrow.ts')

/** A host that has not answered yet. */
const SILENT: Door = {
  call: () => new Promise(() => undefined),
  on: () => () => undefined,
  onClose: () => undefined,
}

/** Notes for a script that would take it over, what is folded away, and what is only read aloud. */
const UNSEEN = [
  /<!--.*?-->/g,
  /(?<=<details class="[^"]*">.*?<\/summary>).*?(?=<\/details>)/gs,
  / (aria-label|aria-keyshortcuts|title|id|for)="[^"]*"/g,
]
/** What stands at the right is half of all there is, and of no use yet. */
const RIGHT = /(?<=<aside[^>]* class="right[^>]*>).*?(?=<\/aside>)/gs

export async function still(language: Language, isNarrow: boolean): Promise<string> {
  speak(language)
  // Whoever asked for this ends the import of modules: no phrase may still be on its way.
  await openTranslator(language)
  Object.assign(narrow, { current: isNarrow })
  const { body } = render(App, { props: { studio: createStudio(SILENT) } })
  return [...UNSEEN, RIGHT].reduce((seen, what) => seen.replaceAll(what, ''), body)
}
