import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

// npm scripts must run the same in cmd.exe, PowerShell and a POSIX shell: programs with plain arguments, joined by `&&`.
const scripts = Object.entries(packageFile().scripts)

/** What a script may start: Node itself, or a program that a package of ours brings along. */
const programs = new Set([
  'node',
  'tsc',
  'svelte-check',
  'eslint',
  'prettier',
  'vitest',
  'electron-vite',
  'electron',
  'npm',
])

describe('npm scripts', () => {
  test.each(scripts)('%s is Node only', (_name, script) => {
    expect(complaint(script)).toBeUndefined()
  })

  test.each([
    'rm -rf dist',
    'CI=1 vitest',
    'eslint src/*.ts',
    'node a.mjs | node b.mjs',
    'node a.mjs > out.txt',
    'node a.mjs; node b.mjs',
    'node a.mjs || node b.mjs',
    'node a.mjs & node b.mjs',
    'node $HOME/a.mjs',
    'node %APPDATA%/a.mjs',
    'node `which a`',
    "prettier --check 'src/a.ts'",
    'node ~/a.mjs',
    'npm test && cp a b',
  ])('%s is refused', (script) => {
    expect(complaint(script)).toBeDefined()
  })

  test('plain programs joined by && are not', () => {
    expect(complaint('node scripts/setup.mjs && node scripts/test.mjs --quick')).toBeUndefined()
  })
})

/** Why a script would not run everywhere, or undefined. */
function complaint(script: string): string | undefined {
  for (const command of script.split('&&').map((part) => part.trim())) {
    const [program = ''] = command.split(/\s+/)
    if (!programs.has(program)) return `${program} is no program that Fewline brings along`
    const shell = /[^\w\s./:@=,-]/.exec(command)
    if (shell) return `${shell[0]} means something else, or nothing, in another shell`
  }
  return undefined
}

function packageFile(): { scripts: Record<string, string> } {
  const text = readFileSync(join(import.meta.dirname, '..', 'package.json'), 'utf8')
  return JSON.parse(text) as { scripts: Record<string, string> }
}
