import { join } from 'node:path'
import { createServer } from 'vite'

/**
 * Puts into the page what its window looks like at first, wide and narrow (`renderer/still.ts`): that is seen while the program is
 * still being read. There is a page for every language, of which the host gives the right one (`main/pages.ts`). `root` is the
 * repository; `plugins()` makes those of the window.
 */
export function still(root, plugins) {
  return {
    name: 'still',
    apply: 'build',
    generateBundle: {
      // Vite has made the page by then.
      order: 'post',
      async handler(_, bundle) {
        const page = bundle['index.html']
        const html = page.source
        const { keys, stills } = await rendered(root, plugins())
        for (const [language, still] of stills) {
          const source = html
            .replace('<html lang="en">', `<html lang="${language}">`)
            .replace(
              '<div id="app">',
              () => `<div id="app" data-keys="${keys.join(' ')}">${withBuilt(still, root, bundle)}`,
            )
          if (language === 'en') page.source = source
          else this.emitFile({ type: 'asset', fileName: `index.${language}.html`, source })
        }
      },
    },
  }
}

async function rendered(root, plugins) {
  const server = await createServer({
    ...{ root: join(root, 'renderer'), configFile: false, logLevel: 'error', appType: 'custom', plugins },
    server: { middlewareMode: true, hmr: false, ws: false, watch: null, fs: { allow: [root] } },
    optimizeDeps: { noDiscovery: true, include: [] },
  })
  try {
    const { KEYS, still } = await server.ssrLoadModule('/still.ts')
    const { LANGUAGES } = await server.ssrLoadModule(join(root, 'src', 'words', 'languages.ts'))
    const stills = []
    for (const language of LANGUAGES) stills.push([language, await still(language)])
    return { keys: KEYS, stills }
  } finally {
    await server.close()
  }
}

/** Files are called otherwise in what is built: by their content. */
function withBuilt(text, root, bundle) {
  return text.replaceAll(/"(?:\/@fs)?(\/[^"]*\.jpg)"/g, (_, path) => {
    const isIt = (name) => join(root, 'renderer', name) === join(path)
    const built = Object.values(bundle).find(({ originalFileNames = [] }) => originalFileNames.some(isIt))
    if (!built) throw new Error(`still: ${path} is not in what was built`)
    return `"./${built.fileName}"`
  })
}
