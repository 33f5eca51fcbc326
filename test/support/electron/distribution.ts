import { chmodSync, copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** What @electron/fuses looks for in Electron's program: a mark, a version, how many fuses there are, and each of them. */
const FUSES = Buffer.concat([
  Buffer.from('dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'),
  Buffer.from([1, 9]),
  Buffer.from('111111111'),
])

/**
 * Writes a folder that electron-builder takes for Electron's, where the real one cannot be had: its program is this Node,
 * which runs the app with a stand-in for `electron`, or, like Electron, behaves as Node alone when it is asked to.
 */
export function writeElectron(folder: string): string {
  for (const name of ['locales', 'resources', 'stand-in']) mkdirSync(join(folder, name), { recursive: true })
  for (const name of [
    'locales/en-US.pak',
    'locales/de.pak',
    'locales/fr.pak',
    'locales/zh-CN.pak',
    'LICENSES.chromium.html',
    'chrome-sandbox',
  ]) {
    writeFileSync(join(folder, name), '')
  }
  writeFileSync(join(folder, 'LICENSE'), 'Electron’s own')
  for (const name of ['hook.mjs', 'electron.mjs'])
    copyFileSync(join(import.meta.dirname, name), join(folder, 'stand-in', name))
  const program = join(folder, 'electron')
  const script = `#!/bin/sh
[ "$ELECTRON_RUN_AS_NODE" ] && exec '${process.execPath}' "$@"
here=$(dirname "$(readlink -f "$0")")
export FEWLINE_APP="$here/resources/app.asar"
exec '${process.execPath}' --import "$here/stand-in/hook.mjs" "$here/resources/app.asar.unpacked/dist/main/main.js" "$@"
exit
`
  writeFileSync(program, Buffer.concat([Buffer.from(script), FUSES]))
  chmodSync(program, 0o755)
  return folder
}
