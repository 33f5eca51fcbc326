import { type Language, languageOf as languageIn, openTranslator } from '../../src/words/languages.ts'
import type { Translate } from '../../src/words/phrases.ts'
import { de } from './de.ts'
import { en, type Messages } from './en.ts'
import { zh } from './zh.ts'

export const LANGUAGES: Readonly<Record<Language, Messages>> = { en, de, zh }

/** The page came in the language that was chosen, else in that of the browser or the system. */
let language = $state(languageIn(document.documentElement.lang))
let translate = $state.raw<Translate>((english) => english)
load()

/** What the window says, in the language chosen. */
export const words = (): Messages => LANGUAGES[language]

export const languageOf = (): Language => language

/** What host and engine say, which is English, in the language chosen. */
export const said = (english: string): string => translate(english)

export function speak(next: Language): void {
  language = next
  load()
}

/** The phrases of a language come when it is spoken. */
function load(): void {
  const wanted = language
  void openTranslator(wanted).then((next) => {
    if (wanted === language) translate = next
  })
}
