import type { WriteStream } from 'node:tty'
import { printable } from './say.ts'

/** Whether a line that was written there can be written anew: on a terminal, unless it says that it can't. */
export function canRedraw(to: WriteStream, { TERM, ...env }: NodeJS.ProcessEnv = process.env): boolean {
  return to.isTTY && TERM !== 'dumb' && (TERM !== undefined || env['OS'] === 'Windows_NT')
}

/** Of a line, what the words beside a bar take. */
const WORDS = 48

/**
 * A bar that leaves the terminal as it is: its cursor stays, and lines are cut here rather than there. So there is nothing
 * to put right, whatever ends the program. Its words come first in a narrow terminal.
 */
export function barFor(stream: WriteStream, name: string) {
  const barsize = Math.min(40, Math.max(4, columnsOf(stream) - shortened(name, stream).length - WORDS))
  return { stream, barsize, hideCursor: false, linewrap: true } as const
}

/** Of a line, how much may be a name. */
const NAME_SHARE = 1 / 3
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6]|\p{Extended_Pictographic}/u

/** A name as a part of one line. */
export function shortened(name: string, stream: Pick<WriteStream, 'columns'>): string {
  let room = Math.max(8, Math.floor(columnsOf(stream) * NAME_SHARE))
  const characters = Array.from(printable(name))
  const fitting = characters.findIndex((character) => (room -= WIDE.test(character) ? 2 : 1) < 0)
  return fitting === -1 ? characters.join('') : `${characters.slice(0, fitting).join('')}…`
}

/** Zero where the terminal does not tell. */
function columnsOf({ columns }: Pick<WriteStream, 'columns'>): number {
  return columns || 80
}
