import { readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'

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

/** How the packed one of a file is called besides. */
const PACKED = '.br'

/** Finds the file for the path of an address, `/` being index.html; undefined where there is none. */
export type Pages = (path: string) => Page | undefined

/** The window's page as it was built. Only what is in the folder now can ever be asked for. */
export function openPages(folder: string): Pages {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length).replaceAll('\\', '/'))
  const known = new Set(names.map((name) => (name.startsWith('/') ? name : `/${name}`)))
  const pages = new Map<string, Page>()
  return (path) => {
    const name = path === '/' ? '/index.html' : path
    if (!known.has(name) || name.endsWith(PACKED)) return undefined
    const page = pages.get(name) ?? readPage(folder, name, known.has(name + PACKED))
    pages.set(name, page)
    return page
  }
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
