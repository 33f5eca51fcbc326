import { de } from './de.ts'
import { en, type Messages } from './en.ts'

export const LANGUAGES: Readonly<Record<string, Messages>> = { en, de }

const KEY = 'fewline.language'

let language = $state(remembered())

/** What the window says, in the language chosen. */
export const words = (): Messages => LANGUAGES[language] ?? en

export const languageOf = (): string => language

export function speak(next: string): void {
  language = next
  localStorage.setItem(KEY, next)
}

function remembered(): string {
  const wanted = localStorage.getItem(KEY) ?? navigator.language.slice(0, 2)
  return wanted in LANGUAGES ? wanted : 'en'
}
