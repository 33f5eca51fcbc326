// Makes a checkout ready to run: installs what is missing, builds what is out of date, and says nothing otherwise.
// It runs before there is a node_modules folder, so it uses Node alone.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildIsCurrent } from './build-state.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')

if (!installIsCurrent()) {
  console.error('Installing the packages that Fewline needs (once) …')
  runNode([npmProgram(), 'ci', '--no-audit', '--no-fund', '--loglevel=error'], 'the packages could not be installed')
}
if (!buildIsCurrent(root)) {
  console.error('Building …')
  runNode([join(root, 'scripts', 'build.mjs')], 'the build failed')
}

/** Whether node_modules holds what package-lock.json asks for: npm keeps its own record of what it installed. */
function installIsCurrent() {
  const wanted = packagesOf('package-lock.json')
  const installed = packagesOf(join('node_modules', '.package-lock.json'))
  return Object.entries(wanted).every(
    // The entry '' is Fewline itself. An optional package may be one for another platform.
    ([path, { version, optional }]) => path === '' || optional || installed[path]?.version === version,
  )
}

function packagesOf(lockFile) {
  const path = join(root, lockFile)
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')).packages ?? {}) : {}
}

/** npm's own script, so that no shell is needed to start it (on Windows `npm` is a batch file). */
function npmProgram() {
  const nodeFolder = dirname(process.execPath)
  const places = [
    process.env.npm_execpath,
    join(nodeFolder, 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    join(nodeFolder, '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    '/usr/share/nodejs/npm/bin/npm-cli.js',
  ]
  const found = places.find((place) => place?.endsWith('npm-cli.js') && existsSync(place))
  if (!found) fail('npm was not found beside Node: run `npm ci` yourself, then try again.')
  return found
}

function runNode(args, failure) {
  const { status, signal } = spawnSync(process.execPath, args, {
    cwd: root,
    // stdout stays free for what comes after (a sketch may be written there).
    stdio: ['inherit', 2, 2],
    // onnxruntime-node would fetch CUDA libraries when it is installed; the CPU provider is in its package.
    env: { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip' },
  })
  if (signal) process.exit(130)
  if (status !== 0) fail(`${failure} (see above).`, status ?? 1)
}

function fail(message, code = 1) {
  console.error(`Fewline is not ready: ${message}`)
  process.exit(code)
}
