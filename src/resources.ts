import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** The path of a file in resources/, which lies beside the code in src/ or in dist/engine/. */
export function resource(...path: readonly string[]): string {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    const file = join(folder, 'resources', ...path)
    if (existsSync(file) || folder === dirname(folder)) return file
  }
}
