import type { App, Session } from 'electron'
import { ORIGIN } from './door.ts'

/** What a page may ask the system for: the camera, for a photo, and to put a drawing on the clipboard. */
const ALLOWED = new Set(['clipboard-sanitized-write'])

/** Windows stay on their page, open no others, and get nothing from the system but the camera. */
export function setupSecurity(app: Pick<App, 'on'>, session: Pick<Session, PermissionHandlers>): void {
  app.on('web-contents-created', (_event, contents) => {
    contents.on('will-navigate', (event) => event.preventDefault())
    contents.on('will-frame-navigate', (event) => event.preventDefault())
    contents.on('will-redirect', (event) => event.preventDefault())
    contents.on('will-attach-webview', (event) => event.preventDefault())
    contents.setWindowOpenHandler(() => ({ action: 'deny' }))
  })
  session.setPermissionRequestHandler((contents, permission, callback, details) => {
    const types = 'mediaTypes' in details ? (details.mediaTypes ?? []) : []
    const isCamera = permission === 'media' && types.length > 0 && types.every((type) => type === 'video')
    callback(isOurPage(contents.getURL()) && (isCamera || ALLOWED.has(permission)))
  })
  session.setPermissionCheckHandler((_contents, permission, origin, { mediaType }) => {
    return isOurPage(origin) && (permission === 'media' ? mediaType === 'video' : ALLOWED.has(permission))
  })
  session.setDevicePermissionHandler(() => false)
}

type PermissionHandlers = 'setPermissionRequestHandler' | 'setPermissionCheckHandler' | 'setDevicePermissionHandler'

function isOurPage(url: string): boolean {
  return url === ORIGIN || url.startsWith(`${ORIGIN}/`)
}
