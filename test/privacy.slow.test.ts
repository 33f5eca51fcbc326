import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { describe, expect, test } from 'vitest'
import { connect } from '../main/api.ts'
import { CLI, useFolder, writePhoto } from './cli/fewline.ts'
import { next, socketTo } from './main/support/studio.ts'
import { TINY_RN, writeClip } from './support/clip.ts'

/*
 * The real programs, as a user has them: in a home that is empty, and without `CI`, which would also silence the runtime.
 */

const folder = useFolder()
const has = (program: string) =>
  (process.env['PATH'] ?? '').split(delimiter).some((place) => existsSync(join(place, program)))
const traced = process.platform === 'linux' && has('strace')
if (!traced) console.warn('strace is not installed: that nothing is sent is not seen here')

/** Everything that a program may take for its own: a home, a place for what is temporary, no word of a CI. */
function home() {
  const path = join(folder.path, 'home')
  const temporary = join(folder.path, 'temporary')
  for (const place of [path, temporary]) mkdirSync(place)
  const places = {
    HOME: path,
    USERPROFILE: path,
    APPDATA: path,
    LOCALAPPDATA: path,
    TMPDIR: temporary,
    TEMP: temporary,
  }
  const kept = Object.entries(process.env).filter(([name]) => !/^(CI|ORT_|XDG_|FEWLINE_|NODE_|VITEST)/.test(name))
  return { env: { ...Object.fromEntries(kept), ...places }, written: () => [...filesIn(path), ...filesIn(temporary)] }
}

function filesIn(path: string): string[] {
  return readdirSync(path, { recursive: true, encoding: 'utf8' }).filter((name) => statSync(join(path, name)).isFile())
}

/** Starts the command, under the eyes of strace where that is; all its processes with it. */
function start(args: readonly string[], env: Record<string, string | undefined>) {
  const call = [process.execPath, CLI, ...args]
  const trace = join(folder.path, 'trace')
  const [program, ...rest] = traced ? ['strace', '-f', '-qq', '-e', 'trace=network', '-o', trace, ...call] : call
  const child = spawn(program!, rest, { cwd: folder.path, env, stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise<number | null>((resolve) => child.on('close', (code) => resolve(code)))
  return { child, ended, strangers: () => (traced ? strangersIn(readFileSync(trace, 'utf8')) : []) }
}

/** Calls that name a machine other than this one. */
function strangersIn(trace: string): string[] {
  const home = /sin_addr=inet_addr\("127\.|inet_pton\(AF_INET6, "::1"/
  return trace.split('\n').filter((line) => /sa_family=AF_INET6?\b/.test(line) && !home.test(line))
}

describe('nothing is told to anybody, and nothing kept where it does not belong', () => {
  test('by a drawing, in its own process', async () => {
    await writePhoto(join(folder.path, 'a.png'))
    const { env, written } = home()
    // Whatever was set before.
    const loud = { ...env, ORT_DISABLE_TELEMETRY: '0' }
    const { ended, strangers } = start(['sketch', 'a.png', '--strokes', '4', '--preset', 'fast', '-o', 'b.png'], loud)
    expect(await ended).toBe(0)
    expect(written()).toEqual([])
    expect(strangers()).toEqual([])
  })

  test('by CLIP, a graph that is rewritten, and devices that are tried', async () => {
    await writePhoto(join(folder.path, 'a.png'))
    writeClip(join(folder.path, 'rn.pt'), TINY_RN)
    const { env, written } = home()
    const few = ['--strokes', '4', '--preset', 'fast', '--iterations', '2']
    const { ended, strangers } = start(['sketch', 'a.png', ...few, '--encoder', 'rn.pt', '--device', 'auto'], env)
    expect(await ended).toBe(0)
    expect(written().filter((name) => !/(^|[/\\])fewline([/\\]|-nodejs)/i.test(name))).toEqual([])
    expect(strangers()).toEqual([])
  })

  test('by the studio and its engine', async () => {
    const { env, written } = home()
    const { child, ended, strangers } = start(['serve', '--no-open'], env)
    const url = await new Promise<string>((resolve, reject) => {
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        const [address] = /http:\/\/\S+/.exec(text) ?? []
        if (address) resolve(address)
      })
      child.on('exit', () => reject(new Error('fewline serve has ended')))
    })
    const door = connect(await socketTo(url))
    await door.call('open', { source: { from: 'sample', name: 'teapot.jpg' } })
    await door.call('change', { settings: { strokes: 4, preset: 'fast' } })
    await door.call('draw', {})
    await next(door, 'run', ({ phase }) => phase === 'done')
    const own = traced ? Number(readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8')) : child.pid!
    process.kill(own, 'SIGTERM')
    await ended
    expect(written().filter((name) => !/(^|[/\\])fewline[/\\]/i.test(name))).toEqual([])
    expect(strangers()).toEqual([])
  })

  test('by a thread that could not see to it: it refuses to run a model', async () => {
    const engine = new URL('../dist/engine/index.js', import.meta.url)
    const photo = fileURLToPath(new URL('../resources/samples/teapot.jpg', import.meta.url))
    const script = `import { parentPort } from 'node:worker_threads'
      const { inspect } = await import(${JSON.stringify(engine.href)})
      await inspect({ photo: ${JSON.stringify(photo)} }).catch(({ problem }) => parentPort.postMessage(problem))`
    const env = { ...process.env, ORT_DISABLE_TELEMETRY: '' }
    const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(script)}`), { env })
    const problem = await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject))
    await worker.terminate()
    expect(problem).toMatchObject({ kind: 'call', todo: expect.stringContaining('ORT_DISABLE_TELEMETRY=1') })
  })
})
