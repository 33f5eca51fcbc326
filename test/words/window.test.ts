import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'svelte/compiler'
import { describe, expect, test } from 'vitest'
import { de } from '../../renderer/i18n/de.ts'
import { en } from '../../renderer/i18n/en.ts'
import { zh } from '../../renderer/i18n/zh.ts'

const root = join(import.meta.dirname, '../../renderer')
/** What is called the same everywhere: formats, models and names. */
const NAMES = /^(SVG|PNG|PDF|GIF|WebP|MP4|WebM|Lottie|R?N?\d*|.*(RN|ViT|CLIP|OWL|SAM|DINO).*)$/
/** What host names are called otherwise is up to each language. */
const FREE = /^equipment\./

describe.each(Object.entries({ de, zh }))('%s', (_, language) => {
  test('has all words of the window, and no others', () => {
    const names = (messages: object) => [...leavesOf(messages)].map(([name]) => name).filter((name) => !FREE.test(name))
    expect(names(language).sort()).toEqual(names(en).sort())
  })

  test('says them with the same values', () => {
    const other = [...leavesOf(en)].filter(([name, value]) => {
      const here = at(language, name)
      return !FREE.test(name) && typeof here !== typeof value
    })
    expect(other).toEqual([])
  })
})

test('Chinese leaves nothing in another language', () => {
  const said = [...leavesOf(zh)].filter(
    ([name, value]) =>
      typeof value === 'string' &&
      value !== '' &&
      !/\p{Script=Han}/u.test(value) &&
      !NAMES.test(value) &&
      name !== 'name',
  )
  expect(said).toEqual([])
})

test('components hold no words of their own', () => {
  const found = readdirSync(root, { recursive: true })
    .map(String)
    .filter((file) => file.endsWith('.svelte'))
    .flatMap((file) => literalsIn(readFileSync(join(root, file), 'utf8')).map((text) => `${file}: ${text}`))
  expect(found).toEqual([])
})

test('a word in markup would be found', () => {
  expect(literalsIn('<p title="Hello there">Some words {x}</p><img alt="cup" /><b class="no word">{"3"}</b>')).toEqual([
    'Hello there',
    'Some words',
    'cup',
  ])
})

/** Every text and function, by its path. */
function* leavesOf(messages: object, path = ''): Generator<[string, unknown]> {
  for (const [key, value] of Object.entries(messages)) {
    if (typeof value === 'object' && value !== null) yield* leavesOf(value as object, `${path}${key}.`)
    else yield [path + key, value]
  }
}

function at(messages: object, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], messages)
}

const SPOKEN = new Set(['title', 'alt', 'placeholder', 'aria-label', 'aria-description', 'label', 'heading', 'help'])

/** Words that stand in the markup of a component: between tags, or in what is read aloud of them. */
function literalsIn(source: string): string[] {
  const found: string[] = []
  const note = (text: string): void => {
    const trimmed = text.replaceAll(/\bMB\b/g, '').trim()
    if (/\p{L}{2}/u.test(trimmed) && trimmed !== 'Fewline') found.push(trimmed)
  }
  const see = (node: unknown): void => {
    if (Array.isArray(node)) node.forEach(see)
    if (Array.isArray(node) || typeof node !== 'object' || node === null) return
    const { type, data, name, value } = node as { type?: string; data?: string; name?: string; value?: unknown }
    if (type === 'Text' && data !== undefined) note(data)
    if (type === 'Attribute') {
      if (SPOKEN.has(name!)) see(value)
      return
    }
    if (type === 'StyleDirective') return
    Object.entries(node).forEach(([key, part]) => key !== 'parent' && see(part))
  }
  see(parse(source, { modern: true }).fragment)
  return found
}
