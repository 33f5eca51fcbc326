import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { freemem, platform, totalmem } from 'node:os'

/**
 * How much memory is free for what is begun now, in bytes: what nobody has, with what the system would give back of its caches,
 * and no more than a container leaves; and besides what is `held` by this process already, and would be used again.
 * FEWLINE_MEMORY says it instead, in GB.
 */
export function freeMemory(held = 0): number {
  const told = Number(process.env['FEWLINE_MEMORY'])
  if (told > 0) return told * 1e9
  const free = platform() === 'darwin' ? freeOnMac() : freemem()
  const limit = process.constrainedMemory()
  const isLimited = limit > 0 && limit < totalmem()
  return held + (isLimited ? Math.min(free, process.availableMemory() + cachedInContainer()) : free)
}

/** The caches of its files count as taken in a container, though they are given back when memory is asked for. */
function cachedInContainer(): number {
  try {
    const [, path] = /^0::(.*)$/m.exec(readFileSync('/proc/self/cgroup', 'utf8')) ?? []
    const [, bytes] = /^inactive_file (\d+)$/m.exec(readFileSync(`/sys/fs/cgroup${path}/memory.stat`, 'utf8')) ?? []
    return Number(bytes ?? 0)
  } catch {
    return 0
  }
}

/** Node counts only what is wholly unused there, which is next to nothing on any Mac that has been on for a while. */
function freeOnMac(): number {
  try {
    return freeIn(execFileSync('vm_stat', { encoding: 'utf8' }))
  } catch {
    return freemem()
  }
}

/** What `vm_stat` says is free, or would be when it is asked for. */
export function freeIn(statistics: string): number {
  const numberAfter = (text: string): number => Number(new RegExp(`${text}:?\\s*(\\d+)`).exec(statistics)?.[1] ?? 0)
  const pages = ['Pages free', 'Pages inactive', 'Pages speculative'].map(numberAfter)
  return numberAfter('page size of') * pages.reduce((sum, count) => sum + count, 0)
}

/** Bytes as a sentence names them. */
export function inGb(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`
}
