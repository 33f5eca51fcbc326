import { chmodSync, mkdirSync } from 'node:fs'

/** Makes a folder that is the user's alone, or one that is there already so. Where the system can't, it is left as it is. */
export function makePrivate(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    chmodSync(folder, 0o700)
  } catch {
    // Whoever writes there will say what is wrong.
  }
}
