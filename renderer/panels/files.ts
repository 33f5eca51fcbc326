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
