import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import WebSocket from 'ws'
import { connect, type Door, type EventName, type EventOf, type Port, socketPort } from '../../../main/api.ts'
import { forkEngine } from '../../../main/engine/fork.ts'
import type { EngineProcess } from '../../../main/engine/protocol.ts'
import { browserShell } from '../../../main/host/shell.ts'
import { openStudio, type Studio } from '../../../main/host/studio.ts'
import { openPages } from '../../../main/pages.ts'
import { openServer } from '../../../main/serve/server.ts'

const root = join(import.meta.dirname, '../../..')
/** The engine's process as it is built. */
const ENGINE = join(root, 'dist', 'main', 'engine.js')
export const SAMPLES = join(root, 'resources', 'samples')

/** A studio with an engine of its own, and a folder that goes when it is closed. */
export interface TestStudio {
  studio: Studio
  data: string
  /** The engine's processes so far, the last one running. */
  processes: EngineProcess[]
  close(): void
}

export function testStudio(data = mkdtempSync(join(tmpdir(), 'fewline-studio-'))): TestStudio {
  if (!existsSync(ENGINE)) throw new Error('dist/main is missing: npm run build')
  const processes: EngineProcess[] = []
  const startEngine = () => {
    const process = forkEngine(ENGINE)
    processes.push(process)
    return process
  }
  const studio = openStudio({ startEngine, data, samples: SAMPLES, version: '0.0.0-test' })
  const close = () => {
    studio.close()
    rmSync(data, { recursive: true, force: true })
  }
  return { studio, data, processes, close }
}

/**
 * Two ports in one process, each end hearing the other. Messages arrive as they do in a window: as copies, and each in a task of
 * its own, so that who awaited the one before already listens.
 */
export function memoryPorts(): [Port, Port] {
  const ends = [end(), end()] as const
  const port = (own: End, other: End): Port => ({
    send: (message) => void setImmediate(() => !other.closed && other.hear(message.slice())),
    onMessage: (listener) => (own.hear = listener),
    onClose: (listener) => own.gone.push(listener),
    close: () => {
      for (const side of ends) {
        if (!side.closed) for (const listener of side.gone) listener()
        side.closed = true
      }
    },
  })
  return [port(ends[0], ends[1]), port(ends[1], ends[0])]
}

interface End {
  closed: boolean
  hear(message: Uint8Array): void
  gone: (() => void)[]
}

function end(): End {
  return { closed: false, hear: () => undefined, gone: [] }
}

/** A way to reach a studio from a window. */
export interface Transport {
  name: string
  open(studio: Studio): Promise<{ port(): Promise<Port>; close(): Promise<void> }>
}

export const transports: Transport[] = [
  {
    name: 'a port',
    open: async (studio) => ({
      async port() {
        const [near, far] = memoryPorts()
        studio.connect(far, browserShell)
        return near
      },
      async close() {},
    }),
  },
  {
    name: 'a WebSocket',
    async open(studio) {
      const server = await openServer(studio, testPages(), 0)
      return { port: () => socketTo(server.url), close: () => server.close() }
    },
  },
]

/** A port to the studio at an address with its token. As in a browser, no two messages are heard at once. */
export async function socketTo(url: string): Promise<Port> {
  const address = new URL('/socket', url.replace(/^http/, 'ws'))
  const headers = { cookie: await cookieFrom(url) }
  return socketPort(new WebSocket(address, { headers, allowSynchronousEvents: false }))
}

/** What lets a browser in, once it was there with the token. */
export async function cookieFrom(url: string): Promise<string> {
  const response = await fetch(url, { redirect: 'manual' })
  return response.headers.get('set-cookie')!.split(';')[0]!
}

/** A page of ten lines, in place of the window. */
export function testPages() {
  const folder = mkdtempSync(join(tmpdir(), 'fewline-pages-'))
  mkdirSync(join(folder, 'assets'))
  writeFileSync(
    join(folder, 'index.html'),
    '<!doctype html><title>Test</title><script type="module" src="assets/a.js"></script>',
  )
  writeFileSync(join(folder, 'index.de.html'), '<!doctype html><html lang="de"><title>Versuch</title></html>')
  const script = 'document.title = "ran"'
  writeFileSync(join(folder, 'assets', 'a.js'), script)
  writeFileSync(join(folder, 'assets', 'a.js.br'), brotliCompressSync(script))
  const pages = openPages(folder)
  return pages
}

/** The next event of a kind that passes; rejects when the door closes first. */
export function next<E extends EventName>(
  door: Door,
  event: E,
  passes: (data: EventOf<E>) => boolean = () => true,
): Promise<EventOf<E>> {
  return new Promise((resolve, reject) => {
    const stop = door.on(event, (data) => {
      if (!passes(data)) return
      stop()
      resolve(data)
    })
    door.onClose(() => reject(new Error(`closed before the event "${event}" came`)))
  })
}

export { connect }
