import { constants } from 'node:fs'
import { access, open, readFile, realpath, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { FewlineError, type Problem } from '../errors.ts'
import { MARK } from './svg.ts'

export interface WriteOptions {
  /** Replace whatever file is there, whoever wrote it. */
  force?: boolean
  /** Looks at what was written before it takes its name; what it throws leaves the old file as it was. */
  verify?(content: Uint8Array): Promise<void>
}

/** How files of ours look as Fewline wrote them: a drawing that another program saved, perhaps edited, is not ours. */
const OURS = [
  `<svg [^>]*>\\n  <title>[^<]*</title>\\n  <desc>${MARK}`,
  // A report.
  '\\{\\s*"fewline":',
  `\\x89PNG[^]*${MARK}`,
  `GIF89a[^]*${MARK}`,
  `RIFF[^]{4}WEBP[^]*${MARK}`,
  `%PDF-[^]*${Buffer.from(MARK, 'utf16le').swap16().toString('hex').toUpperCase()}`,
  // A project.
  'PK\\x03\\x04[^]{26}fewline\\.json',
].map((pattern) => new RegExp(`^${pattern}`))
/** Far more than any drawing of ours takes, and a project with the largest photo. */
const LARGEST = 256 * 2 ** 20

/**
 * Whether `path` can be written, asked before the work begins. Throws a FewlineError of kind `call` when a file is there
 * that Fewline did not write, and of kind `output` when the folder is missing or may not be written in.
 */
export async function checkOutput(path: string, { force = false }: WriteOptions = {}): Promise<void> {
  const folder = dirname(path)
  try {
    if (!(await stat(folder)).isDirectory()) throw notWritable(path, `"${folder}" is a file`, 'choose another folder')
    await access(folder, constants.W_OK)
  } catch (error) {
    throw explained(path, error)
  }
  const there = await stat(path).catch(() => undefined)
  if (!there) return
  if (there.isDirectory()) throw refused(path, 'is a folder', 'end it with / to write into it')
  if (!there.isFile()) throw refused(path, 'is not an ordinary file', 'write to one, or to - for a pipe')
  if (!force && !(await isOurs(path, there.size))) {
    throw refused(
      path,
      'is there already and Fewline did not write it',
      'choose another name, or replace it with --force',
    )
  }
}

/**
 * Writes a file whole or not at all: under a temporary name in the same folder, read back, compared and verified, then
 * renamed. Checks as `checkOutput` does and throws the same; a failure on the way leaves what was there before.
 */
export async function writeOutput(path: string, content: string | Uint8Array, options?: WriteOptions): Promise<void> {
  await checkOutput(path, options)
  // A link stays a link: what it leads to is replaced.
  const target = await realpath(path).catch(() => path)
  const temporary = join(dirname(target), `.${basename(target)}.${process.pid}.tmp`)
  const bytes = Buffer.from(content)
  try {
    await writeDurably(temporary, bytes)
    const written = await readFile(temporary)
    if (!bytes.equals(written)) {
      throw notWritable(path, 'what was written reads back differently', 'check the disk')
    }
    await options?.verify?.(written)
    await rename(temporary, target)
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined)
    throw explained(path, error)
  }
}

async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx')
  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
}

async function isOurs(path: string, size: number): Promise<boolean> {
  if (size === 0) return true
  if (size > LARGEST) return false
  const text = await readFile(path, 'latin1').catch(() => '')
  return OURS.some((pattern) => pattern.test(text))
}

/** What the system's error codes mean to someone who wants a file written: what came, and what to do. */
const MEANINGS: Record<string, [came: string, todo: string]> = {
  ENOENT: ['its folder does not exist', 'create it first, or choose another'],
  ENOTDIR: ['part of its path is a file', 'check the path'],
  EACCES: ['its folder may not be written in', 'choose another, or change its permissions'],
  EPERM: ['the system forbids it', 'choose another folder, or change its permissions'],
  EROFS: ['its disk is read-only', 'choose another folder'],
  ENOSPC: ['the disk is full', 'free some space, or choose another disk'],
  EDQUOT: ['your share of the disk is used up', 'free some space, or choose another disk'],
  EFBIG: ['it would be larger than the system allows', 'choose a smaller size, or another disk'],
  ENAMETOOLONG: ['its name is too long', 'choose a shorter one'],
  EBUSY: ['another program is using it', 'close it there, or choose another name'],
}

function explained(path: string, error: unknown): FewlineError {
  if (error instanceof FewlineError) return error
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
  const [came, todo] = MEANINGS[code] ?? [`the system reported ${code}`, 'check the disk, or choose another folder']
  return notWritable(path, came, todo, error)
}

function notWritable(path: string, came: string, todo: string, cause?: unknown): FewlineError {
  return new FewlineError({ kind: 'output', expected: `to write "${path}"`, came, todo }, { cause })
}

function refused(path: string, came: string, todo: string): FewlineError {
  const problem: Problem = { kind: 'call', expected: 'a file that may be written', came: `"${path}" ${came}`, todo }
  return new FewlineError(problem)
}
