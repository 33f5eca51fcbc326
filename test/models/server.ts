import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { createServer, get, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, vi } from 'vitest'
import { random } from '../support/random.ts'

/** How a server treats one request for `content`. */
export type Manner = (request: IncomingMessage, response: ServerResponse, content: Buffer) => void | Promise<void>

/** Bytes that nothing compresses. */
export function noise(length: number, seed = 1): Buffer {
  const next = random(seed)
  return Buffer.from(Uint8Array.from({ length }, () => 256 * next()))
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** As servers should be. */
export const honest: Manner = (request, response, content) => {
  const from = rangeOf(request)
  if (from === undefined) return void response.writeHead(200, { 'content-length': content.length }).end(content)
  if (from >= content.length) {
    return void response.writeHead(416, { 'content-range': `bytes */${content.length}` }).end()
  }
  const range = `bytes ${from}-${content.length - 1}/${content.length}`
  response
    .writeHead(206, { 'content-range': range, 'content-length': content.length - from })
    .end(content.subarray(from))
}

/** Sends so many bytes of what was asked for, and no more. */
export const breaksOffAfter =
  (count: number): Manner =>
  async (request, response, content) => {
    const from = rangeOf(request) ?? 0
    const range = `bytes ${from}-${content.length - 1}/${content.length}`
    response.writeHead(from > 0 ? 206 : 200, { 'content-range': range, 'content-length': content.length - from })
    response.write(content.subarray(from, from + count))
    // What has not been read when a connection breaks is lost.
    await setTimeout(50)
    response.destroy()
  }

export const knowsNoRanges: Manner = (_request, response, content) => {
  response.writeHead(200, { 'content-length': content.length }).end(content)
}

export const answers =
  (status: number, headers: Record<string, string> = {}): Manner =>
  (_request, response) =>
    void response.writeHead(status, headers).end('<html>Sorry.</html>')

/** Serves something else in its place. */
export const serves =
  (other: Buffer): Manner =>
  (request, response) =>
    honest(request, response, other)

/** Says nothing of the length; the end of the connection is the end of the file. */
export const saysNoLength =
  (count = Infinity): Manner =>
  (request, response, content) => {
    response.useChunkedEncodingByDefault = false
    response.removeHeader('transfer-encoding')
    const from = rangeOf(request) ?? 0
    if (from > 0)
      response.writeHead(206, { connection: 'close', 'content-range': `bytes ${from}-${content.length - 1}/*` })
    else response.writeHead(200, { connection: 'close' })
    response.end(content.subarray(from, from + count))
  }

/** Takes its time, but goes on. */
export const slowly =
  (pieces: number, pause: number): Manner =>
  async (request, response, content) => {
    const from = rangeOf(request) ?? 0
    response.writeHead(from > 0 ? 206 : 200, {
      'content-length': content.length - from,
      ...(from > 0 ? { 'content-range': `bytes ${from}-${content.length - 1}/${content.length}` } : {}),
    })
    const step = Math.ceil(content.length / pieces)
    for (let at = from; at < content.length && !response.destroyed; at += step) {
      response.write(content.subarray(at, at + step))
      await setTimeout(pause)
    }
    response.end()
  }

export const silent: Manner = () => undefined

export const fallsSilent: Manner = (_request, response, content) => {
  response.writeHead(200, { 'content-length': content.length }).write(content.subarray(0, 1000))
}

function rangeOf({ headers }: IncomingMessage): number | undefined {
  const [, from] = /^bytes=(\d+)-$/.exec(headers.range ?? '') ?? []
  return from === undefined ? undefined : Number(from)
}

export interface TestServer {
  /** Of a file on it. */
  url(path: string): string
  /** Puts a file on it; requests are treated in these manners one after another, and honestly from then on. */
  put(path: string, content: Buffer, ...manners: Manner[]): void
  /** What was asked for, with the range. */
  readonly asked: string[]
}

/** A server on this machine, empty before each test. */
export function useServer(): TestServer {
  const files = new Map<string, { content: Buffer; manners: Manner[] }>()
  const asked: string[] = []
  let server: Server
  beforeAll(async () => {
    server = createServer((request, response) => {
      asked.push([request.url, request.headers.range].filter(Boolean).join(' '))
      const file = files.get(request.url!)
      const manner = file ? (file.manners.shift() ?? honest) : answers(404)
      void manner(request, response, file?.content ?? Buffer.alloc(0))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  })
  afterEach(() => {
    files.clear()
    asked.length = 0
  })
  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })
  return {
    asked,
    url: (path) => `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`,
    put: (path, content, ...manners) => void files.set(path, { content, manners }),
  }
}

/** A proxy for http:, and a tunnel for all else; it remembers where to. */
export function useProxy(): { readonly url: string; readonly asked: string[] } {
  const asked: string[] = []
  const sockets = new Set<Socket>()
  let server: Server
  beforeAll(async () => {
    server = createServer((request, response) => {
      asked.push(request.url!)
      get(request.url!, { headers: request.headers }, (answer) => {
        response.writeHead(answer.statusCode!, answer.headers)
        answer.on('error', () => response.destroy()).pipe(response)
      })
    })
    server.on('connect', (request: IncomingMessage, client: Socket) => {
      asked.push(request.url!)
      const [host, port] = request.url!.split(':')
      const target = connect(Number(port), host, () => {
        client.write('HTTP/1.1 200 Connection established\r\n\r\n')
        client.pipe(target).pipe(client)
      })
      for (const socket of [client, target]) sockets.add(socket.on('error', () => undefined))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  })
  afterEach(() => void (asked.length = 0))
  afterAll(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return {
    asked,
    get url() {
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    },
  }
}

export interface ListedFile {
  name: string
  content: Buffer
  urls: string[]
  /** The exact length is not told. */
  rough?: boolean
}

/** Writes a catalogue of one model, `Tiny`, into a folder and gives its path. */
export function writeCatalogue(folder: string, files: ListedFile[], more: object = {}): string {
  const entries = files.map(({ name, content, urls, rough }) => ({
    name,
    urls,
    sha256: sha256(content),
    [rough ? 'about' : 'bytes']: content.length,
  }))
  const model = { name: 'Tiny/1', purpose: 'tests', unlocks: 'nothing', licence: 'MIT', files: entries, ...more }
  const path = join(folder, 'catalogue.json')
  writeFileSync(path, JSON.stringify({ models: [model] }))
  return path
}

/** Keeps models in a folder inside `folder`, with a catalogue of one that these files make, until the environment is unstubbed. */
export function stubModels(folder: string, files: ListedFile[], models = join(folder, 'models')): void {
  for (const name of ['http_proxy', 'HTTP_PROXY', 'all_proxy', 'ALL_PROXY']) vi.stubEnv(name, undefined)
  vi.stubEnv('FEWLINE_MODELS', models)
  vi.stubEnv('FEWLINE_CATALOGUE', writeCatalogue(folder, files))
}
