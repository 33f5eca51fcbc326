import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { MOST_BYTES } from '../api.ts'
import { refuse } from '../host/problems.ts'
import { browserShell } from '../host/shell.ts'
import type { Studio } from '../host/studio.ts'
import type { WindowPort } from '../host/telling.ts'
import { type Looks, type Pages, securityHeaders } from '../pages.ts'
import { languageOf } from '../../src/words/languages.ts'
import { addressOf, type Admission, createGuard, type Guard } from './guard.ts'

export interface StudioServer {
  readonly port: number
  /** The address with the token, for the user's eyes: whoever has it is let in. */
  readonly url: string
  /** An address that lets in once, within a minute. */
  invite(): string
  close(): Promise<void>
}

/** Room in a message for what comes with a file. */
const BESIDES = 2 ** 20

/** Serves the studio to browsers on this machine. `port` 0 takes any that is free. Throws a StudioError when it is taken. */
export async function openServer(studio: Studio, pages: Pages, port: number): Promise<StudioServer> {
  const http = createServer()
  const bound = await listen(http, port)
  const guard = createGuard(bound)
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MOST_BYTES + BESIDES, perMessageDeflate: false })
  const headers = securityHeaders([`ws://127.0.0.1:${bound}`, `ws://localhost:${bound}`])
  const pagesFor = (request: IncomingMessage) => (path: string) => pages(path, looksFor(request, studio))
  http.on('request', (request, response) => respond(request, response, guard, pagesFor(request), headers))
  http.on('upgrade', (request, socket: Duplex, head) => {
    const { address, admission } = received(request, guard)
    // One that is gone already needs no answer.
    socket.on('error', () => undefined)
    if (admission !== 'cookie' || address?.pathname !== '/socket') refuseUpgrade(socket)
    else sockets.handleUpgrade(request, socket, head, (open) => studio.connect(portOf(open, socket), browserShell))
  })
  return {
    port: bound,
    url: `http://127.0.0.1:${bound}/?token=${guard.token}`,
    invite: () => `http://127.0.0.1:${bound}/?token=${guard.invite()}`,
    close: () => close(http, sockets),
  }
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.on('error', (error: NodeJS.ErrnoException) => reject(notHeard(port, error)))
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  })
}

/** Why nobody can be heard at a port. */
function notHeard(port: number, error: NodeJS.ErrnoException): Error {
  const came = { EADDRINUSE: 'it is taken', EACCES: 'the system reserves it' }[error.code ?? '']
  if (came === undefined) return error
  return refuse(`to listen at port ${port}`, came, 'choose another with --port, or leave that out')
}

function close(http: Server, sockets: WebSocketServer): Promise<void> {
  for (const socket of sockets.clients) socket.terminate()
  http.closeAllConnections()
  return new Promise((resolve) => http.close(() => resolve()))
}

function respond(
  request: IncomingMessage,
  response: ServerResponse,
  guard: Guard,
  pages: Pages,
  headers: Record<string, string>,
): void {
  const end: End = (status, more = {}, content) =>
    response.writeHead(status, { ...headers, ...more }).end(request.method === 'HEAD' ? undefined : content)
  const { address, admission } = received(request, guard)
  if (!address || admission === 'refused') return void end(403, PLAIN, FORBIDDEN)
  if (request.method !== 'GET' && request.method !== 'HEAD') return void end(405, { Allow: 'GET, HEAD' })
  if (admission === 'token') {
    welcome(request, address, cookieOf(guard), end)
    return
  }
  const page = pages(address.pathname)
  if (!page) return void end(404, PLAIN, 'Not found.\n')
  const isPacked = page.packed !== undefined && takesBrotli(request)
  end(
    200,
    {
      'Content-Type': page.type,
      ...(page.packed && { Vary: 'Accept-Encoding' }),
      ...(isPacked && { 'Content-Encoding': 'br' }),
      ...(page.lasting && { 'Cache-Control': 'private, max-age=31536000, immutable' }),
    },
    isPacked ? page.packed : page.content,
  )
}

/** What was chosen; else the language that the browser asks for first. */
function looksFor({ headers }: IncomingMessage, { host: { preferences } }: Studio): Looks {
  const [first = ''] = (headers['accept-language'] ?? '').split(/[,;]/)
  return { theme: preferences.app.theme, language: preferences.app.language ?? languageOf(first.trim()) }
}

function takesBrotli({ headers }: IncomingMessage): boolean {
  const accepted = [headers['accept-encoding'] ?? ''].flat().join().split(',')
  return accepted.some((each) => /^\s*br\s*(;\s*q=(?!0(\.0*)?\s*$).*)?$/.test(each))
}

/** Gives the cookie, and goes on to the page without the token. */
function welcome({ headers }: IncomingMessage, { pathname }: URL, cookie: string, end: End): void {
  // However many slashes are left of a path, two of them at the beginning would lead to another machine.
  const path = `/${pathname.replace(/^\/+/, '')}`
  const site = headers['sec-fetch-site'] ?? 'none'
  if (site === 'none' || site === 'same-origin') return void end(303, { Location: path, 'Set-Cookie': cookie })
  // From another page, such as the file that a browser was opened with, a strict cookie does not come along at once: it
  // does when a page of ours goes on.
  end(200, { 'Content-Type': 'text/html; charset=utf-8', Refresh: `0; url=${path}`, 'Set-Cookie': cookie }, '')
}

type End = (status: number, more?: Record<string, string>, content?: string | Uint8Array) => unknown

const PLAIN = { 'Content-Type': 'text/plain; charset=utf-8' }
const FORBIDDEN = 'Open the address that "fewline serve" has printed: it lets you in.\n'

function cookieOf({ cookie: { name, value } }: Guard): string {
  return `${name}=${value}; Path=/; HttpOnly; SameSite=Strict`
}

function refuseUpgrade(socket: Duplex): void {
  socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
}

function received(request: IncomingMessage, guard: Guard): { address: URL | undefined; admission: Admission } {
  const address = addressOf(request)
  return { address, admission: guard.admit({ address, headers: request.headers }) }
}

/** Messages over a socket of ours. What is sent at once goes over the `wire` at once. */
function portOf(socket: WebSocket, wire: Duplex): WindowPort {
  socket.binaryType = 'arraybuffer'
  // A socket that breaks is closed right after.
  socket.on('error', () => undefined)
  return {
    get waiting() {
      return socket.bufferedAmount
    },
    send(message) {
      wire.cork()
      socket.send(message)
      process.nextTick(() => wire.uncork())
    },
    onMessage: (listener) =>
      socket.on('message', (data, isBinary) => {
        if (isBinary) listener(new Uint8Array(data as ArrayBuffer))
        else socket.close(1003)
      }),
    onClose: (listener) => socket.on('close', listener),
    close: () => socket.close(1008),
  }
}
