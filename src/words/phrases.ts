/*
 * What Fewline says, in other languages. The engine, the host and the command line say everything in English, as data: a
 * phrase is its own code, and what stands in its {0}, {1} are its parameters. So a message from another process, another
 * machine or a file of last year can be said in any language by whoever shows it, and reports stay as they are.
 */

/** What the other languages say: English phrase → the same in that language, with the same {0}, {1}. */
export type Phrases = Readonly<Record<string, string>>

/**
 * Says an English text in another language; what is not known stays as it is. `isPart`: the text is a part of a sentence, so
 * that it is known however short it is.
 */
export type Translate = (english: string, isPart?: boolean) => string

/** "text {0} text" as the texts around its values, and which of those are names. */
interface Pattern {
  pieces: readonly string[]
  isName: readonly boolean[]
  /** How much of it is text: the more, the surer a match. */
  weight: number
  /** Whether it may be all that is said. */
  isAlone: boolean
  translation: string
}

/** Longer texts are no sentences of ours. */
const MOST_CHARACTERS = 4000
const DEEPEST = 5
/** Patterns with fewer letters are parts of sentences, such as "{0} and {1}"; alone they might be anything, but for headings. */
const LEAST_ALONE = 8
const HEADING = /^\p{Lu}\p{L}+: $/u

export const SENTENCE = 'Expected {0}, but {1}: {2}.'
/** A name and what is said of it, such as '"cup.jpg" is damaged'. */
const NAMED = /^"(.*)" (.*)$/s
const OF_NAME = '"{0}" {1}'

/** A translator into the language of `phrases`. */
export function translatorOf(phrases: Phrases): Translate {
  const whole = new Map<string, string>()
  const patterns: Pattern[] = []
  for (const [english, translation] of Object.entries(phrases)) {
    if (english === SENTENCE) continue
    if (/\{\d+\}/.test(english)) patterns.push(patternOf(english, translation))
    else whole.set(english, translation)
  }
  patterns.sort((a, b) => b.weight - a.weight)

  /** Undefined: not known. */
  function known(text: string, depth: number): string | undefined {
    if (depth > DEEPEST || text.length > MOST_CHARACTERS) return undefined
    return whole.get(text) ?? matched(text, depth) ?? sentence(text, depth)
  }

  /** By the pattern that knows most of it, or most of what is said of a name. */
  function matched(text: string, depth: number): string | undefined {
    const isSentence = text.startsWith('Expected ')
    const [, name, rest] = (depth > 0 && NAMED.exec(text)) || []
    const known = rest === undefined ? undefined : whole.get(rest)
    const weight = known === undefined ? 0 : rest!.length
    for (const pattern of patterns) {
      if (pattern.weight <= weight) break
      if (depth === 0 && !pattern.isAlone) continue
      if (isSentence && !pattern.pieces[0]!.startsWith('Expected ')) continue
      const values = valuesIn(text, pattern.pieces)
      if (values) return filled(pattern.translation, said(values, pattern, depth))
      const ofIt = rest !== undefined && pattern.pieces[0] !== '' && valuesIn(rest, pattern.pieces)
      if (ofIt) return ofName(name!, filled(pattern.translation, said(ofIt, pattern, depth)))
    }
    return known === undefined ? undefined : ofName(name!, known)
  }

  function ofName(name: string, said: string): string {
    return filled(phrases[OF_NAME] ?? OF_NAME, [name, said])
  }

  function said(values: readonly string[], { isName }: Pattern, depth: number): string[] {
    return values.map((value, index) => (isName[index] ? value : (known(value, depth + 1) ?? value)))
  }

  /** Its three parts may hold what stands between them: it is parted where most of them are known. */
  function sentence(text: string, depth: number): string | undefined {
    const translation = phrases[SENTENCE]
    if (translation === undefined || !text.startsWith('Expected ') || !text.endsWith('.')) return undefined
    let best: { parts: string[]; known: number } | undefined
    for (const parts of partings(text.slice('Expected '.length, -1))) {
      const translated = parts.map((part) => known(part, depth + 1))
      const count = translated.filter((part) => part !== undefined).length
      if (!best || count > best.known) best = { parts: translated.map((part, i) => part ?? parts[i]!), known: count }
    }
    return best && filled(translation, best.parts)
  }

  return (english, isPart = false) => known(english, isPart ? 1 : 0) ?? english
}

/** All ways to read "…, but …: …". */
function* partings(text: string): Generator<[string, string, string]> {
  let tries = 0
  for (let but = text.indexOf(', but '); but >= 0; but = text.indexOf(', but ', but + 1)) {
    for (
      let colon = text.indexOf(': ', but);
      colon >= 0 && tries < 64;
      colon = text.indexOf(': ', colon + 1), tries += 1
    )
      yield [text.slice(0, but), text.slice(but + 6, colon), text.slice(colon + 2)]
  }
}

function patternOf(english: string, translation: string): Pattern {
  const pieces = english.split(/\{\d+\}/)
  // What stands in quotes, or belongs to an option or a path, is said as it is.
  const isName = pieces.slice(0, -1).map((piece) => /["“/.-]$/.test(piece))
  const text = pieces.join('')
  const letters = text.replaceAll(/[^\p{L}]/gu, '').length
  return {
    pieces,
    isName,
    weight: text.length,
    isAlone: letters >= LEAST_ALONE || HEADING.test(pieces[0]!),
    translation,
  }
}

/** What stands between the pieces, each value as short as can be; undefined when they are not all there. */
function valuesIn(text: string, pieces: readonly string[]): string[] | undefined {
  const last = pieces.at(-1)!
  if (!text.startsWith(pieces[0]!) || !text.endsWith(last)) return undefined
  const values: string[] = []
  let at = pieces[0]!.length
  for (const piece of pieces.slice(1, -1)) {
    const next = text.indexOf(piece, at)
    if (next < 0) return undefined
    values.push(text.slice(at, next))
    at = next + piece.length
  }
  const end = text.length - last.length
  return end < at ? undefined : [...values, text.slice(at, end)]
}

function filled(translation: string, values: readonly string[]): string {
  return translation.replaceAll(/\{(\d+)\}/g, (_, index: string) => values[Number(index)] ?? '')
}
