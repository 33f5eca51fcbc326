// Bundles src/ to dist/engine, main/ and renderer/ to dist/main, dist/preload and dist/renderer, and writes the engine's types.
// Types are checked by `npm run check`; here they are only stripped, which is quick.
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stampOf } from './build-state.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const engine = join(root, 'dist', 'engine')
const begun = new Date()

const compiler = findCompiler()
if (!compiler) {
  // `npm ci --omit=dev` runs `prepare` too, and may: it only has nothing to build with.
  const asked = process.env.npm_lifecycle_event !== 'prepare'
  console.error('TypeScript is not installed, so dist/engine stays as it is. To build: npm ci')
  process.exit(asked ? 1 : 0)
}

// Compiled beside the old build and put in its place at the end: a failure, or a reader meanwhile, meets a whole build.
const fresh = join(root, 'dist', `.engine-${process.pid}`)
mkdirSync(fresh, { recursive: true })
const { status } = spawnSync(process.execPath, [compiler, '-p', join(root, 'tsconfig.build.json'), '--outDir', fresh], {
  stdio: ['ignore', 2, 2],
})
const failure = status === 0 ? await bundleEngine(fresh).catch((error) => error) : 'its types could not be written'
if (failure) {
  console.error(failure)
  rmSync(fresh, { recursive: true, force: true })
  process.exit(status || 1)
}
chmodSync(join(fresh, 'cli.js'), 0o755)
const old = `${fresh}-old`
if (existsSync(engine)) renameSync(engine, old)
renameSync(fresh, engine)
rmSync(old, { recursive: true, force: true })

await buildStudio()
writeFileSync(stampOf(root), '')
utimesSync(stampOf(root), begun, begun)

/**
 * The engine and what starts it, in few files, since a program that reads hundreds starts slowly. The packages that it needs are
 * among it, save those that are more than code (libraries, WebAssembly) or seldom needed.
 */
async function bundleEngine(dir) {
  const { rolldown } = await import('rolldown')
  const source = (...path) => join(root, 'src', ...path)
  const bundle = await rolldown({
    input: {
      cli: source('cli.ts'),
      index: source('index.ts'),
      // src/resources.ts
      'batch-child': source('cli', 'batch', 'child.ts'),
      'drawing-child': source('drawing', 'apart', 'child.ts'),
      'probe-child': source('devices', 'probe-child.ts'),
      'rewrite-child': source('onnx', 'rewrite-child.ts'),
    },
    external: /^(@cantoo|@huggingface|bullmq|cli-progress|ioredis|libheif-js|onnxruntime-|open|sharp)/,
    platform: 'node',
  })
  // Beside one another: src/resources.ts finds the programs by that.
  await bundle.write({ dir, chunkFileNames: '[name]-[hash].js', comments: { jsdoc: false }, sourcemap: true })
}

/** The desktop app's host, its preload script and its window, which `fewline serve` shows as well. */
async function buildStudio() {
  const { build } = await import('electron-vite')
  await build({ root, configFile: join(root, 'electron.vite.config.ts'), logLevel: 'error' })
}

function findCompiler() {
  try {
    return createRequire(import.meta.url).resolve('typescript/bin/tsc')
  } catch {
    return undefined
  }
}
