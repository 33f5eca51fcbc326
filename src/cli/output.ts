import { resolve } from 'node:path'
import type * as Engine from '../index.ts'
import type { WriteOptions } from '../index.ts'
import { WrongCall } from './complain.ts'
import { print } from './say.ts'

type Fewline = typeof Engine

/** As a path: standard output. */
export const PIPE = '-'
/** As people call it. */
export const STANDARD_OUTPUT = 'standard output'

/** Something would be written over something else of the same call. */
export class Taken extends WrongCall {}

/**
 * Whether all of `paths` can be written, each beside the others and beside what is read. Throws what `checkOutput` throws,
 * and Taken for two that are one.
 */
export async function checkOutputs(
  fewline: Fewline,
  paths: readonly string[],
  read: readonly string[],
  options: WriteOptions,
): Promise<void> {
  const taken = new Set(read.map((path) => resolve(path)))
  for (const path of paths) {
    const place = path === PIPE ? PIPE : resolve(path)
    if (taken.has(place)) {
      throw new Taken('a place of its own for each file', `"${path}" is taken already`, 'choose another name')
    }
    taken.add(place)
  }
  for (const path of paths) if (path !== PIPE) await fewline.checkOutput(path, options)
}

/** Writes a file as `writeOutput` does, or to standard output. */
export async function write(
  fewline: Fewline,
  path: string,
  content: string | Uint8Array,
  options: WriteOptions,
): Promise<void> {
  if (path !== PIPE) return fewline.writeOutput(path, content, options)
  await print(content).catch((error: unknown) => {
    throw fewline.unwritable(STANDARD_OUTPUT, error)
  })
}
