import { randomUUID } from 'node:crypto'
import { readdirSync, renameSync, statSync } from 'node:fs'
import { uptime } from 'node:os'
import { dirname, join } from 'node:path'
import { isAlive } from '../../src/temporary.ts'

/** Folders that studios of this process have. */
const ours = new Set<string>()

/** A folder within `folder` that this process has to itself. An earlier one that had the same number has left what is there. */
export function ownFolder(folder: string): string {
  const own = join(folder, String(process.pid))
  if (!ours.has(own)) claimed(own)
  ours.add(own)
  return own
}

/** Takes for this process what others have left in `folder` that are no more: each is whole, and nobody else gets it. */
export function takeLeft(folder: string): string[] {
  return foldersLeft(folder).flatMap(claimed)
}

/** Folders of processes that are no more, and those that one of them was about to take. */
function foldersLeft(folder: string): string[] {
  const isLeft = (name: string): boolean => {
    const [, pid, taken] = /^(\d+)(-taken-[0-9a-f]{8})?$/.exec(name) ?? []
    return (
      pid !== undefined &&
      (isOver(join(folder, name), Number(pid)) || (taken !== undefined && Number(pid) === process.pid))
    )
  }
  return listed(folder)
    .filter(isLeft)
    .map((name) => join(folder, name))
}

/** Takes a folder for this process, or nothing where another one was faster: several may come at the same moment. */
function claimed(left: string): string[] {
  const taken = join(dirname(left), `${process.pid}-taken-${randomUUID().slice(0, 8)}`)
  try {
    renameSync(left, taken)
    return [taken]
  } catch {
    return []
  }
}

/** Numbers of processes are given again when the machine has started anew. */
function isOver(folder: string, pid: number): boolean {
  const started = Date.now() - 1000 * uptime()
  return !isAlive(pid) || (statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? Infinity) < started
}

/** The names in a folder; none when it is not there. */
export function listed(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
