import { FewlineError } from '../../errors.ts'

/** Why an SVG is not read, after "Expected an SVG of lines, but". */
export function unreadable(came: string, cause?: unknown): FewlineError {
  const problem = { kind: 'call', expected: 'an SVG of lines', came, todo: 'choose another file' } as const
  return new FewlineError(problem, { cause })
}

/** Text of a file as it may stand in a message: short, and without anything that a terminal obeys. */
export function quoted(text: string): string {
  const plain = text
    .slice(0, 200)
    .replaceAll(/[\p{C}\s]+/gu, ' ')
    .trim()
  return `"${plain.length > 40 ? `${plain.slice(0, 40)}…` : plain}"`
}
