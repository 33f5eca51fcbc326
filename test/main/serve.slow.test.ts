import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import WebSocket from 'ws'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connect, encode, socketPort, type StudioError } from '../../main/api.ts'
import { dataFolder, openBrowser } from '../../main/serve.ts'
import { createGuard, INVITED } from '../../main/serve/guard.ts'
import { openServer, type StudioServer } from '../../main/serve/server.ts'
import { cookieFrom, testPages, testStudio, type TestStudio } from './support/studio.ts'

let host: TestStudio
let server: StudioServer
let cookie: string
let token: string

beforeAll(async () => {
  host = testStudio()
  server = await openServer(host.studio, testPages(), 0)
  cookie = await cookieFrom(server.url)
  token = new URL(server.url).searchParams.get('token')!
})
afterAll(async () => {
  await server.close()
  host.close()
})

interface Answer {
  status: number
  headers: Record<string, string | string[] | undefined>
  body: string
}

/** As any program may ask, with whatever headers it likes. */
function ask(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port: server.port, path, method, headers }, (response) => {
      let body = ''
      response.setEncoding('utf8').on('data', (text: string) => (body += text))
      response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, body }))
    })
    sent.on('error', reject).end()
  })
}

/** The status that a socket's upgrade ends with; 101 when it is let in. */
function upgrade(path: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}${path}`, { headers })
    socket.on('open', () => {
      socket.terminate()
      resolve(101)
    })
    socket.on('unexpected-response', (_request, response) => {
      socket.terminate()
      resolve(response.statusCode!)
    })
    socket.on('error', () => undefined)
  })
}

const own = () => `127.0.0.1:${server.port}`

test('a port that is taken is told, with what to do', async () => {
  await expect(openServer(host.studio, testPages(), server.port)).rejects.toMatchObject({
    problem: { kind: 'call', expected: `to listen at port ${server.port}`, came: 'it is taken' },
  })
})

test('scripts are kept by the browser, and packed for whoever takes that; the page itself is not kept', async () => {
  const script = await ask('/assets/a.js', { cookie })
  expect(script.headers['cache-control']).toMatch(/immutable/)
  expect([script.headers['content-encoding'], script.body]).toEqual([undefined, 'document.title = "ran"'])
  const packed = await ask('/assets/a.js', { cookie, 'accept-encoding': 'gzip, deflate, br' })
  expect([packed.headers['content-encoding'], packed.headers['vary']]).toEqual(['br', 'Accept-Encoding'])
  const refused = await ask('/assets/a.js', { cookie, 'accept-encoding': 'br;q=0, gzip' })
  expect(refused.headers['content-encoding']).toBeUndefined()
  expect((await ask('/', { cookie })).headers['cache-control']).toBe('no-store')
  expect((await ask('/assets/a.js.br', { cookie })).status).toBe(404)
})

test("the page is in the language and theme that were chosen, else in the browser's language", async () => {
  const page = async (language: string) => (await ask('/', { cookie, 'accept-language': language })).body
  expect(await page('de-AT,de;q=0.9,en;q=0.8')).toContain('<html lang="de" data-theme="system"><title>Versuch')
  for (const other of ['fr-FR', 'en;q=0.9', '', ';,']) expect(await page(other)).toContain('<title>Test')
  host.studio.host.preferences.changeApp({ language: 'de', theme: 'dark' })
  expect(await page('en-GB')).toContain('<html lang="de" data-theme="dark"><title>Versuch')
  const packed = await ask('/', { cookie, 'accept-encoding': 'br' })
  expect(packed.headers['content-encoding']).toBe('br')
  host.studio.host.preferences.changeApp({ language: 'en', theme: 'system' })
})

describe('who is let in', () => {
  const strangers: [string, () => Record<string, string>][] = [
    ['no token', () => ({})],
    ['a wrong cookie', () => ({ cookie: `${cookie.slice(0, -1)}!` })],
    ['the cookie of another studio', () => ({ cookie: cookie.replace(/fewline-\d+/, 'fewline-1') })],
    ['a foreign Host', () => ({ cookie, host: 'evil.example' })],
    ['a foreign Host that is led here', () => ({ cookie, host: `evil.example:${server.port}` })],
    ['another port in Host', () => ({ cookie, host: '127.0.0.1:1' })],
    ['a foreign Origin', () => ({ cookie, origin: 'https://evil.example' })],
    ['another port in Origin', () => ({ cookie, origin: 'http://127.0.0.1:1' })],
    ['an Origin that hides', () => ({ cookie, origin: 'null' })],
    ['an Origin that begins like ours', () => ({ cookie, origin: `http://${own()}.evil.example` })],
    ['https in Origin', () => ({ cookie, origin: `https://${own()}` })],
  ]
  const paths = ['/', '/index.html', '/assets/a.js', '/socket', '/nowhere', '/../package.json', '//[', '//', 'http://[']

  test.each(strangers)('%s: 403 everywhere', async (_name, headers) => {
    for (const path of paths) {
      for (const method of ['GET', 'POST', 'OPTIONS']) {
        expect([path, method, (await ask(path, headers(), method)).status]).toEqual([path, method, 403])
      }
    }
    for (const path of ['/socket', '/', '//[']) expect([path, await upgrade(path, headers())]).toEqual([path, 403])
  })

  test('an address that is none leads nowhere, even with the cookie, and the studio goes on', async () => {
    for (const path of ['//[', 'http://[', '*', '//:@/']) {
      expect([path, (await ask(path, { cookie })).status]).toEqual([path, 404])
    }
    expect(await upgrade('//[', { cookie })).toBe(403)
    expect((await ask('/', { cookie })).status).toBe(200)
  })

  test('several Hosts, cookies or tokens are not better than one', async () => {
    expect((await ask(`/?token=wrong&token=${token}`)).status).toBe(403)
    expect((await ask(`/#?token=${token}`)).status).toBe(403)
    expect((await ask('/', { cookie: `${cookie.replace(/=.*/, '=wrong')}; ${cookie}` })).status).toBe(403)
    expect((await ask('/', { cookie, host: `${own()}, evil.example` })).status).toBe(403)
  })

  test('a wrong token: 403, even with the cookie', async () => {
    expect((await ask('/?token=wrong', { cookie })).status).toBe(403)
    expect((await ask('/?token=')).status).toBe(403)
    expect(await upgrade('/socket?token=wrong', { cookie })).toBe(403)
  })

  test('a foreign Host or Origin: 403 even with the token', async () => {
    expect((await ask(`/?token=${token}`, { host: 'evil.example' })).status).toBe(403)
    expect((await ask(`/?token=${token}`, { origin: 'https://evil.example' })).status).toBe(403)
  })

  test('the token goes into a cookie and out of the address', async () => {
    const answer = await ask(`/?token=${token}`)
    expect(answer.status).toBe(303)
    expect(answer.headers['location']).toBe('/')
    expect(answer.headers['set-cookie']![0]).toMatch(/^fewline-\d+=[\w-]{32,}; Path=\/; HttpOnly; SameSite=Strict$/)
  })

  test.each([
    '//evil.example/',
    '/.//evil.example/',
    '/\\evil.example/',
    '/a/..//evil.example/',
    '/\t//evil.example/',
    '///evil.example',
  ])('from %j it leads nowhere but here', async (path) => {
    const answer = await ask(`${path.replace('\t', '%09')}?token=${token}`)
    const location = String(answer.headers['location'])
    expect(new URL(location, server.url).origin).toBe(new URL(server.url).origin)
    const from = await ask(`${path.replace('\t', '%09')}?token=${token}`, { 'sec-fetch-site': 'cross-site' })
    expect(String(from.headers['refresh'])).toMatch(/^0; url=\/(?!\/)/)
  })

  test('neither the token nor an invitation is the secret of the session', async () => {
    const invited = new URL(server.invite()).searchParams.get('token')!
    const secret = cookie.replace(/^.*?=/, '')
    expect(new Set([token, invited, secret]).size).toBe(3)
    for (const other of [token, invited]) {
      expect((await ask('/', { cookie: cookie.replace(/=.*/, `=${other}`) })).status).toBe(403)
    }
    expect((await ask(`/?token=${secret}`)).status).toBe(403)
  })

  test('an invitation is used once, and holds for a minute', async () => {
    const path = server.invite().replace(/^http:\/\/[^/]+/, '')
    expect((await ask(path)).status).toBe(303)
    expect((await ask(path)).status).toBe(403)
    let time = 0
    const guard = createGuard(1234, 'printed', () => time)
    const admitted = (given: string) =>
      guard.admit({ address: new URL(`http://127.0.0.1:1234/?token=${given}`), headers: { host: '127.0.0.1:1234' } })
    const [early, late] = [guard.invite(), guard.invite()]
    time = INVITED - 1
    expect([admitted(early), admitted(early)]).toEqual(['token', 'refused'])
    time = INVITED + 1
    expect([admitted(late), admitted('printed')]).toEqual(['refused', 'token'])
  })

  test('the browser is started with a file that is the user’s alone, and that is removed', async () => {
    const data = mkdtempSync(join(tmpdir(), 'fewline-letter-'))
    const started: string[] = []
    const remove = await openBrowser(data, server, async (path) => started.push(path))
    const [path] = started
    expect(path).toMatch(/open-[\w-]+\.html$/)
    const letter = readFileSync(path!, 'utf8')
    const [, address] = /url=(http:[^"]+)/.exec(letter)!
    expect(path).not.toContain(new URL(address!).searchParams.get('token')!)
    if (process.platform !== 'win32') {
      expect([statSync(path!).mode & 0o777, statSync(data).mode & 0o777]).toEqual([0o600, 0o700])
    }
    expect((await ask(new URL(address!).pathname + new URL(address!).search)).status).toBe(303)
    remove()
    expect(existsSync(path!)).toBe(false)
    rmSync(data, { recursive: true })
  })

  test('the cookie opens the page and the socket, under both names of this machine', async () => {
    expect((await ask('/', { cookie })).body).toContain('<title>Test</title>')
    expect((await ask('/', { cookie, host: `localhost:${server.port}` })).status).toBe(200)
    expect(await upgrade('/socket', { cookie, origin: `http://${own()}` })).toBe(101)
    expect(await upgrade('/socket', { cookie, origin: `http://localhost:${server.port}` })).toBe(101)
    expect(await upgrade('/elsewhere', { cookie })).toBe(403)
  })

  test('tokens are never the same', async () => {
    const other = await openServer(host.studio, testPages(), 0)
    expect(new URL(other.url).searchParams.get('token')).not.toBe(token)
    await other.close()
  })
})

describe('what is served', () => {
  test('the files of the page, and nothing else', async () => {
    const script = await ask('/assets/a.js', { cookie })
    expect(script.status).toBe(200)
    expect(script.headers['content-type']).toMatch(/^text\/javascript/)
    for (const path of [
      '/package.json',
      '/assets/',
      '/assets/../../package.json',
      '/%2e%2e/package.json',
      '/assets%2fa.js',
    ]) {
      expect([path, (await ask(path, { cookie })).status]).toEqual([path, 404])
    }
    expect((await ask('/', { cookie }, 'POST')).status).toBe(405)
  })

  test('every answer says what the page may do', async () => {
    for (const answer of [await ask('/', { cookie }), await ask('/'), await ask('/nowhere', { cookie })]) {
      expect(answer.headers['referrer-policy']).toBe('no-referrer')
      expect(answer.headers['x-content-type-options']).toBe('nosniff')
      const policy = answer.headers['content-security-policy'] as string
      expect(policy).toContain("default-src 'none'")
      expect(policy).toMatch(/script-src 'self';/)
      expect(policy).toContain("frame-ancestors 'none'")
      expect(policy).not.toContain('unsafe-eval')
    }
  })

  test('only this machine is listened to', async () => {
    const { networkInterfaces } = await import('node:os')
    const others = Object.values(networkInterfaces()).flatMap((list) => list ?? [])
    const foreign = others.find(({ family, internal }) => family === 'IPv4' && !internal)
    if (!foreign) return
    await expect(fetch(`http://${foreign.address}:${server.port}/`)).rejects.toThrow()
  })
})

describe('what comes through the socket', () => {
  const open = () => new WebSocket(`ws://${own()}/socket`, { headers: { cookie } })
  const closed = (socket: WebSocket) => new Promise<number>((resolve) => socket.on('close', resolve))

  test.each([
    ['text', 'hello'],
    ['bytes that are no message', Buffer.from([1, 2, 3, 4, 5])],
    ['a message that is no command', Buffer.from(encode({ nothing: true }))],
    ['a command without a number', Buffer.from(encode({ command: 'hello', request: {} }))],
  ])('%s ends it, and the studio goes on', async (_name, message) => {
    const socket = open()
    socket.on('open', () => socket.send(message))
    expect(await closed(socket)).toBeGreaterThanOrEqual(1003)
    const port = socketPort(open())
    expect((await connect(port).call('hello', {})).version).toBe('0.0.0-test')
    port.close()
  })

  const strokes = { points: new Float32Array(8), widths: Float32Array.of(3), width: 224, height: 224 }
  test.each([
    ['a drawing that locks a million strokes', { drawing: { strokes, locked: new Array<number>(1e6).fill(1) } }],
    ['a list of a million things that are none', { drawing: { strokes, locked: new Array<null>(1e6).fill(null) } }],
    ['a million settings', { settings: Object.fromEntries(Array.from({ length: 1e5 }, (_, i) => [`key${i}`, i])) }],
    ['what is nested without end', { drawing: JSON.parse(`${'['.repeat(2e5)}${']'.repeat(2e5)}`) as unknown }],
  ])('%s ends it, and the studio goes on', async (_name, request) => {
    const json = Buffer.from(nestedJson({ id: 1, command: 'edit', request }))
    const head = Buffer.alloc(4)
    head.writeUInt32LE(json.length)
    const socket = open()
    socket.on('open', () => socket.send(Buffer.concat([head, json, Buffer.alloc(8)])))
    expect(await closed(socket)).toBe(1008)
    const port = socketPort(open())
    expect((await connect(port).call('hello', {})).version).toBe('0.0.0-test')
    port.close()
  })

  test('a few too many are refused in a word, however many things are wrong with them', async () => {
    const port = socketPort(open())
    const locked = new Array<number>(5000).fill(-1)
    const drawing = { strokes, locked } as never
    const error = await connect(port)
      .call('edit', { drawing })
      .catch((reason: unknown) => reason as StudioError)
    expect((error as StudioError).problem.details!.length).toBeLessThan(200)
    port.close()
  })

  test('an upload beyond the cap ends it', async () => {
    const { MOST_BYTES } = await import('../../main/api.ts')
    const socket = open()
    socket.on('open', () => socket.send(Buffer.alloc(MOST_BYTES + 2 ** 21)))
    expect(await closed(socket)).toBe(1009)
  })
})

/** As JSON.stringify does, which gives up on what is nested very deeply. */
function nestedJson(value: { id: number; command: string; request: object }): string {
  try {
    return JSON.stringify(value, (_key, part: unknown) =>
      part instanceof Float32Array ? { '\u0000array': ['f32', 0, part.length] } : part,
    )
  } catch {
    return `{"id":1,"command":"edit","request":{"drawing":${'['.repeat(2e5)}${']'.repeat(2e5)}}}`
  }
}

test.each([
  ['linux', {}, /\.local\/share\/fewline$/],
  ['linux', { XDG_DATA_HOME: '/x' }, /^\/x\/fewline$/],
  ['win32', { APPDATA: 'C:/Users/me/AppData/Roaming' }, /Roaming.Fewline$/],
  ['darwin', {}, /Application Support\/Fewline$/],
  ['linux', { FEWLINE_DATA: '/mine' }, /^\/mine$/],
])('on %s with %o work is kept where it belongs', (platform, env, folder) => {
  expect(dataFolder(env, platform)).toMatch(folder)
})
