import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { FewlineError } from '../errors.ts'

/** A file that is read by ranges, so that weights of hundreds of megabytes never lie in memory twice. */
export interface RangeFile {
  readonly path: string
  /** In bytes. */
  readonly size: number
  /** Milliseconds since 1970. */
  readonly modified: number
  /** `length` bytes from `offset`. Throws a FewlineError of kind `model` when the file has no such bytes. */
  read(offset: number, length: number): Uint8Array<ArrayBuffer>
  /** Fills `target` with the bytes from `offset`; throws the same. */
  readInto(offset: number, target: Uint8Array): void
  close(): void
}

/** What is wrong with a file's content. Those who know the file's name make a sentence of it (`explained`). */
export class Damage extends Error {}

/** Opens an ordinary file. Throws a FewlineError of kind `model` where there is none. */
export function openFile(path: string): RangeFile {
  const descriptor = attempt(path, () => openSync(path, 'r'))
  const about = fstatSync(descriptor)
  let open = true
  const file: RangeFile = {
    path,
    size: about.size,
    modified: about.mtimeMs,
    read(offset, length) {
      if (offset < 0 || offset + length > about.size) throw refusal(path, 'is cut short')
      const bytes = new Uint8Array(length)
      file.readInto(offset, bytes)
      return bytes
    },
    readInto(offset, target) {
      if (!open) throw new Error(`${path} is closed`)
      for (let done = 0; done < target.length;) {
        const got = attempt(path, () => readSync(descriptor, target, done, target.length - done, offset + done))
        if (got === 0) throw refusal(path, 'is cut short')
        done += got
      }
    },
    close() {
      if (open) closeSync(descriptor)
      open = false
    },
  }
  if (about.isFile()) return file
  file.close()
  throw refusal(path, 'is not a file', 'choose a .pt or .safetensors file')
}

/** "Expected the weights of a model, but <path> <came>: <todo>." */
export function refusal(path: string, came: string, todo = 'download it again', cause?: unknown): FewlineError {
  const problem = { kind: 'model', expected: 'the weights of a model', came: `"${path}" ${came}`, todo } as const
  return new FewlineError(problem, { cause })
}

/** An error met while reading `path`, as its reader should see it. */
export function explained(path: string, error: unknown): unknown {
  return error instanceof Damage ? refusal(path, `is damaged (${error.message})`, undefined, error) : error
}

const MEANINGS: Record<string, [came: string, todo: string]> = {
  ENOENT: ['does not exist', 'check its path'],
  ENOTDIR: ['does not exist', 'check its path'],
  EACCES: ['may not be read', 'check its permissions'],
  EPERM: ['may not be read', 'check its permissions'],
}

function attempt<T>(path: string, act: () => T): T {
  try {
    return act()
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
    const [came, todo] = MEANINGS[code] ?? [`can't be read (${code})`, 'check the disk it is on']
    throw refusal(path, came, todo, error)
  }
}
