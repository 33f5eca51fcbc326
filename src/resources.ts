import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** The path of a file of the package, which lies somewhere above the code, be that in src/ or built in dist/engine/. */
export function packaged(...path: readonly string[]): string {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    const file = join(folder, ...path)
    if (existsSync(file) || folder === dirname(folder)) return file
  }
}

/** The path of a file in resources/. */
export const resource = (...path: readonly string[]): string => packaged('resources', ...path)

/**
 * The path of a program that runs in a process of its own. Programs lie beside all other code where the engine is built
 * (scripts/build.mjs says what of), and nowhere else.
 */
export function ownProgram(name: 'batch-child' | 'drawing-child' | 'probe-child' | 'rewrite-child'): string {
  return join(import.meta.dirname, `${name}.js`)
}
