import { readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { brotliCompressSync, constants } from 'node:zlib'
import type { Language } from '../src/words/languages.ts'
import type { AppSettings } from './api.ts'

/** A file of the window's page. */
export interface Page {
  type: string
  content: Uint8Array
  /** The same by brotli, where it was packed when it was built. */
  packed?: Uint8Array | undefined
  /** Its name tells its content, so a browser may keep it for good. */
  lasting: boolean
}

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.txt': 'text/plain; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
}

/** What the window looks like from its first moment on. */
export interface Looks {
  language: Language
  theme: AppSettings['theme']
}

/** How the packed one of a file is called besides. */
const PACKED = '.br'
const WINDOW = '/index.html'
/** Brotli's quality that takes a millisecond or two for a page. */
const QUICKLY = 5

/**
 * Finds the file for the path of an address; undefined where there is none. `/` is the window, which shows what it looks like at
 * first before any of its scripts has come: there is a page of it for every language, and `looks` says which.
 */
export type Pages = (path: string, looks?: Looks) => Page | undefined

/** The window's page as it was built. Only what is in the folder now can ever be asked for. */
export function openPages(folder: string): Pages {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length).replaceAll('\\', '/'))
  const known = new Set(names.map((name) => (name.startsWith('/') ? name : `/${name}`)))
  const pages = new Map<string, Page>()
  /** As `read` gives it, once for each key. */
  const kept = (key: string, read: () => Page): Page => {
    const page = pages.get(key) ?? read()
    pages.set(key, page)
    return page
  }
  return (path, { language, theme } = { language: 'en', theme: 'system' }) => {
    if (path === '/' || path === WINDOW) {
      const spoken = WINDOW.replace('.', `.${language}.`)
      const name = known.has(spoken) ? spoken : WINDOW
      return known.has(name) ? kept(`${name} ${theme}`, () => readWindow(folder, name, theme)) : undefined
    }
    if (!known.has(path) || path.endsWith(PACKED)) return undefined
    return kept(path, () => readPage(folder, path, known.has(path + PACKED)))
  }
}

/** The window's page, in the theme that was chosen: then it never begins in the wrong one. */
function readWindow(folder: string, name: string, theme: Looks['theme']): Page {
  const page = readPage(folder, name, false)
  const html = Buffer.from(page.content).toString()
  const content = Buffer.from(html.replace(/<html[^>]*(?=>)/, `$& data-theme="${theme}"`))
  const packed = brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: QUICKLY } })
  return { ...page, content, packed }
}

function readPage(folder: string, name: string, isPacked: boolean): Page {
  const content = readFileSync(join(folder, name))
  const type = TYPES[extname(name)] ?? 'application/octet-stream'
  const packed = isPacked ? readFileSync(join(folder, name + PACKED)) : undefined
  return { type, content, packed, lasting: name.startsWith('/assets/') }
}

/**
 * What the page may do: run its own scripts, show its own pictures, and talk to its own host. `connect`: where that is,
 * besides where the page itself came from.
 */
export function securityHeaders(connect: readonly string[] = []): Record<string, string> {
  const policy = {
    'default-src': ["'none'"],
    'script-src': ["'self'"],
    // Styles of single elements are set by the page's own scripts.
    'style-src': ["'self'"],
    'style-src-attr': ["'unsafe-inline'"],
    'img-src': ["'self'", 'blob:', 'data:'],
    'media-src': ["'self'", 'blob:'],
    'font-src': ["'self'"],
    'connect-src': ["'self'", 'blob:', ...connect],
    'base-uri': ["'none'"],
    'form-action': ["'none'"],
    'frame-ancestors': ["'none'"],
    'object-src': ["'none'"],
  }
  return {
    'Content-Security-Policy': Object.entries(policy)
      .map(([what, from]) => `${what} ${from.join(' ')}`)
      .join('; '),
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy': 'camera=(self), clipboard-read=(self), clipboard-write=(self), geolocation=(), microphone=()',
    'Cache-Control': 'no-store',
  }
}
