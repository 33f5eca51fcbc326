import { homedir, userInfo } from 'node:os'
import { sep } from 'node:path'

/** Files of programs, which say where a fault is and nothing of who met it. */
const OWN = /([\w.-]+\.[cm]?[jt]s(?::\d+)*)$/
/** What is in quotes is the name of something. */
const QUOTED = /["“„][^"”“\n]*["”“]/g
/** A path up to what can't be in one, or after which nothing of it comes: names of folders may have spaces. */
const PATH = /(?:file:\/\/|\\\\|[A-Za-z]:[\\/]|~?\/(?=[^\s/]))[^"'\n:),;]*(?::\d+)*/g
/** A name with an ending: a file, wherever it lies. */
const FILE = /[^\s"'(),:;<>]+\.(?!\d)[a-z][a-z0-9]{1,8}\b/giu

/**
 * Text that says nothing of whose machine it is from: no paths, no names of files, nothing that was in quotes, no name of
 * the user.
 */
export function impersonal(text: string): string {
  return withoutUser(text)
    .replaceAll(QUOTED, '"…"')
    .replaceAll(PATH, (path) => OWN.exec(path)?.[1] ?? '<path>')
    .replaceAll(FILE, (file) => (OWN.test(file) ? file : '<file>'))
}

function withoutUser(text: string): string {
  const home = homedir()
  const known = text.replaceAll(home, sep + 'home')
  const name = userName()
  return name.length < 3 ? known : known.replaceAll(new RegExp(`\\b${escaped(name)}\\b`, 'gi'), '<user>')
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
}

/** Systems may know none, for a user without an entry. */
function userName(): string {
  try {
    return userInfo().username
  } catch {
    return ''
  }
}
