import { extname } from 'node:path'
import type { OpenDialogOptions, OpenDialogReturnValue, SaveDialogOptions, SaveDialogReturnValue } from 'electron'
import type { Translate } from '../../src/words/phrases.ts'
import type { Engine } from '../engine/engine.ts'
import type { OutgoingFile, Shell } from '../host/shell.ts'

/** What of Electron it is made of. */
export interface DesktopParts {
  /** The system's dialogs, in front of the window. */
  askOpen(options: OpenDialogOptions): Promise<OpenDialogReturnValue>
  askSave(options: SaveDialogOptions): Promise<SaveDialogReturnValue>
  /** Puts a file's content on the clipboard. */
  copy(file: OutgoingFile): Promise<void>
  /** Whether the user has dropped this file on the window. */
  isDropped(path: string): boolean
  /** Tells the system that a file was opened or saved. */
  noteRecent(path: string): void
}

const PHOTOS = ['jpg', 'jpeg', 'png', 'webp', 'avif', 'heic', 'heif', 'tif', 'tiff', 'gif', 'bmp']

/** The desktop around a window. */
export function desktopShell(
  engine: Pick<Engine, 'work'>,
  parts: DesktopParts,
  follow: Pick<Shell, 'watch' | 'shows'>,
  said: Translate = (english) => english,
): Shell {
  return {
    host: 'desktop',
    ...follow,
    mayOpen: (path) => parts.isDropped(path),
    async chooseFile() {
      const { filePaths } = await parts.askOpen({
        properties: ['openFile'],
        filters: [
          { name: said('Photos, drawings and projects'), extensions: [...PHOTOS, 'svg', 'svgz', 'fewline'] },
          { name: said('All files'), extensions: ['*'] },
        ],
      })
      return filePaths[0]
    },
    async chooseFolder() {
      const { filePaths } = await parts.askOpen({ properties: ['openDirectory', 'createDirectory'] })
      return filePaths[0]
    },
    async deliver(file, known) {
      const path = known ?? (await askWhere(parts, file))
      if (path === undefined) return { to: 'nowhere' }
      await engine.work('write', { path, content: file.bytes })
      parts.noteRecent(path)
      return { to: 'file', path, name: file.name }
    },
    async copy(file) {
      await parts.copy(file)
      return { to: 'clipboard' }
    },
  }
}

async function askWhere({ askSave }: DesktopParts, { name }: OutgoingFile) {
  const extension = extname(name).slice(1)
  const { canceled, filePath } = await askSave({
    defaultPath: name,
    filters: [{ name: extension.toUpperCase(), extensions: [extension] }],
  })
  return canceled ? undefined : filePath
}
