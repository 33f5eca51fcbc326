import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync, readlinkSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { dirname, join, resolve } from 'node:path'

/*
 * Files on their way have a name of their own beside the one that they are to take: short, so that it fits wherever that one
 * does, and random, so that nobody else has it. It tells who writes: what a process has left that is gone is cleared by the
 * next one that comes into the folder.
 */

/** The numbers of processes mean something on this machine alone, and in this part of it. */
const PLACE = createHash('sha256').update(`${hostname()} ${processNamespace()}`).digest('hex').slice(0, 6)
const NAME = /^\.fewline-([0-9a-f]{6})-(\d+)-[0-9a-f]{10}\.tmp$/
/** Nobody writes for longer, in milliseconds: numbers of processes are given again. */
const LONGEST = 60 * 60_000
/** For a name of another machine's, whose processes we don't know. */
const LONGEST_ELSEWHERE = 24 * LONGEST

/** Names that this process has given. */
const own = new Set<string>()
/** Folders that were cleared. */
const cleared = new Set<string>()

/** A path in `folder` that nobody else has, for what is to be renamed or removed soon. */
export function temporaryIn(folder: string): string {
  clearLeft(folder)
  const name = `.fewline-${PLACE}-${process.pid}-${randomBytes(5).toString('hex')}.tmp`
  own.add(name)
  return join(folder, name)
}

/** Removes what processes that are gone have left in a folder; once, which is enough for as long as we run. */
export function clearLeft(folder: string): void {
  const path = resolve(folder)
  if (cleared.has(path)) return
  cleared.add(path)
  for (const name of namesIn(path)) if (isLeft(path, name)) rmSync(join(path, name), { recursive: true, force: true })
}

/** Writes a file whole or not at all, quickly: it may be lost with the power, but not with the program. */
export function writeWhole(path: string, content: string | Uint8Array, mode?: number): void {
  mkdirSync(dirname(path), { recursive: true, mode: mode === undefined ? undefined : 0o700 })
  const temporary = temporaryIn(dirname(path))
  try {
    writeFileSync(temporary, content, { flag: 'wx', mode })
    renameSync(temporary, path)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
}

function isLeft(folder: string, name: string): boolean {
  const [match, place, pid] = NAME.exec(name) ?? []
  if (match === undefined || own.has(name)) return false
  const age = Date.now() - (statSync(join(folder, name), { throwIfNoEntry: false })?.mtimeMs ?? 0)
  if (place !== PLACE) return age > LONGEST_ELSEWHERE
  return age > LONGEST || Number(pid) === process.pid || !isAlive(Number(pid))
}

/** Whether there is a process of this number. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

/** Containers count processes each from one. */
function processNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid')
  } catch {
    return ''
  }
}
