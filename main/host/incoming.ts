import { readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { MOST_BYTES } from '../api.ts'
import { refuse } from './problems.ts'

/** A file as it came: its name for people, and what is in it. */
export interface Incoming {
  name: string
  bytes: Uint8Array
  /** Where it lies, when it was opened by path. */
  path?: string
}

/** Reads a file that the user chose. Throws a StudioError that says why it can't be. */
export async function readIncoming(path: string): Promise<Incoming> {
  const about = await stat(path).catch(() => undefined)
  if (!about?.isFile()) throw refuse('a file to open', `"${path}" is not there`, 'choose it again', 'photo')
  if (about.size > MOST_BYTES) throw refuse('a photo', `"${path}" is larger than any`, 'choose another', 'photo')
  return { name: basename(path), bytes: await readFile(path), path }
}
