import { appendFileSync, readFileSync, renameSync, statSync } from 'node:fs'
import { impersonal } from '../../src/impersonal.ts'

/** What has happened lately, for whoever looks for a fault. */
export interface Journal {
  /** Notes one line, without what is personal in it. */
  note(text: string): void
  /** The last lines, the newest last. */
  last(count: number): string[]
}

/** A file that is longer takes the place of the one before, and another is begun: bytes. */
const MOST = 256 * 1024
const LONGEST_LINE = 500

/** A journal in `file`, and what was before it in `file`.1. Where it can't be written, nothing is noted. */
export function openJournal(file: string): Journal {
  return {
    note(text) {
      const line = impersonal(text).replaceAll(/\s+/g, ' ').slice(0, LONGEST_LINE)
      try {
        if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > MOST) renameSync(file, `${file}.1`)
        appendFileSync(file, `${new Date().toISOString()} ${line}\n`, { mode: 0o600 })
      } catch {
        // A journal is a comfort: without it everything works.
      }
    },
    last(count) {
      const lines = [`${file}.1`, file].flatMap(linesOf)
      return lines.slice(-count)
    },
  }
}

function linesOf(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n').filter(Boolean)
  } catch {
    return []
  }
}
