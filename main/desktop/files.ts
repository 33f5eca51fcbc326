import type { App } from 'electron'
import { resolve } from 'node:path'

/** Files that the desktop hands to us: opened with Fewline, dropped on its icon, or named when it was started. */
export function setupOpenFiles(
  app: Pick<App, 'on' | 'isPackaged'>,
  open: (path: string) => void,
  focus: () => void,
): void {
  app.on('open-file', (event, path) => {
    event.preventDefault()
    open(path)
  })
  app.on('second-instance', (_event, argv, folder) => {
    const files = filesIn(argv, app.isPackaged, folder)
    if (files.length === 0) focus()
    for (const file of files) open(file)
  })
}

/** The files among what a program was started with. On a checkout the first argument is the folder of the app. */
export function filesIn(argv: readonly string[], isPackaged: boolean, folder: string): string[] {
  return argv
    .slice(isPackaged ? 1 : 2)
    .filter((argument) => !argument.startsWith('-'))
    .map((path) => resolve(folder, path))
}
