import { describe, expect, test } from 'vitest'
import { phrasesOf } from '../../scripts/phrases.mjs'
import { de } from '../../src/words/de.ts'
import { languageAsked, languageOf, openTranslator } from '../../src/words/languages.ts'
import { SENTENCE, translatorOf } from '../../src/words/phrases.ts'
import { zh } from '../../src/words/zh.ts'

const LANGUAGES = { de, zh }
const { phrases } = phrasesOf()
/** Single words may be names; what stands in a menu is none. */
const wanted = [...phrases].filter(
  ([text, places]) => /\s/.test(text) || places.some((place) => place.startsWith('main/desktop/')),
)
const parametersOf = (text: string) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort()
// Sentences about what has no name are put together of these and what is said of a file.
const byHand = ['"{0}" {1}', 'the picture {0}', 'the mask {0}', 'Cut', 'Copy', 'Paste', 'Quit', 'Minimize']

describe.each(Object.entries(LANGUAGES))('%s', (_, language) => {
  test('says all that the engine, the command line and the host say', () => {
    expect(wanted.length).toBeGreaterThan(700)
    expect(wanted.filter(([text]) => !(text in language)).map(([text, [place]]) => `${place}: ${text}`)).toEqual([])
  })

  test('says nothing that they do not say any more', () => {
    const stale = Object.keys(language).filter((text) => !phrases.has(text) && !byHand.includes(text))
    expect(stale).toEqual([])
  })

  test('has the same parameters', () => {
    const other = Object.entries(language).filter(
      ([english, text]) => parametersOf(english).join() !== parametersOf(text).join() || text.trim() === '',
    )
    expect(other).toEqual([])
  })

  test('knows every phrase again, whatever its values', () => {
    const translate = translatorOf(language)
    const given = (text: string) => text.replaceAll(/\{(\d+)\}/g, (_, index: string) => `${'⁰¹²³⁴⁵'[Number(index)]}7`)
    const missed = Object.entries(language)
      .filter(([english]) => english !== SENTENCE && translate(given(english), true) !== given(language[english]!))
      .map(([english]) => `${english} → ${translate(given(english), true)}`)
    expect(missed).toEqual([])
  })

  test('knows again what is said of a name', () => {
    const translate = translatorOf(language)
    const given = (text: string) => text.replaceAll(/\{\d+\}/g, '7')
    const said = Object.keys(language).filter((english) => /^(is|was|has|does) /.test(english))
    expect(said.length).toBeGreaterThan(20)
    const missed = said
      .map((english) => [`"a.png" ${given(english)}`, given(language[english]!)] as const)
      .filter(
        ([text, other]) =>
          translate(text, true) !== language['"{0}" {1}']!.replace('{0}', 'a.png').replace('{1}', other),
      )
    expect(missed).toEqual([])
  })

  test('says whole sentences of its own, of pictures without a name as well, and pleads once', () => {
    const translate = translatorOf(language)
    const said = [
      'Expected a photo to draw, but the picture is an empty file: choose a picture.',
      'Expected a photo to draw, but the picture is not a picture that Fewline reads: save it as JPEG or PNG.',
      'Expected a photo to send, but "a.png" has 55 MB: make it smaller.',
      'Expected a Redis server, but localhost does not answer (no): start it, or check the address and password.',
      'Expected a place of its own for each file, but "out/a.svg" is taken already: choose another name.',
    ].map((sentence) => translate(sentence))
    for (const sentence of said) {
      expect(sentence).not.toMatch(/\b(the|is|has|does|not|it|or|another)\b|请请/)
    }
  })

  test('says an error as one sentence of its own', () => {
    const said = translatorOf(language)(
      'Expected a photo to draw, but "my, but: cup.jpg" does not exist: check its path.',
    )
    expect(said).not.toMatch(/Expected|does not|check/)
    expect(said).toContain('my, but: cup.jpg')
  })
})

describe('a translator', () => {
  const translate = translatorOf(de)

  test('parts a sentence where its parts are known', () => {
    expect(
      translate('Expected to compute with webgpu, but ONNX Runtime says: no, but: yes: choose the device "cpu".'),
    ).toBe('Erwartet: mit webgpu rechnen, aber ONNX Runtime meldet: no, but: yes: das Gerät „cpu“ wählen.')
  })

  test('translates what a phrase holds, but no names', () => {
    expect(translate('Note: The file holds 3 pictures; the largest one is drawn.')).toBe(
      'Hinweis: Die Datei enthält 3 Bilder; gezeichnet wird das größte.',
    )
    expect(translate('"it is none" does not exist', true)).toBe('„it is none“ gibt es nicht')
    expect(translate('Expected --seeds to be a whole number from 1 to 9, but "0" came: try --seeds 1.')).toContain(
      '--seeds als ganze Zahl',
    )
  })

  test('leaves what it does not know as it is, however long', () => {
    for (const text of ['', 'cup and saucer', ' 97.1 %  a cat and a dog', 'Expected nothing.', 'x'.repeat(1e6)])
      expect(translate(text)).toBe(text)
    const hostile = `Expected ${'a, but b: '.repeat(390)}.`
    const begun = process.cpuUsage()
    translate(hostile)
    expect(process.cpuUsage(begun).user).toBeLessThan(2e6)
  })
})

describe('the language', () => {
  test('is the one that the environment asks for', () => {
    expect(languageAsked({ LANG: 'de_AT.UTF-8' })).toBe('de')
    expect(languageAsked({ LANG: 'de_DE.UTF-8', LC_MESSAGES: 'zh_CN.UTF-8' })).toBe('zh')
    expect(languageAsked({ LC_ALL: 'C', LC_MESSAGES: 'de_DE' })).toBe('en')
    expect(languageAsked({ LC_ALL: '', LANG: 'de' })).toBe('de')
    expect(languageAsked({})).toBe('en')
    expect(['zh-Hans-CN', 'zh', 'fr-FR', 'deu', 'POSIX'].map(languageOf)).toEqual(['zh', 'zh', 'en', 'en', 'en'])
  })

  test('is English without any phrases', async () => {
    expect((await openTranslator('en'))('a photo to draw')).toBe('a photo to draw')
    expect((await openTranslator('zh'))('a photo to draw', true)).toBe('要画的照片')
  })
})
