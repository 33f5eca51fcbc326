/**
 * Runs one of the programs of scripts/eye, which are TypeScript and import the engine's sources:
 * `node scripts/eye.mjs PROGRAM ARGUMENTS…`. They are compiled first, beside nothing that is shipped.
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const [program = '', ...rest] = process.argv.slice(2)
if (!/^\w+$/.test(program) || !existsSync(join(root, 'scripts', 'eye', `${program}.ts`))) {
  console.error(`Expected the name of a program in scripts/eye, but got "${program}": name one, for example scenes.`)
  process.exit(2)
}

const compiler = createRequire(import.meta.url).resolve('typescript/bin/tsc')
const { status } = spawnSync(process.execPath, [compiler, '-p', join(root, 'scripts', 'eye', 'tsconfig.json')], {
  stdio: ['ignore', 2, 2],
})
if (status !== 0) process.exit(status ?? 1)

process.argv.splice(1, Infinity, join(root, 'out', 'eye', 'scripts', 'eye', `${program}.js`), ...rest)
await import(pathToFileURL(process.argv[1]))
