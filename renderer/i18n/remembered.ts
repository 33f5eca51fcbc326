import { type Language, LANGUAGES, languageOf } from '../../src/words/languages.ts'

const KEY = 'fewline.language'

/** The language that was chosen in this browser, else the browser's own. */
export function rememberedLanguage(): Language {
  const wanted = localStorage.getItem(KEY)
  return LANGUAGES.find((known) => known === wanted) ?? languageOf(navigator.language)
}

export const rememberLanguage = (language: Language): void => localStorage.setItem(KEY, language)
