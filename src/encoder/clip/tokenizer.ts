import { FewlineError } from '../../errors.ts'
import { cleanPrompt } from './clean.ts'

/** A prompt → the numbers of its tokens, between one that starts and one that ends the text. */
export type Tokenizer = (prompt: string) => number[]

/** CLIP knows so many merges of its vocabulary file; the rest of the file is for other models. */
const MERGES = 49152 - 256 - 2
const WORD_END = '</w>'
const [START, END] = ['<|startoftext|>', '<|endoftext|>']
/** English endings, runs of letters, single digits, runs of anything else. */
const WORDS = /<\|startoftext\|>|<\|endoftext\|>|'(?:[stmd]|re|ve|ll)|\p{L}+|\p{N}|[^\s\p{L}\p{N}]+/gu

/**
 * CLIP's tokenizer, byte pair encoding (Sennrich et al. 2016) on the bytes of UTF-8: words begin as single bytes, and
 * the pair that stands first in the vocabulary is joined, again and again, until no pair of theirs is in it.
 * `vocabulary` is the text of CLIP's vocabulary file: a heading, then a pair on each line.
 * Throws a FewlineError of kind `model` when it is not.
 */
export function tokenizerFrom(vocabulary: string): Tokenizer {
  const merges = vocabulary.split('\n', MERGES + 1).slice(1)
  if (merges.length < MERGES || !merges.every((merge) => /^\S+ \S+$/.test(merge))) {
    throw new FewlineError({
      kind: 'model',
      expected: "CLIP's vocabulary",
      came: 'the file holds something else',
      todo: 'download it again',
    })
  }
  const bytes = byteCharacters()
  // The tokens' numbers are their order: single bytes, those that end a word, the merges.
  const singles = [...printableFirst(), ...unprintable()].map((byte) => bytes[byte]!)
  const joined = merges.map((merge) => merge.replace(' ', ''))
  const tokens = [...singles, ...singles.map((single) => single + WORD_END), ...joined, START, END]
  const numbers = new Map(tokens.map((token, number) => [token, number]))
  const ranks = new Map(merges.map((merge, rank) => [merge, rank]))

  const known = new Map<string, number[]>()
  const wordNumbers = (word: string): number[] => {
    let found = known.get(word)
    if (!found) known.set(word, (found = joinedPairs(partsOf(word, bytes), ranks).map((part) => numbers.get(part)!)))
    return found
  }
  return (prompt) => {
    const words = cleanPrompt(prompt).match(WORDS) ?? []
    return [START, ...words, END].flatMap((word) => {
      return word === START || word === END ? numbers.get(word)! : wordNumbers(word)
    })
  }
}

/** A word's bytes as characters; the last one carries the end of the word. */
function partsOf(word: string, bytes: readonly string[]): string[] {
  const parts = Array.from(new TextEncoder().encode(word), (byte) => bytes[byte]!)
  return parts.with(-1, parts.at(-1)! + WORD_END)
}

/** Joins every occurrence of the pair of the lowest rank until none is left that has one. */
function joinedPairs(parts: string[], ranks: ReadonlyMap<string, number>): string[] {
  for (;;) {
    const pairs = parts.slice(1).map((part, i) => `${parts[i]!} ${part}`)
    const best = pairs.reduce((least, pair) => Math.min(least, ranks.get(pair) ?? Infinity), Infinity)
    if (best === Infinity) return parts
    const next: string[] = []
    for (let i = 0; i < parts.length; i++) {
      const joins = i < pairs.length && ranks.get(pairs[i]!) === best
      next.push(joins ? parts[i]! + parts[++i]! : parts[i]!)
    }
    parts = next
  }
}

/** Bytes that are a visible character in Latin-1, in the order in which the vocabulary has them. */
function printableFirst(): number[] {
  const between = (first: string, last: string): number[] => {
    const start = first.charCodeAt(0)
    return Array.from({ length: last.charCodeAt(0) - start + 1 }, (_, i) => start + i)
  }
  return [...between('!', '~'), ...between('¡', '¬'), ...between('®', 'ÿ')]
}

function unprintable(): number[] {
  const printable = new Set(printableFirst())
  return Array.from({ length: 256 }, (_, byte) => byte).filter((byte) => !printable.has(byte))
}

/** The character that stands for each byte: itself where it can be seen, else one from U+0100 on. */
function byteCharacters(): string[] {
  const characters = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte))
  unprintable().forEach((byte, i) => (characters[byte] = String.fromCharCode(256 + i)))
  return characters
}
