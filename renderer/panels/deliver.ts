import type { ReplyOf } from '../../main/api.ts'
import { words } from '../i18n/words.svelte.ts'
import type { Studio } from '../state/studio.svelte.ts'
import { download } from './files.ts'

type Delivered = ReplyOf<'saveProject'>['delivered']

/** Ends what the host began: a browser downloads or copies what it was given. Says what became of it. */
export async function deliver(delivered: Delivered, notices: Studio['notices'], toClipboard = false): Promise<void> {
  if (delivered.to === 'clipboard') notices.add('info', words().copied)
  else if (delivered.to === 'file') notices.add('info', words().export.saved(delivered.path))
  else if (delivered.to === 'download' && toClipboard) await copyFile(delivered.file, notices)
  else if (delivered.to === 'download') {
    download(delivered.file)
    notices.add('info', words().export.saved(delivered.file.name))
  }
}

async function copyFile(
  { type, bytes }: { type: string; bytes: Uint8Array<ArrayBuffer> },
  notices: Studio['notices'],
): Promise<void> {
  try {
    if (type === 'image/png')
      await navigator.clipboard.write([new ClipboardItem({ [type]: new Blob([bytes], { type }) })])
    else await navigator.clipboard.writeText(new TextDecoder().decode(bytes))
    notices.add('info', words().copied)
  } catch (error) {
    notices.failure(error)
  }
}
