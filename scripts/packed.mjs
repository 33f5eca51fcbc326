// What an installer holds besides Electron, told for every system from the lock file and the list in electron-builder.yml.
import { spawnSync } from 'node:child_process'
import { existsSync, lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { load } from 'js-yaml'

const require = createRequire(import.meta.url)
// electron-builder's own matcher: a list that is read otherwise than it does would tell nothing.
const { FileMatcher } = require('app-builder-lib/out/fileMatcher.js')

/** The systems that there are installers for. onnxruntime has no library for Macs with an Intel processor. */
export const TARGETS = [
  { platform: 'linux', arch: 'x64' },
  { platform: 'linux', arch: 'arm64' },
  { platform: 'darwin', arch: 'arm64' },
  { platform: 'win32', arch: 'x64' },
  { platform: 'win32', arch: 'arm64' },
]
/** How many bytes an installer may have besides Electron's own, compressed. */
export const LIMIT = 100e6

/**
 * Tells what the installers of every system would hold, and how large that is. Packages for other systems are fetched by
 * npm into a folder of their own. Resolves to whether all of them keep within the limit.
 */
export function report(root, say) {
  const elsewhere = mkdtempSync(join(tmpdir(), 'fewline-packed-'))
  try {
    fetchMissing(root, elsewhere)
    const sizes = new Map()
    const totals = TARGETS.map((target) => totalOf(target, packedFiles(root, target, elsewhere), sizes))
    for (const { name, files, bytes, compressed, largest } of totals) {
      const over = compressed > LIMIT ? `, which is over the limit of ${megabytes(LIMIT)}` : ''
      say(`${name}: ${files} files, ${megabytes(bytes)}, compressed ${megabytes(compressed)}${over}`)
      for (const [part, size] of largest) say(`  ${megabytes(size).padStart(9)}  ${part}`)
    }
    return totals.every(({ compressed }) => compressed <= LIMIT)
  } finally {
    rmSync(elsewhere, { recursive: true, force: true })
  }
}

/** The files that are packed for a system: their paths within the app, and where they lie now. */
export function packedFiles(root, target, elsewhere = root) {
  const { files } = load(readFileSync(join(root, 'electron-builder.yml'), 'utf8'))
  const expand = (text) => text.replaceAll('${platform}', target.platform).replaceAll('${arch}', target.arch)
  const filterOf = (patterns) => new FileMatcher(root, root, expand, patterns).createFilter()
  // Of packages it takes everything that is not excluded.
  const [ofOurs, ofPackages] = [files, ['**/*', ...files.filter((pattern) => pattern.startsWith('!'))]].map(filterOf)
  const own = ['dist', 'resources', 'package.json', 'LICENSE'].flatMap((path) => under(root, path))
  const packages = packagesOf(root, target).flatMap((path) => {
    const home = [root, elsewhere].find((folder) => existsSync(join(folder, path)))
    // An optional one that no system of ours needs.
    return home === undefined ? [] : under(home, path)
  })
  const isPacked =
    (filter) =>
    ({ path, source }) =>
      filter(source, Object.assign(lstatSync(source), { moduleFullFilePath: path }))
  return [...own.filter(isPacked(ofOurs)), ...packages.filter(isPacked(ofPackages))]
}

/** Where the packages lie that Fewline needs to run on a system: `node_modules/…`. */
function packagesOf(root, target) {
  const lock = lockOf(root)
  const suits = (wanted, is) => !wanted || wanted.includes(is)
  return Object.entries(lock)
    .filter(([path, { dev, os, cpu, libc }]) => {
      return path !== '' && !dev && suits(os, target.platform) && suits(cpu, target.arch) && suits(libc, 'glibc')
    })
    .map(([path]) => path)
}

function fetchMissing(root, folder) {
  const lock = lockOf(root)
  const missing = new Set(
    TARGETS.flatMap((target) => packagesOf(root, target)).filter((path) => !existsSync(join(root, path))),
  )
  const wanted = [...missing].map((path) => `${path.replace(/^.*node_modules\//, '')}@${lock[path].version}`)
  if (wanted.length === 0) return
  // --force: they are for other systems.
  const args = [
    'install',
    '--prefix',
    folder,
    '--force',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ]
  const { status } = spawnSync('npm', [...args, ...wanted], {
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  })
  if (status !== 0) throw new Error(`npm could not fetch ${wanted.join(', ')}`)
}

function lockOf(root) {
  return JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages
}

/** The files of a folder, or a file; packages within packages are packages of their own. */
function under(home, path) {
  const source = join(home, path)
  if (!lstatSync(source).isDirectory()) return [{ path, source }]
  const names = readdirSync(source).filter((name) => name !== 'node_modules')
  return names.flatMap((name) => under(home, `${path}/${name}`))
}

function totalOf({ platform, arch }, files, sizes) {
  const parts = new Map()
  let bytes = 0
  for (const { path, source } of files) {
    const content = readFileSync(source)
    if (!sizes.has(source)) sizes.set(source, gzipSync(content).length)
    bytes += content.length
    const [, part = 'Fewline'] = /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path) ?? []
    parts.set(part, (parts.get(part) ?? 0) + sizes.get(source))
  }
  const compressed = [...parts.values()].reduce((sum, size) => sum + size, 0)
  const largest = [...parts].sort(([, a], [, b]) => b - a).slice(0, 5)
  return { name: `${platform}-${arch}`, files: files.length, bytes, compressed, largest }
}

function megabytes(bytes) {
  return `${(bytes / 1e6).toFixed(1)} MB`
}
