// Whether dist/ is as new as what it is built from. Shared by setup.mjs, which asks, and build.mjs, which sees to it.
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** Written last by a build that succeeded; its time is when that build began. */
export const stampOf = (root) => join(root, 'dist', 'engine', '.built')

export function buildIsCurrent(root) {
  const stamp = stampOf(root)
  if (!existsSync(stamp)) return false
  const built = statSync(stamp).mtimeMs
  return sourcesOf(root).every((path) => statSync(path).mtimeMs <= built)
}

/** Folders are among them: a file that was removed or renamed changes the time of its folder. */
function sourcesOf(root) {
  const folders = ['src', 'main', 'renderer'].map((name) => join(root, name)).filter(existsSync)
  const inside = folders.flatMap((folder) => readdirSync(folder, { recursive: true }).map((name) => join(folder, name)))
  const besides = ['tsconfig.json', 'tsconfig.build.json', 'electron.vite.config.ts'].map((name) => join(root, name))
  return [...folders, ...inside, ...besides.filter(existsSync)]
}
