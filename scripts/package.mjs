// `npm run package`: makes the installers of this system and processor in out/. `-- --dir` stops before the installers,
// `-- --report` only tells what the installers of every system would hold, and how large that is. Whatever else comes
// goes to electron-builder: `npm run package -- --linux deb`.
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { report } from './packed.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const args = process.argv.slice(2)

if (args.includes('--report')) process.exitCode = report(root, console.log) ? 0 : 1
else {
  const builder = createRequire(import.meta.url).resolve('electron-builder/cli.js')
  const { status, error } = spawnSync(process.execPath, [builder, '--publish', 'never', ...args], {
    cwd: root,
    stdio: 'inherit',
  })
  if (error) console.error(`The packages could not be made: ${error.message}`)
  process.exitCode = status ?? 1
}
