import { join } from 'node:path'
import { createServer } from 'vite'

/**
 * Puts into the page what its window looks like at first, for every language, wide and narrow (`renderer/still.ts`): that is seen while
 * the program is still being read. `renderer/main.ts` chooses. `root` is the repository; `plugins()` makes those of the window.
 */
export function still(root, plugins) {
  return {
    name: 'still',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      async handler(html, { bundle }) {
        const stills = (await rendered(root, plugins())).map((each) => withBuilt(each, root, bundle))
        const early = fontsOf(bundle).join('\n    ')
        return html
          .replace('</head>', () => `  ${early}\n  </head>`)
          .replace('</body>', () => `${stills.join('\n')}\n  </body>`)
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
    const { still } = await server.ssrLoadModule('/still.ts')
    const { LANGUAGES } = await server.ssrLoadModule(join(root, 'src', 'words', 'languages.ts'))
    const all = []
    for (const language of LANGUAGES)
      for (const narrow of [false, true]) {
        const content = `<div class="still" inert aria-hidden="true">${await still(language, narrow)}</div>`
        all.push(`<template data-still="${language}${narrow ? '-narrow' : ''}">${content}</template>`)
      }
    return all
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

/** What nearly every word is set in. */
function fontsOf(bundle) {
  return Object.keys(bundle)
    .filter((name) => /inter-latin-wght-normal/.test(name))
    .map((name) => `<link rel="preload" as="font" type="font/woff2" crossorigin href="./${name}" />`)
}
