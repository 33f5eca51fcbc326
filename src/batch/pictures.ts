import { readdir } from 'node:fs/promises'
import { join, relative } from 'node:path'

/** Of the files in a folder those that are drawn, less the hidden ones. */
const PICTURE = /^[^.].*\.(jpe?g|jpe|jfif|pjpe?g|a?png|webp|avif|tiff?|gif|bmp|dib|hei[cf]|hif)$/is

/** Whether a file is called like a picture, and is not hidden. */
export function isPictureName(name: string): boolean {
  return PICTURE.test(name)
}

/** All files that lie in a folder, less the hidden ones. Links to folders are not followed: they may lead anywhere, and back. */
export async function visibleFiles(folder: string, recursive: boolean): Promise<string[]> {
  const all = await readdir(folder, { withFileTypes: true, recursive })
  const files = all.filter((each) => !each.isDirectory()).map(({ parentPath, name }) => join(parentPath, name))
  return files.filter((file) => !/(^|[/\\])\../.test(relative(folder, file)))
}

/** `name`, or `name-2`, `name-3`, … where it is taken, by what `asOnDisk` gives of it. */
export function unused(name: string, taken: Set<string>): string {
  let free = name
  for (let n = 2; taken.has(asOnDisk(free)); n++) free = `${name}-${n}`
  taken.add(asOnDisk(free))
  return free
}

/** The same for names that are one on most disks: upper and lower case, and however their accents are written. */
export function asOnDisk(name: string): string {
  return name.normalize('NFC').toLowerCase()
}
