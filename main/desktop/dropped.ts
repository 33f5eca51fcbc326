import type { IpcMain, WebContents } from 'electron'
import { isOurs } from './door.ts'

/** More files than anyone drops on one window. */
const MOST = 1000

/**
 * Which files were dropped on a window. Its preload script, which the page can't speak for, tells the path of each file that
 * the page was given; so that is all that the page may open by path.
 */
export function setupDropped(ipc: Pick<IpcMain, 'on'>): (contents: WebContents) => (path: string) => boolean {
  const known = new Map<number, Set<string>>()
  ipc.on('door-dropped', (event, path: unknown) => {
    if (!isOurs(event) || typeof path !== 'string' || path === '') return
    const { sender } = event
    const paths = known.get(sender.id) ?? new Set()
    if (!known.has(sender.id)) sender.once('destroyed', () => known.delete(sender.id))
    if (paths.size < MOST) known.set(sender.id, paths.add(path))
  })
  return ({ id }) =>
    (path) =>
      known.get(id)?.has(path) ?? false
}
