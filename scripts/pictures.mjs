// Takes the pictures anew that the window is held to (test/e2e/pictures), and the README's of it (docs/studio.png).
// Look at them before you commit them.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const { status } = spawnSync(
  process.execPath,
  [fileURLToPath(new URL('test.mjs', import.meta.url)), 'test/e2e/looks'],
  { stdio: 'inherit', env: { ...process.env, FEWLINE_PICTURES: 'refresh' } },
)
process.exit(status ?? 1)
