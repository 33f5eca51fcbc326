import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vite'

// The studio's window. Electron and `fewline serve` both load dist/renderer, so paths in it are relative.
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [svelte()],
  build: { outDir: '../dist/renderer', emptyOutDir: true, assetsInlineLimit: 0, target: 'es2023' },
})
