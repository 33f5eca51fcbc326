import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'
import { LAYERS, partOf, refusal } from '../scripts/layers.mjs'

const root = join(import.meta.dirname, '..')
const folders = ['src', 'main', 'renderer'].filter((folder) => existsSync(join(root, folder)))
const files = folders.flatMap(sourcesIn)
/** What each file imports, types included: a circle of types is as hard to read as any. */
const imports = new Map(files.map((file) => [file, importsOf(file)]))

describe('imports', () => {
  test('every source file belongs to a part in the table', () => {
    expect(files.length).toBeGreaterThan(5)
    expect(files.filter((file) => !partOf(file))).toEqual([])
  })

  test('go only where the table allows', () => {
    const refused = [...imports].flatMap(([file, found]) =>
      found.flatMap((specifier) => {
        const why = refusal(file, specifier)
        return why ? [`${file}: ${why}`] : []
      }),
    )
    expect(refused).toEqual([])
  })

  test('the command line enters the studio by one import', () => {
    const entries = [...imports].flatMap(([file, found]) =>
      found.filter((specifier) => file.startsWith('src/') && specifier.includes('main/')).map(() => file),
    )
    expect(entries).toEqual(['src/cli.ts'])
  })

  test('close no cycle between files', () => {
    const edges = new Map(
      [...imports].map(([file, found]) => [
        file,
        found
          .filter((specifier) => specifier.startsWith('.'))
          .map((specifier) => posix.join(posix.dirname(file), specifier)),
      ]),
    )
    expect(cycleIn(edges)).toBeUndefined()
  })
})

describe('the table', () => {
  test('closes no cycle between parts', () => {
    const parts = Object.keys(LAYERS)
    const edges = new Map(
      Object.entries(LAYERS).map(([part, allowed]) => [
        part,
        // The public door opens onto all that lies behind it, which leaves out its own guests.
        part === 'src/index.ts' ? parts.filter((name) => /^src\/(?!index|cli)/.test(name)) : [...allowed],
      ]),
    )
    expect(cycleIn(edges)).toBeUndefined()
  })

  test.each([
    ['src/tensor.ts', './errors.ts'],
    ['src/raster/raster.ts', '../photo/photo.ts'],
    ['src/autodiff/rules/shape.ts', '../../encoder/encoder.ts'],
    ['src/draw.ts', './export/svg.ts'],
    ['src/cli.ts', './draw.ts'],
    ['src/raster/raster.ts', '../index.ts'],
    ['main/main.ts', '../src/draw.ts'],
    ['renderer/state/photo.ts', '../../src/index.ts'],
    ['src/encoder/builtin.ts', 'onnxruntime-node'],
    ['src/onnx/session.ts', 'onnxruntime-node'],
    ['src/subject/mask.ts', 'sharp'],
    ['src/index.ts', 'electron'],
  ])('%s may not import %s', (file, specifier) => {
    expect(refusal(file, specifier)).toMatch(/only|nothing/)
  })

  test.each([
    ['src/raster/raster.ts', './coverage.ts'],
    ['src/raster/raster.ts', '../strokes/strokes.ts'],
    ['src/autodiff/rules/shape.ts', '../../onnx/graph.ts'],
    ['src/autodiff/rules/shape.ts', '../walk.ts'],
    ['src/index.ts', './export/svg.ts'],
    ['src/cli/sketch.ts', '../index.ts'],
    ['src/onnx/runtime.ts', 'onnxruntime-node'],
    ['src/photo/sharp.ts', 'sharp'],
    ['src/cli.ts', 'commander'],
    ['test/raster/raster.test.ts', '../../src/draw.ts'],
  ])('%s may import %s', (file, specifier) => {
    expect(refusal(file, specifier)).toBeUndefined()
  })

  test('a cycle is found', () => {
    const edges = new Map([
      ['a', ['b']],
      ['b', ['c', 'd']],
      ['c', []],
      ['d', ['b']],
    ])
    expect(cycleIn(edges)).toEqual(['b', 'd', 'b'])
  })
})

function sourcesIn(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => posix.join(folder, name.replaceAll('\\', '/')))
    .filter((name) => /\.(ts|svelte)$/.test(name) && !name.endsWith('.d.ts'))
}

function importsOf(file: string): string[] {
  const found: string[] = []
  const visit = (node: ts.Node): void => {
    const from = specifierOf(node)
    const specifier = from && textIn(from)
    if (specifier !== undefined) found.push(specifier)
    ts.forEachChild(node, visit)
  }
  const text = scriptOf(file, readFileSync(join(root, file), 'utf8'))
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest))
  return found
}

/** Of `import … from …`, `export … from …`, `import(…)`, the type `import(…).T`, and `load(…)` as src/load.ts has it. */
function specifierOf(node: ts.Node): ts.Node | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node.moduleSpecifier
  if (ts.isImportTypeNode(node)) return node.argument
  if (!ts.isCallExpression(node)) return undefined
  const isImport = node.expression.kind === ts.SyntaxKind.ImportKeyword
  const isLoad = ts.isIdentifier(node.expression) && node.expression.text === 'load'
  return isImport || isLoad ? node.arguments[0] : undefined
}

/** A component's scripts; any other file is all script. */
function scriptOf(file: string, text: string): string {
  if (!file.endsWith('.svelte')) return text
  return [...text.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g)].map(([, script]) => script).join('\n')
}

/** What `import(…)` names: by itself, or as in `import(new URL('…', import.meta.url).href)`. */
function textIn(node: ts.Node): string | undefined {
  return ts.isStringLiteral(node) ? node.text : ts.forEachChild(node, textIn)
}

/** A path that comes back to where it began, or undefined. Depth-first, each node left once. */
function cycleIn(edges: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const left = new Set<string>()
  const path: string[] = []
  const walk = (node: string): string[] | undefined => {
    if (path.includes(node)) return [...path.slice(path.indexOf(node)), node]
    if (left.has(node)) return undefined
    path.push(node)
    for (const next of edges.get(node) ?? []) {
      const cycle = walk(next)
      if (cycle) return cycle
    }
    path.pop()
    left.add(node)
    return undefined
  }
  for (const node of edges.keys()) {
    const cycle = walk(node)
    if (cycle) return cycle
  }
  return undefined
}
