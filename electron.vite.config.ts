import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'electron-vite'
import type { Plugin } from 'vite'
import { still } from './scripts/still.mjs'

const root = import.meta.dirname
const engine = join(root, 'src', 'index.ts')

// The engine is built by itself (scripts/build.mjs): the host finds it beside its own folder, in dist/engine.
const builtEngine: Plugin = {
  name: 'built-engine',
  enforce: 'pre',
  async resolveId(source, importer) {
    const found = await this.resolve(source, importer, { skipSelf: true })
    return found?.id === engine ? { id: '../engine/index.js', external: 'absolute' } : found
  },
}

/** Packed once, when it is built, as tightly as it goes: `main/pages.ts` gives these to browsers, and packs pages itself. */
const packed: Plugin = {
  name: 'packed',
  writeBundle({ dir }, bundle) {
    for (const name of Object.keys(bundle).filter((each) => /\.(js|css|svg)$/.test(each))) {
      const path = join(dir!, name)
      writeFileSync(`${path}.br`, brotliCompressSync(readFileSync(path)))
    }
  },
}

/** dist/main: what Electron starts, what `fewline serve` loads, and the process that runs the engine. */
const host = {
  main: join(root, 'main', 'main.ts'),
  serve: join(root, 'main', 'serve.ts'),
  engine: join(root, 'main', 'engine', 'child.ts'),
}

export default defineConfig({
  main: {
    plugins: [builtEngine],
    build: {
      outDir: 'dist/main',
      rollupOptions: { input: host, output: { format: 'es', entryFileNames: '[name].js' } },
    },
  },
  // A sandboxed page takes its preload script as one file of CommonJS.
  preload: {
    build: {
      outDir: 'dist/preload',
      rollupOptions: {
        input: { preload: join(root, 'main', 'preload.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  // The window. The desktop app and `fewline serve` both show dist/renderer, so paths in it are relative.
  renderer: {
    root: 'renderer',
    base: './',
    plugins: [svelte(), still(root, () => [svelte()]), packed],
    // Fonts and pictures stay files: the page's policy knows no data of fonts.
    build: {
      outDir: 'dist/renderer',
      assetsInlineLimit: 0,
      minify: true,
      // One, which is there before anything is seen.
      cssCodeSplit: false,
      rollupOptions: { input: join(root, 'renderer', 'index.html') },
    },
  },
})
