import type { Protocol } from 'electron'
import { type Looks, type Pages, securityHeaders } from '../pages.ts'
import { ORIGIN } from './door.ts'

const SCHEME = new URL(ORIGIN).protocol.slice(0, -1)

/** Before the app is ready: pages of ours are as good as those of https. */
export function registerScheme(protocol: Pick<Protocol, 'registerSchemesAsPrivileged'>): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ])
}

/** Serves the window's page from where it was built to, with the looks it has by then, and nothing from anywhere else. */
export function setupProtocol(protocol: Pick<Protocol, 'handle'>, pages: Pages, looks: () => Looks): void {
  const headers = securityHeaders()
  protocol.handle(SCHEME, (request) => {
    const { origin, host, pathname } = new URL(request.url)
    const page = host === new URL(ORIGIN).host || origin === ORIGIN ? pages(pathname, looks()) : undefined
    if (!page || request.method !== 'GET') return new Response('Not found.', { status: 404, headers })
    return new Response(Buffer.from(page.content), { headers: { ...headers, 'Content-Type': page.type } })
  })
}
