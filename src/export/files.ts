import { constants } from 'node:fs'
import { access, open, readFile, realpath, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { FewlineError, notWritable, unwritable, type Problem } from '../errors.ts'
import { MARK } from './svg.ts'

export interface WriteOptions {
  /** Replace whatever file is there, whoever wrote it. */
  force?: boolean
}

/** The first lines of a drawing as toSvg writes them: one that another program saved, perhaps edited, is not ours. */
const OUR_SVG = new RegExp(`^<svg [^>]*>\\n  <title>[^<]*</title>\\n  <desc>${MARK}`)
/** Reports begin with this. */
const OUR_JSON = /^\{\s*"fewline":/
const PNG_SIGNATURE = '\x89PNG'
/** Far more than any drawing of ours takes. */
const LARGEST = 64 * 2 ** 20

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
    throw unwritable(path, error)
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
 * Writes a file whole or not at all: under a temporary name in the same folder, read back and compared, then renamed.
 * Checks as `checkOutput` does and throws the same; a failure on the way leaves what was there before.
 */
export async function writeOutput(path: string, content: string | Uint8Array, options?: WriteOptions): Promise<void> {
  await checkOutput(path, options)
  // A link stays a link: what it leads to is replaced.
  const target = await realpath(path).catch(() => path)
  const temporary = join(dirname(target), `.${basename(target)}.${process.pid}.tmp`)
  const bytes = Buffer.from(content)
  try {
    await writeDurably(temporary, bytes)
    if (!bytes.equals(await readFile(temporary))) {
      throw notWritable(path, 'what was written reads back differently', 'check the disk')
    }
    await rename(temporary, target)
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined)
    throw unwritable(path, error)
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
  return OUR_SVG.test(text) || OUR_JSON.test(text) || (text.startsWith(PNG_SIGNATURE) && text.includes(MARK))
}

function refused(path: string, came: string, todo: string): FewlineError {
  const problem: Problem = { kind: 'call', expected: 'a file that may be written', came: `"${path}" ${came}`, todo }
  return new FewlineError(problem)
}
