import type { Plugin, PluginOption } from 'vite'

export function still(root: string, plugins: () => PluginOption[]): Plugin
