import { readFileSync } from 'node:fs'
import { packaged } from '../resources.ts'

/** Fewline's version, from its package. */
export function version(): string {
  const text = readFileSync(packaged('package.json'), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}
