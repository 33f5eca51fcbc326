import { open, readdir, rename, rm, stat, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { unwritable } from '../errors.ts'
import { isAlive } from '../temporary.ts'

/**
 * A file on its way. It is named after the process that writes it (`STEM.PID-N.part`), so that two never write into one;
 * when it is left, by an end or a break, it becomes `STEM.part` for whoever goes on. Moving a name is atomic, so only one
 * process can take it over.
 */
export interface PartialFile {
  readonly path: string
  /** Bytes written so far. */
  readonly size: number
  append(bytes: Uint8Array): Promise<void>
  /** Begins anew. */
  clear(): Promise<void>
  /** Gives the file its name and folder, whole and on the disk. */
  finish(target: string): Promise<void>
  /** Leaves what there is for later; nothing, if nothing is there. */
  leave(): Promise<void>
  /** Leaves nothing. */
  discard(): Promise<void>
}

/** A process that still writes shows it more often than this; numbers of processes are given again. */
const IDLE_MS = 10 * 60_000
const PART = /^(?:\.(\d+)-\d+)?\.part$/

let count = 0

/** Goes on with what an earlier try left of `stem` in `folder`, or begins. Throws a FewlineError of kind `output`. */
export async function openPartial(folder: string, stem: string): Promise<PartialFile> {
  const path = join(folder, `${stem}.${process.pid}-${++count}.part`)
  const guard = <T>(work: Promise<T>): Promise<T> =>
    work.catch((error: unknown) => {
      throw unwritable(path, error)
    })
  for (const name of await abandoned(folder, stem)) {
    // Another process may be quicker.
    if (await succeeds(rename(join(folder, name), path))) break
  }
  const handle = await guard(open(path, 'a'))
  let { size } = await handle.stat()
  const partial: PartialFile = {
    path,
    get size() {
      return size
    },
    async append(bytes) {
      await guard(handle.appendFile(bytes))
      size += bytes.length
    },
    async clear() {
      await guard(handle.truncate(0))
      size = 0
    },
    async finish(target) {
      await guard(closeDurably(handle))
      await guard(rename(path, target))
    },
    // Once it is finished, there is nothing under this name.
    async leave() {
      if (size === 0) return partial.discard()
      await handle.close()
      await succeeds(rename(path, join(folder, `${stem}.part`)))
    },
    async discard() {
      await handle.close()
      await rm(path, { force: true })
    },
  }
  return partial
}

/** Names of what was left of `stem` in `folder` and nobody writes any more, the longest first. */
export async function abandoned(folder: string, stem: string): Promise<string[]> {
  const found: { name: string; size: number }[] = []
  for (const name of await readdir(folder).catch(() => [])) {
    const [match, owner] = (name.startsWith(stem) && PART.exec(name.slice(stem.length))) || []
    if (match === undefined) continue
    const about = await stat(join(folder, name)).catch(() => undefined)
    const inUse = owner !== undefined && isAlive(Number(owner)) && Date.now() - (about?.mtimeMs ?? 0) < IDLE_MS
    if (about && !inUse) found.push({ name, size: about.size })
  }
  return found.sort((a, b) => b.size - a.size).map(({ name }) => name)
}

async function closeDurably(handle: FileHandle): Promise<void> {
  await handle.sync()
  await handle.close()
}

function succeeds(work: Promise<unknown>): Promise<boolean> {
  return work.then(
    () => true,
    () => false,
  )
}
