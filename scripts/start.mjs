// `npm start`: opens the studio as a desktop app; where Electron's program cannot be had, in the browser instead.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const files = process.argv.slice(2)

const program = electronProgram()
if (program.path) run(program.path, [root, ...files])
else {
  console.error(`The desktop app is not to be had here (${program.reason}): the studio opens in your browser instead.`)
  run(process.execPath, [join(root, 'dist', 'engine', 'cli.js'), 'serve'])
}

/** Where Electron's program is, fetched if need be; else why there is none. */
function electronProgram() {
  const folder = electronFolder()
  if (!folder) return { reason: 'Electron is not installed' }
  const installed = programIn(folder)
  if (installed) return { path: installed }
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major < 22 || (major === 22 && minor < 12))
    return { reason: `it needs Node 22.12, this is ${process.versions.node}` }
  console.error('Fetching Electron, which the desktop app runs on (once, about 100 MB) …')
  spawnSync(process.execPath, [join(folder, 'install.js')], { stdio: ['ignore', 'ignore', 'ignore'] })
  const fetched = programIn(folder)
  return fetched ? { path: fetched } : { reason: 'it could not be downloaded' }
}

function electronFolder() {
  try {
    return dirname(createRequire(import.meta.url).resolve('electron/package.json'))
  } catch {
    return undefined
  }
}

/** Electron's package says in a file where its program lies, once it is there. */
function programIn(folder) {
  const note = join(folder, 'path.txt')
  const path = existsSync(note) && join(folder, 'dist', readFileSync(note, 'utf8').trim())
  return path && existsSync(path) ? path : undefined
}

function run(path, args) {
  // A Ctrl-C reaches both; the other one ends first.
  process.on('SIGINT', () => undefined)
  const { status, error } = spawnSync(path, args, { stdio: 'inherit' })
  if (error) console.error(`Fewline could not be started: ${error.message}`)
  process.exitCode = status ?? 1
}
