import type * as CssSelect from 'css-select'
import type * as CssWhat from 'css-what'
import type { AtRule, ChildNode, Document, Root, Rule as RuleNode } from 'postcss'
import type SafeParser from 'postcss-safe-parser'
import { load } from '../../load.ts'
import { unreadable } from './refusal.ts'
import { DEEPEST, type SvgElement } from './tree.ts'

/** Of postcss: what declarations and rules lie in. */
type Container = Document | Root | AtRule | RuleNode
type Selector = CssWhat.Selector
type Adapter = NonNullable<CssSelect.Options<SvgElement, SvgElement>['adapter']>

// What style sheets are read with, once there are any: our own drawings have none.
const cssSelect = () => load('css-select') as typeof CssSelect
const cssWhat = () => load('css-what') as typeof CssWhat
const safeParser = () => load('postcss-safe-parser') as typeof SafeParser

/** What is said of an element itself: attributes, rules of style sheets and `style`, the stronger over the weaker. */
export type Declared = ReadonlyMap<string, string>

interface Rule {
  selector: Selector[]
  specificity: number
  declarations: Declaration[]
}
interface Declaration {
  name: string
  value: string
  important: boolean
}

const MOST_CSS = 2 ** 20
const MOST_RULES = 20_000
/** Questions that selectors may ask of elements. */
const MOST_QUESTIONS = 1_000_000

/** Gives what each element declares, once it is asked. Throws a FewlineError of kind `call` when that takes too long. */
export function cascade(root: SvgElement): (element: SvgElement) => Declared {
  const own = new Own()
  const rules = new RuleBook(styleSheets(root), own)
  const known = new Map<SvgElement, Declared>()
  return (element) => {
    let declared = known.get(element)
    if (!declared) known.set(element, (declared = declare(element, rules.of(element), own)))
    return declared
  }
}

/** The texts of all `<style>` that hold for screens. */
function styleSheets(root: SvgElement): string {
  const sheets: string[] = []
  const visit = (element: SvgElement): void => {
    if (element.name === 'style' && forScreens(element.attributes.media ?? '')) sheets.push(element.text)
    element.children.forEach(visit)
  }
  visit(root)
  const css = sheets.join('\n')
  if (css.length > MOST_CSS) throw unreadable('its style sheets have more than 1 MB')
  return css
}

function forScreens(media: string): boolean {
  return /^\s*(((only\s+)?(screen|all))\s*)?$/i.test(media)
}

/** Properties that matter to lines, besides those that the drawing defines itself. */
const PROPERTIES = new Set([
  ...['stroke', 'stroke-width', 'stroke-opacity', 'color', 'visibility', 'display', 'opacity', 'vector-effect'],
  ...['transform', 'transform-origin', 'transform-box', 'translate', 'rotate', 'scale'],
  ...['d', 'points', 'x', 'y', 'width', 'height', 'cx', 'cy', 'r', 'rx', 'ry', 'x1', 'y1', 'x2', 'y2'],
  ...['stop-color', 'stop-opacity'],
])
/** The longest that what is said of an element may be, but for its points. */
const LONGEST = 2000
const LONGEST_STYLE = 20_000
/** Of all that a drawing defines itself. */
const MOST_OWN = 1000

function declare({ attributes }: SvgElement, rules: readonly Rule[], own: Own): Declared {
  const declared = new Map<string, string>()
  for (const name in attributes) if (PROPERTIES.has(name)) declared.set(name, attributes[name]!)
  const { style = '' } = attributes
  if (style.length > LONGEST_STYLE)
    throw unreadable(`the style of an element has more than ${LONGEST_STYLE} characters`)
  const inline = style === '' ? [] : declarationsOf(parsed(style), own)
  const sheets = rules.flatMap(({ declarations }) => declarations)
  for (const important of [false, true]) {
    for (const declaration of [...sheets, ...inline]) {
      if (declaration.important === important) declared.set(declaration.name, declaration.value)
    }
  }
  for (const [name, value] of declared) {
    if (value.length > LONGEST && name !== 'd' && name !== 'points') {
      throw unreadable(`the ${name} of an element has more than ${LONGEST} characters`)
    }
  }
  return declared
}

/** How many properties a drawing has defined itself. */
class Own {
  #count = 0

  define(): void {
    if (++this.#count > MOST_OWN) throw unreadable(`it defines more than ${MOST_OWN} properties of its own`)
  }
}

/** Those that matter, each once: the last one that counts. */
function declarationsOf(container: Container, own: Own): Declaration[] {
  const last = new Map<string, Declaration>()
  for (const node of (container.nodes ?? []) as ChildNode[]) {
    if (node.type !== 'decl') continue
    // Names of properties are the same in any case, but for those that the drawing defines itself.
    const name = node.variable ? node.prop : node.prop.toLowerCase()
    if (node.prop.startsWith('--')) own.define()
    else if (!PROPERTIES.has(name)) continue
    const important = Boolean(node.important)
    if (important || !last.get(name)?.important) last.set(name, { name, value: node.value, important })
  }
  return [...last.values()]
}

/** CSS with whatever mistakes in it. */
function parsed(css: string): Container {
  try {
    return safeParser()(css)
  } catch (cause) {
    throw unreadable('its style sheets are no CSS', cause)
  }
}

/** The rules of a drawing, found by what the last part of their selectors asks for. */
class RuleBook {
  readonly #rules = new Map<string, { rule: Rule; order: number }[]>()
  readonly #matches = new Map<Rule, (element: SvgElement) => boolean>()
  readonly #budget = new Budget()
  readonly #adapter = adapterFor(this.#budget)

  constructor(css: string, own: Own) {
    rulesOf(css, own).forEach((rule, order) => {
      const key = keyOf(rule.selector)
      const rules = this.#rules.get(key)
      if (rules) rules.push({ rule, order })
      else this.#rules.set(key, [{ rule, order }])
    })
  }

  /** Those that hold for an element, the stronger later. */
  of(element: SvgElement): Rule[] {
    if (this.#rules.size === 0) return []
    const { id, class: classes = '' } = element.attributes
    const keys = ['*', element.name, `#${id}`, ...classes.split(/\s+/).map((name) => `.${name}`)]
    return [...new Set(keys)]
      .flatMap((key) => this.#rules.get(key) ?? [])
      .filter(({ rule }) => this.#holds(rule, element))
      .sort((a, b) => a.rule.specificity - b.rule.specificity || a.order - b.order)
      .map(({ rule }) => rule)
  }

  #holds(rule: Rule, element: SvgElement): boolean {
    this.#budget.ask()
    let matches = this.#matches.get(rule)
    if (!matches) this.#matches.set(rule, (matches = compiled(rule.selector, this.#adapter)))
    return matches(element)
  }
}

function compiled(selector: Selector[], adapter: Adapter): (element: SvgElement) => boolean {
  try {
    return cssSelect().compile<SvgElement, SvgElement>([selector], { adapter, xmlMode: true })
  } catch {
    // A selector that is not understood holds for nothing, as in browsers.
    return () => false
  }
}

function rulesOf(css: string, own: Own): Rule[] {
  const rules: Rule[] = []
  const visit = (container: Container, depth: number): void => {
    if (depth > DEEPEST) throw unreadable('its style sheets lie too deep in each other')
    for (const node of container.nodes ?? []) {
      if (node.type === 'rule') {
        const declarations = declarationsOf(node, own)
        for (const selector of selectorsOf(node.selector)) {
          rules.push({ selector, specificity: specificityOf(selector), declarations })
        }
        if (rules.length > MOST_RULES) throw unreadable(`its style sheets have more than ${MOST_RULES} rules`)
      } else if (node.type === 'atrule' && holds(node)) visit(node, depth + 1)
    }
  }
  if (css !== '') visit(parsed(css), 0)
  return rules
}

function holds({ name, params }: AtRule): boolean {
  return name === 'layer' || (name === 'media' && forScreens(params))
}

function selectorsOf(text: string): Selector[][] {
  try {
    return cssWhat().parse(text)
  } catch {
    return []
  }
}

/** Identifiers count a million, classes, attributes and states a thousand, names of elements one. */
function specificityOf(selector: readonly Selector[]): number {
  return selector.reduce((sum, part) => sum + specificityOfPart(part), 0)
}

function specificityOfPart(part: Selector): number {
  const { SelectorType } = cssWhat()
  switch (part.type) {
    case SelectorType.Attribute:
      return part.name === 'id' ? 1e6 : 1e3
    case SelectorType.Tag:
      return 1
    case SelectorType.Pseudo:
      if (part.name === 'where') return 0
      return Array.isArray(part.data) ? Math.max(0, ...part.data.map(specificityOf)) : 1e3
    default:
      return 0
  }
}

/** What an element must have to be asked at all: `#id`, `.class`, a name, or nothing. */
function keyOf(selector: readonly Selector[]): string {
  const { AttributeAction, isTraversal, SelectorType } = cssWhat()
  let key = '*'
  for (const part of selector) {
    if (part.type === SelectorType.Tag) key = key === '*' ? part.name : key
    else if (part.type === SelectorType.Attribute) {
      if (part.name === 'id' && part.action === AttributeAction.Equals) key = `#${part.value}`
      else if (part.name === 'class' && part.action === AttributeAction.Element) key = `.${part.value}`
    } else if (isTraversal(part)) key = '*'
  }
  return key
}

/** Counts the questions of selectors, since some would never come to an end. */
class Budget {
  #asked = 0

  ask(questions = 1): void {
    if ((this.#asked += questions) > MOST_QUESTIONS) throw unreadable('its style sheets ask too much')
  }
}

/** How selectors look at our elements. */
function adapterFor(budget: Budget): Adapter {
  const asked = <Answer>(answer: Answer, questions = 1): Answer => (budget.ask(questions), answer)
  return {
    isTag: (element): element is SvgElement => element.name !== '',
    getAttributeValue: ({ attributes }, name) => asked(attributes[name]),
    hasAttrib: ({ attributes }, name) => asked(name in attributes),
    getName: ({ name }) => asked(name),
    getParent: ({ parent }) => asked(parent ?? null),
    getChildren: ({ children }) => asked(children, children.length),
    getSiblings: (element) => {
      const siblings = element.parent?.children ?? [element]
      return asked(siblings, siblings.length)
    },
    getText: ({ text }) => text,
    removeSubsets: (elements) => elements,
  }
}
