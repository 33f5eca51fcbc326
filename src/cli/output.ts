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
 * Whether all of `paths` can be written, each beside the others and beside what is read, by whatever names these files go.
 * Throws what `checkOutput` throws, and Taken for two that are one.
 */
export async function checkOutputs(
  fewline: Fewline,
  paths: readonly string[],
  read: readonly string[],
  options: WriteOptions,
): Promise<void> {
  const taken = await identitiesOf(fewline, read)
  for (const path of paths) {
    const place = await placeOf(fewline, path)
    if (taken.has(place)) throw takenBy(path)
    taken.add(place)
  }
  for (const path of paths) if (path !== PIPE) await fewline.checkOutput(path, options)
}

/** Whether writing to `path` would replace something that is read. */
export async function isRead(fewline: Fewline, path: string, read: readonly string[]): Promise<boolean> {
  return (await identitiesOf(fewline, read)).has(await placeOf(fewline, path))
}

export function takenBy(path: string): Taken {
  return new Taken('a place of its own for each file', `"${path}" is taken already`, 'choose another name')
}

async function identitiesOf(fewline: Fewline, read: readonly string[]): Promise<Set<string>> {
  // What comes through a pipe lies nowhere.
  return new Set(await Promise.all(read.filter((path) => path !== PIPE).map(fewline.identityOf)))
}

async function placeOf(fewline: Fewline, path: string): Promise<string> {
  return path === PIPE ? PIPE : fewline.identityOf(path)
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
