import { constants, type Stats } from 'node:fs'
import { access, open, readFile, readlink, realpath, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, resolve } from 'node:path'
import { FewlineError, notWritable, unwritable, type Problem } from '../errors.ts'
import { temporaryIn } from '../temporary.ts'
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
  // A report, and the losses of one.
  '\\{\\s*"fewline":',
  'seed,step,loss[,\\n]',
  `\\x89PNG[^]*${MARK}`,
  `GIF89a[^]*${MARK}`,
  `RIFF[^]{4}WEBP[^]*${MARK}`,
  `\\xff\\xd8(\\xff\\xe1[^]{2,65535}?)?\\xff\\xfe[^]{2}${MARK}`,
  `II\\*\\x00[^]*${MARK}`,
  // A Lottie.
  `\\{"v":"[\\d.]+","meta":\\{"g":"${MARK}"`,
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
  const folder = dirname(await targetOf(path))
  try {
    if (!(await stat(folder)).isDirectory()) throw notWritable(path, `"${folder}" is a file`, 'choose another folder')
    await access(folder, constants.W_OK)
    // A name that is too long, or none at all, says so here; the one that it is written under first may be longer.
    await stat(temporaryIn(folder)).catch(isMissing)
    const there = await stat(path).catch(isMissing)
    if (there) await checkReplaced(path, there, force)
  } catch (error) {
    throw unwritable(path, error)
  }
}

/** Whether what is there may be replaced. */
async function checkReplaced(path: string, there: Stats, force: boolean): Promise<void> {
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
  const target = await targetOf(path)
  const temporary = temporaryIn(dirname(target))
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
    throw unwritable(path, error)
  }
}

/** Links that lead to each other lead nowhere. */
const MOST_LINKS = 40

/** The file that a path leads to, there or not. A link stays a link: what it leads to is written. */
async function targetOf(path: string, links = MOST_LINKS): Promise<string> {
  const there = await realpath(path).catch(() => undefined)
  if (there !== undefined || links === 0) return there ?? path
  const next = await readlink(path).catch(() => undefined)
  return next === undefined ? path : targetOf(resolve(dirname(path), next), links - 1)
}

/**
 * What stays the same however a file is named: by a link, through one, or in other letters where these are one to the
 * system. Of a file that is not there yet, names that differ in case alone count as one: on some disks they are.
 */
export async function identityOf(path: string): Promise<string> {
  const target = await targetOf(path)
  const file = await identityOfWhatIs(target)
  if (file !== undefined) return file
  const name = basename(target).normalize('NFC').toLowerCase()
  return `${(await identityOfWhatIs(dirname(target))) ?? resolve(dirname(target))}/${name}`
}

async function identityOfWhatIs(path: string): Promise<string | undefined> {
  const there = await stat(path, { bigint: true }).catch(() => undefined)
  return there && `${there.dev}:${there.ino}`
}

function isMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
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

function refused(path: string, came: string, todo: string): FewlineError {
  const problem: Problem = { kind: 'call', expected: 'a file that may be written', came: `"${path}" ${came}`, todo }
  return new FewlineError(problem)
}
