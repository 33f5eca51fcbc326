import { readFileSync } from 'node:fs'

/** Fewline's version, from its package. This file is built to dist/engine/cli/. */
export function version(): string {
  const text = readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}
