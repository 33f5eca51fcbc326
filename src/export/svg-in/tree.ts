import type * as Saxes from 'saxes'
import { load } from '../../load.ts'
import { quoted, unreadable } from './refusal.ts'
import { checkLength } from './text.ts'

/** An element of a drawing; those of other namespaces (of editors, of metadata) have no name. */
export interface SvgElement {
  /** Without its prefix. */
  name: string
  attributes: Readonly<Record<string, string>>
  parent?: SvgElement
  children: SvgElement[]
  /** What is written in a `<style>`. */
  text: string
}

const SVG = 'http://www.w3.org/2000/svg'
/** Far more than any drawing has that becomes a few lines. */
export const MOST_ELEMENTS = 30_000
/** Of one element, and of all. */
const MOST_ATTRIBUTES = 10_000
const MOST_ATTRIBUTES_IN_ALL = 300_000
export const DEEPEST = 256
/** Characters that may come of entities: enough for the namespaces that Illustrator writes so. */
const MOST_FROM_ENTITIES = 100_000

/** Reads the XML of an SVG. Throws a FewlineError of kind `call` when it is none, or larger than any drawing. */
export function parseSvg(text: string): SvgElement {
  checkLength(text.length)
  const { SaxesParser } = load('saxes') as typeof Saxes
  const parser = new SaxesParser({ xmlns: false, position: false })
  const names = new Names()
  let root: SvgElement | undefined
  let current: SvgElement | undefined
  let elements = 0
  let attributes = 0
  let inAll = 0
  let depth = 0
  parser.on('error', (cause) => {
    throw unreadable(`it is no XML (${cause.message.split('\n')[0]!})`, cause)
  })
  parser.on('doctype', (doctype) => defineEntities(parser, doctype))
  parser.on('attribute', () => {
    if (++attributes > MOST_ATTRIBUTES || ++inAll > MOST_ATTRIBUTES_IN_ALL) {
      throw unreadable('it has more attributes than any drawing')
    }
  })
  parser.on('opentag', (tag) => {
    if (++elements > MOST_ELEMENTS) throw unreadable(`it has more than ${MOST_ELEMENTS} elements`)
    attributes = 0
    if (++depth > DEEPEST) throw unreadable(`its groups lie more than ${DEEPEST} deep in each other`)
    const element = { name: names.open(tag), attributes: tag.attributes, parent: current, children: [], text: '' }
    if (current) current.children.push(element)
    else root = element
    current = element
  })
  parser.on('closetag', (tag) => {
    depth--
    names.close(tag)
    current = current?.parent
  })
  const gather = (written: string): void => {
    if (current?.name === 'style') current.text += written
  }
  parser.on('text', gather)
  parser.on('cdata', gather)
  parser.write(text.replace(/^\uFEFF/, '')).close()
  if (root?.name !== 'svg') throw unreadable('it holds no <svg>')
  return root
}

/** Which prefixes stand for SVG at present. A file that declares nothing at all is taken as one. */
class Names {
  readonly #meanings = new Map<string, string[]>()

  /** The name of an element that begins, '' if it is not SVG's. */
  open({ name, attributes }: Saxes.SaxesTagPlain): string {
    for (const [attribute, meaning] of declarations(attributes)) {
      const meanings = this.#meanings.get(attribute)
      if (meanings) meanings.push(meaning)
      else this.#meanings.set(attribute, [meaning])
    }
    const colon = name.indexOf(':')
    const declared = this.#meanings.get(colon < 0 ? 'xmlns' : `xmlns:${name.slice(0, colon)}`)?.at(-1)
    return (declared ?? (colon < 0 ? SVG : '')) === SVG ? name.slice(colon + 1) : ''
  }

  close({ attributes }: Saxes.SaxesTagPlain): void {
    for (const [attribute] of declarations(attributes)) this.#meanings.get(attribute)?.pop()
  }
}

function declarations(attributes: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(attributes).filter(([name]) => name.startsWith('xmlns'))
}

/** Those of the document itself, as text: nothing in them is expanded again. */
function defineEntities(parser: Saxes.SaxesParser, doctype: string): void {
  let spent = 0
  for (const [, name, , value] of doctype.matchAll(/<!ENTITY\s+([\w.-]+)\s+(["'])([^"'<&%]*)\2\s*>/g)) {
    Object.defineProperty(parser.ENTITIES, name!, {
      get: () => {
        if ((spent += value!.length) > MOST_FROM_ENTITIES)
          throw unreadable(`its entity ${quoted(name!)} comes too often`)
        return value
      },
    })
  }
}
