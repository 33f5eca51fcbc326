import { statSync, type Stats } from 'node:fs'
import { mkdir, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import envPaths from 'env-paths'
import { FewlineError, unwritable } from '../errors.ts'
import type { CatalogueFile } from './catalogue.ts'

/** Where models are kept: FEWLINE_MODELS, else where this system wants a program's data. */
export function modelsFolder(): string {
  return process.env.FEWLINE_MODELS || join(envPaths('fewline', { suffix: '' }).data, 'models')
}

/** Where what was prepared from models is kept; all of it can be prepared again. */
export function cacheFolder(): string {
  return join(modelsFolder(), 'cache')
}

/** Where a file of the catalogue lies, if it is there. It got its name when it was whole, so its length tells. */
export function installedPath({ name, bytes }: CatalogueFile, folder = modelsFolder()): string | undefined {
  const path = join(folder, name)
  const about = fileAt(path)
  return about && (bytes === undefined || about.size === bytes) ? path : undefined
}

/** What the system knows of a file; undefined when there is none. */
export function fileAt(path: string): Stats | undefined {
  try {
    const about = statSync(path)
    return about.isFile() ? about : undefined
  } catch {
    return undefined
  }
}

/** Makes the folder where it is missing. Throws a FewlineError of kind `output`. */
export async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    throw unwritable(folder, error)
  })
}

/** Throws a FewlineError of kind `output` when the disk has no room for `bytes` more; not every disk tells. */
export async function checkRoom(folder: string, bytes: number): Promise<void> {
  const disk = await statfs(folder).catch(() => undefined)
  const free = disk && disk.blocks > 0 ? disk.bavail * disk.bsize : Infinity
  if (bytes <= free) return
  throw new FewlineError({
    kind: 'output',
    expected: `${sizeText(bytes)} of free space in "${folder}"`,
    came: `there are only ${sizeText(free)}`,
    todo: 'free some, or set FEWLINE_MODELS to a folder on another disk',
  })
}

/** Bytes as people read them. */
export function sizeText(bytes: number): string {
  const [unit, one] = bytes >= 1e9 ? ['GB', 1e9] : bytes >= 1e6 ? ['MB', 1e6] : ['kB', 1e3]
  const count = bytes / one
  return `${count < 10 ? count.toFixed(1) : Math.round(count)} ${unit}`
}
