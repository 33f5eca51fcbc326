import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { setTimeout } from 'node:timers/promises'
import { FewlineError } from '../errors.ts'
import type { CatalogueFile } from './catalogue.ts'
import { checkRoom, installedPath, makeFolder, modelsFolder, sizeText } from './folder.ts'
import { ask, reasonOf, Refused } from './http.ts'
import { openPartial, type PartialFile } from './partial.ts'

export interface DownloadOptions {
  /** Hears how far a file is, a few times a second or more. */
  onProgress?: (progress: DownloadProgress) => void
  /** Ends the download; what has come stays, and the next one goes on from there. */
  signal?: AbortSignal
  /** How many milliseconds a server may be silent. */
  patience?: number
  /** Milliseconds before the first new try; twice as many before each further one. */
  pause?: number
}

export interface DownloadProgress {
  /** Of the file. */
  name: string
  /** Bytes that are there. */
  done: number
  /** Bytes that it will have, as far as is known. */
  total: number
}

/** New tries at one server that bring it no further. */
const MOST_FAILURES = 3
/** A try that brought this much was none in vain. */
const SOME_BYTES = 2 ** 20
/** How far a file may exceed a length that is only known roughly. */
const ROUGHLY = 1.25

/**
 * Fetches a file of the catalogue into the model folder, unless it is there, and gives its path. It gets its name only
 * when its SHA-256 is right. Throws a FewlineError of kind `model` when no server has it, of kind `output` when it can't be
 * written, and the signal's reason when it is aborted.
 */
export async function fetchFile(file: CatalogueFile, options: DownloadOptions = {}): Promise<string> {
  const folder = modelsFolder()
  const there = installedPath(file, folder)
  if (there !== undefined) return there
  options.signal?.throwIfAborted()
  await makeFolder(folder)
  const partial = await openPartial(folder, partialStem(file))
  try {
    await checkRoom(folder, lengthOf(file) - partial.size)
    await fetchFromAny({ file, partial, options })
    const target = join(folder, file.name)
    // On Windows a file can't be replaced while someone reads it; then it is there anyway.
    await partial.finish(target).catch((error: unknown) => {
      if (installedPath(file, folder) === undefined) throw error
    })
    return target
  } finally {
    await partial.leave()
  }
}

/** What the parts of a file are named after: parts of another version are no beginning of this one. */
export function partialStem({ name, sha256 = '' }: CatalogueFile): string {
  return `${name}.${sha256.slice(0, 8)}`
}

/** Of a file, in lower-case hexadecimal digits. */
export async function sha256Of(path: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path, { highWaterMark: 2 ** 20 }), hash, { signal })
  return hash.digest('hex')
}

/** Exact, or as far as it is known. */
export function lengthOf({ bytes, about }: CatalogueFile): number {
  return bytes ?? about ?? 0
}

interface Job {
  readonly file: CatalogueFile
  readonly partial: PartialFile
  readonly options: DownloadOptions
}

async function fetchFromAny(job: Job): Promise<void> {
  const reasons: string[] = []
  for (const url of job.file.urls) {
    try {
      await fetchFrom(url, job)
      return
    } catch (error) {
      job.options.signal?.throwIfAborted()
      if (error instanceof FewlineError) throw error
      reasons.push(`${new URL(url).host} ${reasonOf(error)}`)
    }
  }
  throw new FewlineError({
    kind: 'model',
    expected: `to download ${job.file.name}`,
    came: reasons.join(', and '),
    todo: 'try again later, or get the file another way and use "fewline models import FILE"',
  })
}

/** Asks one server until the whole, right file is there. Throws what made the last try fail. */
async function fetchFrom(url: string, job: Job): Promise<void> {
  const { partial, options } = job
  for (let failures = 0; ;) {
    const before = partial.size
    try {
      if (before < lengthOf(job.file) || job.file.bytes === undefined) await receive(url, job)
      await checkContent(job, before)
      return
    } catch (error) {
      options.signal?.throwIfAborted()
      if (error instanceof FewlineError || (error instanceof Refused && error.final)) throw error
      failures = partial.size > before + SOME_BYTES ? 0 : failures + 1
      if (failures > MOST_FAILURES) throw error
      await setTimeout((options.pause ?? 1000) * 2 ** failures, undefined, { signal: options.signal })
    }
  }
}

/** Appends what the server sends. */
async function receive(url: string, { file, partial, options }: Job): Promise<void> {
  const { patience = 60_000, signal } = options
  const { start, total, bytes, discard } = await ask(url, { from: partial.size, patience, signal })
  const most = file.bytes ?? lengthOf(file) * ROUGHLY
  if (total !== undefined && (file.bytes === undefined ? total > most : total !== file.bytes)) {
    discard()
    throw new Refused(`has another file (of ${sizeText(total)})`, true)
  }
  if (start === 0) await partial.clear()
  for await (const piece of bytes) {
    if (partial.size + piece.length > most) throw await wrong(partial, 'sends more than there should be')
    await partial.append(piece)
    options.onProgress?.({ name: file.name, done: partial.size, total: total ?? lengthOf(file) })
  }
  if (file.bytes !== undefined && partial.size < file.bytes) throw new Refused('broke off', false)
}

/** Whether what came is the file. It is read back, so that the disk is in the check too. */
async function checkContent({ file, partial, options }: Job, before: number): Promise<void> {
  if ((await sha256Of(partial.path, options.signal)) === file.sha256) return
  // What an earlier try left may be at fault.
  throw await wrong(partial, 'has another file (its SHA-256 differs)', before === 0)
}

async function wrong(partial: PartialFile, why: string, final = true): Promise<Refused> {
  await partial.clear()
  return new Refused(why, final)
}
