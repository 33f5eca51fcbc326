import { join } from 'node:path'
import { runnerImport } from 'vite'

/** A module of the engine, `src/PATH`, for a script that needs more than what the engine offers. */
export async function source(path) {
  const { module } = await runnerImport(join(import.meta.dirname, '..', 'src', path))
  return module
}
