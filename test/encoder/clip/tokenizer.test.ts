import { describe, expect, test } from 'vitest'
import { cleanPrompt } from '../../../src/encoder/clip/clean.ts'
import { tokenizerFrom } from '../../../src/encoder/clip/tokenizer.ts'
import { vocabularyText } from '../../support/clip.ts'

const [START, END] = [49406, 49407]
/** The numbers of single bytes that can be seen are their place after "!"; ending a word adds 256, merges follow. */
const byte = (character: string) => character.charCodeAt(0) - 33
const last = (character: string) => 256 + byte(character)
const merge = (rank: number) => 512 + rank

describe('tokens', () => {
  const tokens = tokenizerFrom(vocabularyText(['l o', 'lo w</w>', 'o w</w>', 'n e', 'e r</w>', 'lo lo</w>']))

  test('single bytes, where no pair is known', () => {
    expect(tokens('cab')).toEqual([START, byte('c'), byte('a'), last('b'), END])
    expect(tokens('')).toEqual([START, END])
  })

  test('pairs are joined in the order of the vocabulary, everywhere in a word', () => {
    expect(tokens('low')).toEqual([START, merge(1), END])
    expect(tokens('now')).toEqual([START, byte('n'), merge(2), END])
    expect(tokens('lolo')).toEqual([START, merge(0), byte('l'), last('o'), END])
    expect(tokens('lower')).toEqual([START, merge(0), byte('w'), merge(4), END])
  })

  test('bytes of UTF-8 that can not be seen have numbers behind those that can', () => {
    // ã (U+00E3) is C3 A3; 寿 is E5 AF BF; the 188 visible bytes come first, and A0 and AD are not among them.
    expect(tokens('寿')).toEqual([
      START,
      0xe5 - 0xae + 94 + 12,
      0xaf - 0xae + 94 + 12,
      256 + 0xbf - 0xae + 94 + 12,
      END,
    ])
    expect(tokens('\u0120')).toEqual(tokens('\u0121'))
  })

  test('letters, digits and the rest are words of their own; spaces and case do not count', () => {
    expect(tokens("It's  42!?")).toEqual([
      START,
      byte('i'),
      last('t'),
      byte("'"),
      last('s'),
      last('4'),
      last('2'),
      byte('!'),
      last('?'),
      END,
    ])
    expect(tokens('LOW\tlow')).toEqual(tokens(' low low '))
  })

  test('the marks of start and end are single tokens also when they are typed', () => {
    expect(tokens('<|endoftext|>')).toEqual([START, END, END])
  })

  test('another file is refused', () => {
    expect(() => tokenizerFrom('a heading\na b\n')).toThrow(/^Expected CLIP's vocabulary/)
    expect(() => tokenizerFrom(vocabularyText(['three parts here']))).toThrow(/^Expected CLIP's vocabulary/)
  })
})

test.each([
  ['  Two   Words\n', 'two words'],
  ['“curled” and ‘single’', '"curled" and \'single\''],
  ['Tom &amp;amp; Jerry &lt;3', 'tom & jerry <3'],
  ['cafÃ©', 'café'],
  ['â€œquotedâ€\u009d', '"quoted"'],
  ['café', 'café'],
  ['cafe\u0301', 'café'],
  ['ﬁne ﬂower', 'fine flower'],
  ['ｗｉｄｅ　ｌｅｔｔｅｒｓ', 'wide letters'],
  ['a\u0000b\ufeffc', 'abc'],
  ['寿司 🎨', '寿司 🎨'],
])('%j is read as %j', (typed, read) => {
  expect(cleanPrompt(typed)).toBe(read)
})
