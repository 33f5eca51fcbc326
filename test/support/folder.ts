import { fileURLToPath } from 'node:url'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach } from 'vitest'

/** A folder of its own for each test, with spaces and letters beyond ASCII in its name. */
export function useFolder(): { readonly path: string; files(): string[] } {
  let root: string
  let path: string
  let count = 0
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'fewline'))
  })
  beforeEach(() => {
    path = mkdtempSync(join(root, `zwei Wörter 日本 ${++count} `))
  })
  afterAll(() => rmSync(root, { recursive: true }))
  return {
    get path() {
      return path
    },
    files: () => readdirSync(path).sort(),
  }
}

/** The folder of the sample photos. */
export const SAMPLES = fileURLToPath(new URL('../../resources/samples/', import.meta.url))
