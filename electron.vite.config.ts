import { defineConfig } from 'electron-vite'

// The engine is built by scripts/build.mjs and runs in a process of its own, so only the host is bundled here.
export default defineConfig({
  main: { build: { outDir: 'dist/main', lib: { entry: 'main/main.ts' } } },
})
