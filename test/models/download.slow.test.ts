import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { FewlineError } from '../../src/errors.ts'
import { downloadModel } from '../../src/models/store.ts'
import { useFolder } from '../support/folder.ts'
import {
  answers,
  breaksOffAfter,
  fallsSilent,
  knowsNoRanges,
  noise,
  saysNoLength,
  serves,
  sha256,
  silent,
  slowly,
  useProxy,
  useServer,
  writeCatalogue,
  type Manner,
} from './server.ts'

const folder = useFolder()
const server = useServer()
const proxy = useProxy()

const CONTENT = noise(200_000)
const OTHER = Buffer.from(CONTENT)
OTHER[12_345]! ^= 1
const OPTIONS = { patience: 1000, pause: 1 }

let models: string
const installed = (): string => join(models, 'tiny.pt')
const partial = (): string => join(models, `tiny.pt.${sha256(CONTENT).slice(0, 8)}.part`)

beforeEach(() => {
  models = join(folder.path, 'models')
  for (const name of ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY', 'no_proxy', 'NO_PROXY']) {
    vi.stubEnv(name, undefined)
  }
  vi.stubEnv('FEWLINE_MODELS', models)
  list(['/tiny.pt'])
})

/** Lists the file at these places, the first of which behaves in these manners. */
function list(paths: string[], { rough = false, name = 'tiny.pt' } = {}): void {
  const urls = paths.map((path) => (path.startsWith('/') ? server.url(path) : path))
  vi.stubEnv('FEWLINE_CATALOGUE', writeCatalogue(folder.path, [{ name, content: CONTENT, urls, rough }]))
}

function serve(...manners: Manner[]): void {
  server.put('/tiny.pt', CONTENT, ...manners)
}

async function complaint(options = {}): Promise<string> {
  const error = await downloadModel('Tiny/1', { ...OPTIONS, ...options }).catch((error: unknown) => error)
  expect(error).toBeInstanceOf(FewlineError)
  expect(existsSync(installed())).toBe(false)
  return (error as FewlineError).message
}

async function expectDownloaded(options = {}): Promise<void> {
  expect(await downloadModel('tiny-1', { ...OPTIONS, ...options })).toBe(installed())
  expect(readFileSync(installed()).equals(CONTENT)).toBe(true)
  expect(readdirSync(models)).toEqual(['tiny.pt'])
}

test('a model is downloaded, once', async () => {
  serve()
  const seen: number[] = []
  await expectDownloaded({ onProgress: ({ done, total }: { done: number; total: number }) => seen.push(done / total) })
  expect(seen.at(-1)).toBe(1)
  expect(seen).toEqual([...seen].sort())
  await expectDownloaded()
  expect(server.asked).toEqual(['/tiny.pt'])
})

test('a file of another length under its name is replaced', async () => {
  mkdirSync(models)
  writeFileSync(installed(), 'half')
  serve()
  await expectDownloaded()
})

describe('a server that', () => {
  test('breaks off is asked for the rest', async () => {
    serve(breaksOffAfter(50_000), breaksOffAfter(50_000))
    await expectDownloaded()
    expect(server.asked[0]).toBe('/tiny.pt')
    const starts = server.asked.slice(1).map((asked) => Number(/bytes=(\d+)-/.exec(asked)![1]))
    expect(starts).toHaveLength(2)
    expect(starts[0]).toBeGreaterThan(0)
    expect(starts[1]).toBeGreaterThan(starts[0]!)
  })

  test('breaks off and knows no ranges is asked for everything', async () => {
    serve(breaksOffAfter(50_000), knowsNoRanges)
    await expectDownloaded()
  })

  test('always breaks off is given up, and what came is kept', async () => {
    serve(...Array.from({ length: 4 }, () => breaksOffAfter(10_000)))
    expect(await complaint()).toMatch(/127\.0\.0\.1:\d+ broke off: try again later/)
    expect(server.asked).toHaveLength(4)
    const kept = readFileSync(partial())
    expect(kept.length).toBeGreaterThan(0)
    expect(kept.equals(CONTENT.subarray(0, kept.length))).toBe(true)
    await expectDownloaded()
    expect(server.asked.at(-1)).toBe(`/tiny.pt bytes=${kept.length}-`)
  })

  test('serves a wrong byte is not believed', async () => {
    serve(serves(OTHER))
    expect(await complaint()).toContain('has another file (its SHA-256 differs)')
    expect(server.asked).toHaveLength(1)
    expect(readdirSync(models)).toEqual([])
  })

  test('has another file than the one that was begun is asked for everything', async () => {
    mkdirSync(models)
    writeFileSync(partial(), OTHER.subarray(0, 60_000))
    serve()
    await expectDownloaded()
    expect(server.asked).toEqual(['/tiny.pt bytes=60000-', '/tiny.pt'])
  })

  test.each([
    ['longer', Buffer.concat([CONTENT, CONTENT])],
    ['shorter', CONTENT.subarray(1)],
    ['a page of text', Buffer.from('<html>Please log in.</html>')],
  ])('has another file, %s, is not listened to', async (_what, other) => {
    serve(serves(other))
    expect(await complaint()).toContain('has another file (of ')
    expect(server.asked).toHaveLength(1)
  })

  test('lies about the length is asked for the rest', async () => {
    const lying: Manner = (_request, response) => {
      response.writeHead(200, { 'content-length': CONTENT.length })
      response.write(CONTENT.subarray(0, 1000), () => response.destroy())
    }
    serve(lying)
    await expectDownloaded()
  })

  test('sends more than it says is not believed', async () => {
    serve(saysNoLength(), (_request, response) => void response.end(Buffer.concat([CONTENT, CONTENT])))
    list(['/longer.pt'])
    server.put('/longer.pt', Buffer.concat([CONTENT, CONTENT]), saysNoLength())
    expect(await complaint()).toContain('sends more than there should be')
  })

  test('does not say how long the file is is read to the end', async () => {
    serve(saysNoLength(80_000), saysNoLength())
    await expectDownloaded()
    expect(server.asked).toEqual(['/tiny.pt', '/tiny.pt bytes=80000-'])
  })

  test('has no more to give says so, and its words are no part of the file', async () => {
    mkdirSync(models)
    writeFileSync(partial(), CONTENT)
    list(['/tiny.pt'], { rough: true })
    serve(answers(416, { 'content-range': `bytes */${CONTENT.length}` }))
    await expectDownloaded()
    expect(server.asked).toEqual([`/tiny.pt bytes=${CONTENT.length}-`])
  })

  test('is slow is waited for', async () => {
    serve(slowly(6, 250))
    await expectDownloaded()
    expect(server.asked).toHaveLength(1)
  })

  test('falls silent is asked again, and at last given up', async () => {
    serve(silent, silent, silent, silent)
    expect(await complaint({ patience: 100 })).toContain('does not answer')
    serve(silent, fallsSilent)
    await expectDownloaded({ patience: 100 })
    expect(server.asked.at(-1)).toBe('/tiny.pt bytes=1000-')
  })

  test('sends elsewhere is followed, with the range', async () => {
    mkdirSync(models)
    writeFileSync(partial(), CONTENT.subarray(0, 1000))
    serve(answers(302, { location: server.url('/elsewhere') }))
    server.put('/elsewhere', CONTENT)
    await expectDownloaded()
    expect(server.asked).toEqual(['/tiny.pt bytes=1000-', '/elsewhere bytes=1000-'])
  })

  test('sends in circles is given up', async () => {
    list(['/a'])
    const to = (path: string): Manner => answers(302, { location: path })
    server.put('/a', CONTENT, ...Array.from({ length: 9 }, () => to('/b')))
    server.put('/b', CONTENT, ...Array.from({ length: 9 }, () => to('/a')))
    expect(await complaint()).toContain('sends in circles')
  })

  test.each(['file:///etc/hosts', 'http://', 'data:,'])('sends to %s is not followed', async (location) => {
    serve(answers(302, { location }))
    expect(await complaint()).toContain('sends nowhere')
    expect(server.asked).toHaveLength(1)
  })

  test('is busy for a moment is asked again', async () => {
    serve(answers(503), answers(429))
    await expectDownloaded()
    expect(server.asked).toHaveLength(3)
  })

  test('has no such file is asked once', async () => {
    expect(await complaint()).toContain('answers 404')
    expect(server.asked).toHaveLength(1)
  })

  test('sends another part than was asked for is left', async () => {
    mkdirSync(models)
    writeFileSync(partial(), CONTENT.subarray(0, 1000))
    serve(
      (_request, response) => void response.writeHead(206, { 'content-range': 'bytes 0-199999/200000' }).end(CONTENT),
    )
    expect(await complaint()).toContain('another part')
    expect(readFileSync(partial())).toHaveLength(1000)
  })
})

describe('a file whose length nobody has told', () => {
  beforeEach(() => list(['/tiny.pt'], { rough: true }))

  test('is downloaded all the same', async () => {
    serve(breaksOffAfter(50_000))
    await expectDownloaded()
    await expectDownloaded()
    expect(server.asked).toHaveLength(2)
  })

  test('and is known when it only lacks its name', async () => {
    mkdirSync(models)
    writeFileSync(partial(), CONTENT)
    serve()
    await expectDownloaded()
    expect(server.asked).toEqual(['/tiny.pt bytes=200000-'])
  })

  test('but not when it is absurdly long', async () => {
    serve(serves(noise(400_000)))
    expect(await complaint()).toContain('has another file (of ')
  })
})

test('a file that only lacks its name is not asked for', async () => {
  mkdirSync(models)
  writeFileSync(partial(), CONTENT)
  await expectDownloaded()
  expect(server.asked).toEqual([])
})

test('mirrors are tried in turn, each going on where the last one stopped', async () => {
  list(['http://127.0.0.1:9/closed.pt', '/missing.pt', '/wrong.pt', '/tiny.pt', '/never.pt'])
  server.put('/wrong.pt', OTHER)
  serve()
  await expectDownloaded()
  expect(server.asked).toEqual(['/missing.pt', '/wrong.pt', '/tiny.pt'])
})

test('when no mirror has it, all reasons are told', async () => {
  list(['http://127.0.0.1:9/closed.pt', '/missing.pt', '/wrong.pt'])
  server.put('/wrong.pt', OTHER)
  const message = await complaint()
  expect(message).toMatch(/127\.0\.0\.1:9 refuses the connection, and .* answers 404, and .* has another file/)
  expect(message).toContain('fewline models import FILE')
})

describe('an end by the user', () => {
  test('keeps what has come, and the next download goes on', async () => {
    serve(slowly(20, 50))
    const stop = new AbortController()
    const options = { ...OPTIONS, signal: stop.signal, onProgress: () => stop.abort() }
    await expect(downloadModel('Tiny/1', options)).rejects.toThrow(/abort/i)
    expect(existsSync(installed())).toBe(false)
    const kept = readFileSync(partial()).length
    expect(kept).toBeGreaterThan(0)
    await expectDownloaded()
    expect(server.asked.at(-1)).toBe(`/tiny.pt bytes=${kept}-`)
  })

  test('is heard between two tries', async () => {
    serve(answers(503))
    const download = downloadModel('Tiny/1', { pause: 60_000, signal: AbortSignal.timeout(100) })
    await expect(download).rejects.toThrow(/abort|timeout/i)
  })

  test('before the beginning leaves no trace', async () => {
    await expect(downloadModel('Tiny/1', { signal: AbortSignal.abort() })).rejects.toThrow(/abort/i)
    expect(existsSync(models)).toBe(false)
  })
})

describe('two downloads at once', () => {
  test('both end with the file', async () => {
    serve(slowly(5, 20), slowly(3, 20))
    const both = await Promise.all([downloadModel('Tiny/1', OPTIONS), downloadModel('Tiny/1', OPTIONS)])
    expect(both).toEqual([installed(), installed()])
    await expectDownloaded()
    expect(server.asked).toEqual(['/tiny.pt', '/tiny.pt'])
  })

  test('what a process that has died left is taken over, what a living one writes is not', async () => {
    mkdirSync(models)
    const stem = partial().replace(/\.part$/, '')
    const alive = `${stem}.${process.ppid}-1.part`
    writeFileSync(alive, CONTENT.subarray(0, 3000))
    // No process has such a number.
    writeFileSync(`${stem}.99999999-1.part`, CONTENT.subarray(0, 2000))
    serve()
    await downloadModel('Tiny/1', OPTIONS)
    expect(server.asked).toEqual(['/tiny.pt bytes=2000-'])
    expect(readFileSync(alive)).toHaveLength(3000)
  })
})

describe('a proxy', () => {
  test('named in HTTP_PROXY is used', async () => {
    vi.stubEnv('HTTP_PROXY', proxy.url)
    serve(breaksOffAfter(50_000))
    await expectDownloaded()
    expect(proxy.asked).toEqual([server.url('/tiny.pt'), server.url('/tiny.pt')])
  })

  test('is not, for hosts in NO_PROXY', async () => {
    vi.stubEnv('HTTP_PROXY', proxy.url)
    vi.stubEnv('NO_PROXY', 'example.org,127.0.0.1')
    serve()
    await expectDownloaded()
    expect(proxy.asked).toEqual([])
  })

  test('named in HTTPS_PROXY is asked for a tunnel', async () => {
    vi.stubEnv('HTTPS_PROXY', proxy.url)
    const { host, href } = new URL(server.url('/tiny.pt').replace('http:', 'https:'))
    list([href])
    // The server at the tunnel's end speaks no TLS.
    expect(await complaint()).toContain('failed')
    expect(proxy.asked[0]).toBe(host)
  })
})

describe('a disk', () => {
  test('without room is noticed before anything is asked', async () => {
    const huge = join(folder.path, 'huge.json')
    const text = readFileSync(process.env.FEWLINE_CATALOGUE!, 'utf8').replace('"bytes":200000', `"bytes":${2 ** 52}`)
    writeFileSync(huge, text)
    vi.stubEnv('FEWLINE_CATALOGUE', huge)
    const message = await complaint()
    expect(message).toMatch(/^Expected 4503600 GB of free space in ".*", but there are only .*: free some/)
    expect(server.asked).toEqual([])
  })

  test('that may not be written on is told', async () => {
    writeFileSync(models, 'a file where the folder should be')
    expect(await complaint()).toMatch(/to write ".*models"/)
  })
})

test('an unknown model is a wrong call', async () => {
  const error = await downloadModel('RN9000').catch((error: unknown) => error)
  expect((error as FewlineError).problem).toMatchObject({ kind: 'call', came: '"RN9000" is none' })
})
