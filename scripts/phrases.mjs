// What the engine, the command line and the host may say to people, read off the sources: every text that can reach an
// error, a warning, a notice or a line on a terminal. The languages (src/words) are held to it by test/words/phrases.test.ts;
// run as a program, it lists what a language lacks.
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

const root = join(fileURLToPath(import.meta.url), '..', '..')

/** The names under which what is said leaves a function or an object. */
const SAID = new Set(['came', 'todo', 'warnings', 'notes', 'hints', 'label', 'lines'])
const CATALOGUE = 'resources/models.json'

/** Figures for those who measure: they stay as they are. */
const TABLES = /\/cli\/bench[^/]*$/

/** Functions that tell people something, whoever they belong to, and from which argument on. */
const TELLERS = {
  say: 0,
  answer: 0,
  said: 0,
  goesOn: 0,
  notify: 1,
  description: 0,
  option: 1,
  argument: 1,
  default: 1,
  Option: 1,
  version: 2,
  helpOption: 1,
  helpCommand: 1,
  addHelpText: 1,
}

/**
 * All phrases: texts with {0}, {1} where values stand, each with the places where it is written.
 * A text that is a parameter is looked for in all calls; one that a function returns, in what it returns.
 */
export function phrasesOf(folders = ['src', 'main']) {
  const files = folders.flatMap((folder) => sourcesIn(join(root, folder)))
  // Our own files are all there is to it: no libraries, and no types are checked.
  const program = ts.createProgram(
    files,
    {
      ...{ noLib: true, noResolve: false, types: [], allowImportingTsExtensions: true, noEmit: true },
      ...{ module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext, skipLibCheck: true },
      target: ts.ScriptTarget.ES2023,
    },
    ownHost(),
  )
  return new Collector(program).collect()
}

/** Packages are not looked into: they say nothing of ours. */
function ownHost() {
  const host = ts.createCompilerHost({})
  host.resolveModuleNameLiterals = (literals, file) =>
    literals.map(({ text }) => ({
      resolvedModule: text.startsWith('.')
        ? { resolvedFileName: join(file, '..', text).replace(/\.js$/, '.ts'), extension: '.ts' }
        : undefined,
    }))
  return host
}

class Collector {
  phrases = new Map()
  opaque = new Map()
  seen = new Set()
  calls = new Map()

  constructor(program) {
    this.checker = program.getTypeChecker()
    this.sources = program.getSourceFiles().filter(({ fileName }) => !fileName.includes('node_modules'))
  }

  collect() {
    for (const source of this.sources) this.visit(source, (node) => this.index(node))
    for (const source of this.sources.filter(({ fileName }) => !TABLES.test(fileName)))
      this.visit(source, (node) => this.begin(node))
    for (const { name, purpose, unlocks } of JSON.parse(readFileSync(join(root, CATALOGUE), 'utf8')).models) {
      for (const text of [purpose, unlocks]) if (text) this.phrases.set(text, [`${CATALOGUE}: ${name}`])
    }
    return { phrases: this.phrases, opaque: this.opaque }
  }

  visit(node, see) {
    see(node)
    ts.forEachChild(node, (child) => this.visit(child, see))
  }

  /** Who calls whom, with what. */
  index(node) {
    if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) return
    const declaration = this.functionOf(node.expression, ts.isNewExpression(node))
    if (!declaration) return
    const calls = this.calls.get(declaration) ?? []
    calls.push(node)
    this.calls.set(declaration, calls)
  }

  /** Where something is said. */
  begin(node) {
    if (ts.isPropertyAssignment(node) && this.isSaid(node)) this.follow(node.initializer)
    if (ts.isVariableDeclaration(node) && node.name.text === 'COMMANDER') this.follow(node.initializer)
    if (ts.isShorthandPropertyAssignment(node) && this.isSaid(node))
      this.followSymbol(this.checker.getShorthandAssignmentValueSymbol(node), node)
    if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) return
    const name = nameOf(node.expression)
    if (Object.hasOwn(TELLERS, name)) node.arguments.slice(TELLERS[name]).forEach((argument) => this.follow(argument))
    if (name === 'push' && SAID.has(nameOf(node.expression.expression)))
      node.arguments.forEach((argument) => this.follow(argument))
  }

  isSaid({ name, parent }) {
    if (SAID.has(name.text)) return true
    if (name.text !== 'expected' && name.text !== 'text' && name.text !== 'note') return false
    const beside = (parent.properties ?? []).map((property) => property.name?.text)
    if (name.text === 'expected') return beside.includes('came') || beside.includes('kind') || beside.includes('todo')
    return beside.includes('level') || name.text === 'note'
  }

  follow(node) {
    if (!node || this.seen.has(node)) return
    this.seen.add(node)
    if (ts.isStringLiteralLike(node)) return this.add(node.text, node)
    if (ts.isTemplateExpression(node)) {
      this.add(templateOf(node), node)
      // What stands in quotes is a name, and is said as it is.
      node.templateSpans.forEach(({ expression, literal }, index) => {
        const before = index === 0 ? node.head : node.templateSpans[index - 1].literal
        if (!(/["“]$/.test(before.text) && /^["”]/.test(literal.text))) this.follow(expression)
      })
    } else if (ts.isConditionalExpression(node)) {
      this.follow(node.whenTrue)
      this.follow(node.whenFalse)
    } else if (ts.isBinaryExpression(node)) {
      if (/^(\?\?|\|\||&&|\+)$/.test(node.operatorToken.getText()))
        [node.left, node.right].forEach((side) => this.follow(side))
    } else if (ts.isArrayLiteralExpression(node)) node.elements.forEach((element) => this.follow(element))
    else if (ts.isObjectLiteralExpression(node)) this.followTable(node)
    else if (ts.isArrowFunction(node) || ts.isFunctionExpression(node)) this.followReturns(node)
    else if (ts.isCallExpression(node)) this.followCall(node)
    else if (ts.isIdentifier(node)) this.followSymbol(this.checker.getSymbolAtLocation(node), node)
    else if (ts.isElementAccessExpression(node)) this.follow(node.expression)
    else if (ts.isPropertyAccessExpression(node)) this.followProperty(node)
    else if (node.expression) this.follow(node.expression)
  }

  followTable(node) {
    for (const property of node.properties) this.follow(property.initializer ?? property.expression)
  }

  followCall(node) {
    const name = nameOf(node.expression)
    if (ts.isPropertyAccessExpression(node.expression)) {
      const { expression: on } = node.expression
      if (name === 'join') {
        this.follow(on)
        const [between] = node.arguments
        if (between && ts.isStringLiteralLike(between) && /\p{L}/u.test(between.text))
          this.add(`{0}${between.text}{1}`, between)
        return
      }
      if (
        [
          'map',
          'flatMap',
          'filter',
          'at',
          'slice',
          'concat',
          'flat',
          'replace',
          'replaceAll',
          'trim',
          'padEnd',
          'padStart',
        ].includes(name)
      ) {
        this.follow(on)
        if (/^(map|flatMap|concat)$/.test(name)) node.arguments.forEach((argument) => this.follow(argument))
        return
      }
    }
    const declaration = this.functionOf(node.expression)
    if (declaration) this.followReturns(declaration)
    else this.leave(node)
  }

  followReturns(declaration) {
    const { body } = declaration
    if (!body || this.seen.has(body)) return
    this.seen.add(body)
    if (!ts.isBlock(body)) {
      this.seen.delete(body)
      return this.follow(body)
    }
    const see = (node) => {
      if (ts.isReturnStatement(node)) this.follow(node.expression)
      if (ts.isYieldExpression(node)) this.follow(node.expression)
      if (!ts.isFunctionLike(node)) ts.forEachChild(node, see)
    }
    ts.forEachChild(body, see)
  }

  followProperty(node) {
    const symbol = this.checker.getSymbolAtLocation(node)
    const declaration = symbol?.valueDeclaration
    if (declaration && ts.isPropertyAssignment(declaration)) return this.follow(declaration.initializer)
    this.leave(node)
  }

  followSymbol(symbol, from) {
    const declaration = this.declared(symbol)
    if (!declaration) return this.leave(from)
    if (ts.isVariableDeclaration(declaration)) {
      if (declaration.initializer) return this.follow(declaration.initializer)
      if (ts.isForOfStatement(declaration.parent.parent)) return this.follow(declaration.parent.parent.expression)
      return this.leave(from)
    }
    if (ts.isParameter(declaration)) return this.followParameter(declaration)
    if (ts.isBindingElement(declaration)) return this.followBinding(declaration)
    if (ts.isFunctionLike(declaration)) return this.followReturns(declaration)
    if (ts.isPropertyAssignment(declaration)) return this.follow(declaration.initializer)
    this.leave(from)
  }

  followBinding(element) {
    let holder = element
    while (ts.isBindingElement(holder)) holder = holder.parent.parent
    if (element.initializer) this.follow(element.initializer)
    if (ts.isVariableDeclaration(holder) && holder.initializer) {
      const { initializer } = holder
      const bare = ts.isAwaitExpression(initializer) ? initializer.expression : initializer
      if (ts.isArrayBindingPattern(element.parent) || SAID.has(element.name.text)) this.follow(bare)
      else this.leave(element)
    } else this.leave(element)
  }

  /** All that is given for it, wherever the function is called. */
  followParameter(parameter) {
    if (this.seen.has(parameter)) return
    this.seen.add(parameter)
    this.follow(parameter.initializer)
    const owner = parameter.parent
    const place = owner.parameters.indexOf(parameter)
    const calls = this.calls.get(owner)
    if (!calls) return this.leave(parameter)
    for (const call of calls) {
      const given = call.arguments ?? []
      if (parameter.dotDotDotToken) given.slice(place).forEach((argument) => this.follow(argument))
      else this.follow(given[place])
    }
  }

  functionOf(expression, isNew = false) {
    const declaration = this.declared(this.checker.getSymbolAtLocation(expression))
    if (!declaration) return undefined
    if (isNew && ts.isClassDeclaration(declaration)) return this.constructorOf(declaration)
    if (ts.isFunctionLike(declaration)) return declaration
    const value = declaration.initializer
    return value && (ts.isArrowFunction(value) || ts.isFunctionExpression(value)) ? value : undefined
  }

  /** Its own, or that of what it extends. */
  constructorOf(declaration) {
    const own = declaration.members.find(ts.isConstructorDeclaration)
    const [base] = (declaration.heritageClauses ?? []).flatMap(({ types }) => types)
    const before = base && this.declared(this.checker.getSymbolAtLocation(base.expression))
    return own ?? (before && ts.isClassDeclaration(before) ? this.constructorOf(before) : undefined)
  }

  declared(symbol) {
    if (!symbol) return undefined
    const real = symbol.flags & ts.SymbolFlags.Alias ? this.checker.getAliasedSymbol(symbol) : symbol
    return real.valueDeclaration
  }

  add(text, node) {
    if (!/\p{L}{2}/u.test(text.replaceAll(/\{\d+\}/g, ''))) return
    const places = this.phrases.get(text) ?? []
    places.push(placeOf(node))
    this.phrases.set(text, places)
  }

  /** What can't be followed: values, mostly. */
  leave(node) {
    this.opaque.set(placeOf(node), node.getText().slice(0, 80))
  }
}

/** `text ${value} text` as "text {0} text". */
function templateOf(node) {
  return node.head.text + node.templateSpans.map(({ literal }, index) => `{${index}}${literal.text}`).join('')
}

function nameOf(node) {
  return node?.name?.text ?? node?.text
}

function placeOf(node) {
  const source = node.getSourceFile()
  return `${relative(root, source.fileName)}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}`
}

function sourcesIn(folder) {
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, String(name)))
    .filter((file) => file.endsWith('.ts'))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { phrases, opaque } = phrasesOf()
  if (process.argv[2] === '--opaque') for (const [place, text] of opaque) console.log(`${place}: ${text}`)
  for (const language of ['de', 'zh']) {
    const words = readFileSync(join(root, 'src', 'words', `${language}.ts`), 'utf8')
    for (const [text, [place]] of phrases) {
      const quoted = [JSON.stringify(text), `'${text.replaceAll("'", "\\'")}'`, `  ${text}:`]
      if (/\s/.test(text) && !quoted.some((form) => words.includes(form)))
        console.log(`${language} lacks (${place}) ${text}`)
    }
  }
}
