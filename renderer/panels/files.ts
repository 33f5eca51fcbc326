import type { Bytes, Source } from '../../main/api.ts'

/** What the host is to open of a file that was picked, dropped or pasted. */
export async function sourceOf(file: File): Promise<Source> {
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
