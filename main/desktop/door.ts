import type { IpcMain, IpcMainEvent, WebContents } from 'electron'
import type { Shell } from '../host/shell.ts'
import type { Studio } from '../host/studio.ts'
import type { Window, WindowPort } from '../host/telling.ts'

/** One page's end of the door. */
interface Page {
  hear(message: Uint8Array): void
  gone(): void
}

/** The page of the studio's windows. */
export const ORIGIN = 'fewline://studio'

/**
 * Carries the door's messages between the studio and its windows. A message counts only when the main frame of a window
 * of ours sends it; a page that is loaded anew gets a door of its own.
 */
export function setupDoor(
  ipc: Pick<IpcMain, 'on'>,
  studio: Pick<Studio, 'connect'>,
  shellOf: (contents: WebContents) => Shell,
  connected: (contents: WebContents, window: Window) => void,
): void {
  const pages = new Map<number, Page>()

  function leave(id: number): void {
    const page = pages.get(id)
    pages.delete(id)
    page?.gone()
  }

  ipc.on('door-open', (event) => {
    if (!isOurs(event)) return
    const { sender } = event
    leave(sender.id)
    const page: Page = { hear: () => undefined, gone: () => undefined }
    pages.set(sender.id, page)
    sender.once('destroyed', () => leave(sender.id))
    const port = portTo(sender, page, () => leave(sender.id))
    connected(sender, studio.connect(port, shellOf(sender)))
  })
  ipc.on('door', (event, message: unknown) => {
    if (isOurs(event) && message instanceof Uint8Array) pages.get(event.sender.id)?.hear(message)
  })
  ipc.on('door-close', (event) => {
    if (isOurs(event)) leave(event.sender.id)
  })
}

/** Whether a message comes from the page of one of our windows, and not from a frame within it. */
export function isOurs({ senderFrame, sender }: IpcMainEvent): boolean {
  return senderFrame !== null && senderFrame === sender.mainFrame && senderFrame.url.startsWith(`${ORIGIN}/`)
}

function portTo(contents: WebContents, page: Page, leave: () => void): WindowPort {
  const listeners: (() => void)[] = []
  page.gone = () => {
    if (!contents.isDestroyed()) contents.send('door-closed')
    for (const listener of listeners) listener()
  }
  return {
    send(message) {
      if (!contents.isDestroyed()) contents.send('door', message)
    },
    onMessage: (listener) => (page.hear = listener),
    onClose: (listener) => listeners.push(listener),
    close: leave,
  }
}
