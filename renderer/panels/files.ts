import type { Bytes, Port, Source } from '../../main/api.ts'

declare global {
  interface Window {
    /** The desktop app's port; a browser has none and opens a socket. */
    fewline?: Port
  }
}

/** What the host is to open of a file that was picked, dropped or pasted: the desktop app reads it itself. */
export async function sourceOf(file: File): Promise<Source> {
  const path = window.fewline?.pathOf?.(file)
  if (path) return { from: 'path', path }
  return { from: 'bytes', name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) }
}

/** Whether several photos were dropped, or a folder. */
export function areMany(data: DataTransfer | null): boolean {
  return (data?.files.length ?? 0) > 1 || entriesIn(data).some((entry) => entry.isDirectory)
}

/**
 * All photos that were dropped, those in folders too. The desktop app looks into folders itself. To be called at once: what
 * was dropped is gone a moment later.
 */
export function photosIn(data: DataTransfer | null): Promise<File[]> {
  if (window.fewline?.pathOf) return Promise.resolve([...(data?.files ?? [])])
  return Promise.all(entriesIn(data).map((entry) => filesOf(entry, false))).then((all) => all.flat())
}

const entriesIn = (data: DataTransfer | null): FileSystemEntry[] =>
  [...(data?.items ?? [])].flatMap((item) => item.webkitGetAsEntry() ?? [])

async function filesOf(entry: FileSystemEntry, within: boolean): Promise<File[]> {
  if (isFileEntry(entry)) {
    const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject))
    return !within || looksLikePhoto(file) ? [file] : []
  }
  const inner = (await entriesOf(entry as FileSystemDirectoryEntry)).filter(({ name }) => !name.startsWith('.'))
  const files = await Promise.all(inner.map((each) => filesOf(each, true)))
  return files.flat()
}

/** What lies in a folder, by name: browsers give it in pieces until there is nothing more, and in any order. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader()
  const entries: FileSystemEntry[] = []
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject))
    if (some.length === 0) return entries.sort((a, b) => (a.name < b.name ? -1 : 1))
    entries.push(...some)
  }
}

const isFileEntry = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile

/** Whether a file of a folder is a photo, by what the browser makes of its name; it does not know all kinds. */
export const looksLikePhoto = ({ type, name }: Pick<File, 'type' | 'name'>): boolean =>
  !name.startsWith('.') && (/^image\/(?!svg)/.test(type) || /\.(hei[cf]|hif|tiff?)$/i.test(name))

/** The first file among what was dropped or pasted. */
export const fileIn = (data: DataTransfer | null): File | undefined => data?.files[0]

/** The picture on the clipboard, asked for by a button; undefined when there is none. */
export async function pastedPicture(): Promise<Source | undefined> {
  for (const item of await navigator.clipboard.read()) {
    const type = item.types.find((each) => each.startsWith('image/'))
    if (type) return sourceOf(new File([await item.getType(type)], `Pasted.${type.slice(6)}`))
  }
  return undefined
}

/** Hands a file to the browser's downloads. */
export function download({ name, type, bytes }: { name: string; type: string; bytes: Bytes }): void {
  const url = URL.createObjectURL(new Blob([bytes], { type }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // The browser has begun to read it by then.
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}
