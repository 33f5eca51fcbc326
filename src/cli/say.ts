import { fstatSync, writeFileSync } from 'node:fs'
import type { Translate } from '../words/phrases.ts'

/*
 * Everything that the command line says goes through here. What people are told on stderr can't fail the work: a pipe that
 * is closed, a full disk, a terminal that is gone. What is asked for on stdout must arrive there, or the call has failed.
 */

/** What the terminal would obey rather than show, and what would turn the order of the letters around it. */
const UNSHOWN = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]/gu

/** Text in one line that is safe to show, as JavaScript and JSON would write it: names may hold anything. */
export function printable(text: string): string {
  return text.replaceAll(UNSHOWN, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

let translate: Translate = (english) => english

/** From now on, what is said is said so. Data and what is asked for on stdout stay as they are. */
export function speak(language: Translate): void {
  translate = language
}

/** A part of what is said, in the language that is spoken. */
export function said(english: string): string {
  return translate(english, true)
}

/** Tells people something, on stderr, a line each. */
export function say(...lines: readonly string[]): void {
  process.stderr.write(textOf(lines.map((line) => translate(line))))
}

/** Answers, on stdout, a line each. Whether it has arrived, `failureOfOutput` knows. */
export function answer(...lines: readonly string[]): void {
  answerAsIs(...lines.map((line) => translate(line)))
}

/** The same with data, which is not translated. */
export function answerAsIs(...lines: readonly string[]): void {
  process.stdout.write(textOf(lines), () => undefined)
}

/** JSON, whose strings hold nothing that a terminal would obey. */
export function jsonLines(value: unknown): string[] {
  return JSON.stringify(value, undefined, 2).split('\n').map(printable)
}

/** What is asked for on stdout, as it is. Rejects when it does not arrive; a reader that has had enough (`| head`) is no error. */
export async function print(content: string | Uint8Array): Promise<void> {
  // Node takes a file on a disk that is nearly full for written when only a part of it is.
  if (fstatSync(1).isFile()) {
    writeFileSync(1, content)
    return
  }
  await new Promise<void>((resolve, reject) => {
    process.stdout.write(content, (error) => (error && !hasHadEnough(error) ? reject(error) : resolve()))
  })
}

let failure: Error | undefined

/** From now on, what can't be said ends nothing. */
export function watchOutput(): void {
  process.stderr.on('error', () => undefined)
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (!hasHadEnough(error)) failure ??= error
  })
}

/** Why something that was answered has not arrived, when all of it is said; undefined when it has. */
export async function failureOfOutput(): Promise<Error | undefined> {
  await new Promise<void>((resolve) => process.stdout.write('', () => resolve()))
  return failure
}

function hasHadEnough(error: NodeJS.ErrnoException): boolean {
  return error.code === 'EPIPE'
}

function textOf(lines: readonly string[]): string {
  return lines.map((line) => `${printable(line)}\n`).join('')
}
