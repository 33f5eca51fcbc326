import { type Translate, translatorOf } from './phrases.ts'

/** The languages that Fewline speaks; English is what it is written in. */
export const LANGUAGES = ['en', 'de', 'zh'] as const
export type Language = (typeof LANGUAGES)[number]

/** The language of a locale as systems and browsers name it: "de_AT.UTF-8", "zh-Hans-CN". What we do not speak is English. */
export function languageOf(locale: string): Language {
  const [tag] = locale.toLowerCase().split(/[-_.@]/)
  return LANGUAGES.find((language) => language === tag) ?? 'en'
}

/** The language that a terminal asks for: LC_ALL before LC_MESSAGES before LANG, else `otherwise`. */
export function languageAsked(environment: Readonly<Record<string, string | undefined>>, otherwise = 'en'): Language {
  const { LC_ALL, LC_MESSAGES, LANG } = environment
  return languageOf([LC_ALL, LC_MESSAGES, LANG].find((locale) => locale !== undefined && locale !== '') ?? otherwise)
}

/** Says English phrases in a language. Its phrases are loaded only now; English needs none. */
export async function openTranslator(language: Language): Promise<Translate> {
  if (language === 'de') return translatorOf((await import('./de.ts')).de)
  if (language === 'zh') return translatorOf((await import('./zh.ts')).zh)
  return (english) => english
}
