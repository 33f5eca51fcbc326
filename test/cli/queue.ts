import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { Queue } from 'bullmq'
import sharp, { type Sharp } from 'sharp'
import { afterEach, expect } from 'vitest'
import { CLI, fewline, pathsIn, useFolder } from './fewline.ts'

export const hasRedis = spawnSync('redis-server', ['--version']).status === 0
if (!hasRedis) console.warn('redis-server is not installed: the queue is not tried here')

/** Sixty photos take a while where the processor is busy. */
const LONG = { timeout: 100_000 }
export const folder = useFolder()
const place = (name: string) => join(folder.path, name)
export const QUICK = ['--strokes', '2', '--iterations', '1', '--mask', 'none']

const running: ChildProcess[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map(killed))
})

export async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGKILL')
  await once(child, 'exit')
}

function start(program: string, args: readonly string[]): ChildProcess & { said: string } {
  const child = Object.assign(spawn(program, args, { cwd: folder.path }), { said: '' })
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (more) => (child.said += String(more)))
  running.push(child)
  return child
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}

/** A server that keeps everything in its file, as it is told. */
export async function startRedis(port: number): Promise<ChildProcess> {
  const kept = ['--dir', folder.path, '--appendonly', 'yes', '--appendfsync', 'always', '--save', '']
  const redis = start('redis-server', ['--port', String(port), '--bind', '127.0.0.1', ...kept])
  await expect.poll(() => redis.said, LONG).toContain('Ready to accept connections')
  return redis
}

export async function startWorker(url: string): Promise<ReturnType<typeof start>> {
  const worker = start(process.execPath, [CLI, 'worker', '--queue', url, '--jobs', '1', '--threads', '1'])
  await expect.poll(() => worker.said, LONG).toContain('stop with Ctrl-C')
  return worker
}

/** So many photos are drawn by three workers; one of them dies, and who has sent the photos, and the server in the middle. */
export async function drawnByMany(count: number): Promise<void> {
  const port = await freePort()
  const url = `redis://127.0.0.1:${port}`
  const redis = await startRedis(port)
  mkdirSync(place('in'))
  const names = Array.from({ length: count }, (_, i) => `photo ${i}`)
  for (const [i, name] of names.entries()) await circle(i).toFile(place(`in/${name}.png`))
  writeFileSync(place('in/bad.png'), 'no picture')
  const workers = await Promise.all([startWorker(url), startWorker(url), startWorker(url)])
  const call = ['sketch', 'in', '-o', 'out/', '--queue', url, '--json', 'report.json', ...QUICK]
  const drawn = () =>
    workers.flatMap(({ said }) => Array.from(said.matchAll(/^(photo \d+)\.png: drawn/gm), ([, name]) => name))

  const submitting = start(process.execPath, [CLI, ...call])
  await expect.poll(() => drawn().length, LONG).toBeGreaterThan(count / 10)
  await killed(workers[0])
  workers.push(await startWorker(url))
  await killed(submitting)
  let told = ''
  const again = fewline(folder.path, call, ({ stderr }) => stderr?.on('data', (more) => (told += String(more))))
  await expect.poll(() => told, LONG).toContain('.svg: 2 strokes')
  await killed(redis)
  await startRedis(port)

  const { code, stderr } = await again
  expect(stderr).toMatch(/\nExpected [^\n]*"bad\.png" is not a picture[^\n]*\n/)
  expect(stderr).toContain('The server of the queue is away: it is waited for.\n')
  expect(stderr).toContain(`${count} of ${count + 1} photos were drawn.`)
  expect(code).toBe(1)
  for (const name of names) expect(pathsIn(readFileSync(place(`out/${name}.svg`), 'utf8'))).toBe(2)
  expect(new Set(drawn())).toEqual(new Set(names))
  const { photos } = JSON.parse(readFileSync(place('report.json'), 'utf8')) as {
    photos: { photo: string; strokes?: number }[]
  }
  expect(photos.filter(({ strokes }) => strokes === 2)).toHaveLength(count)

  const standing = await fewline(folder.path, ['queue', '--queue', url, '--json'])
  const [builtin] = JSON.parse(standing.stdout) as [object]
  expect(builtin).toMatchObject({ encoder: 'builtin', workers: 3, waiting: 0, underWay: 0, drawn: count, failed: 1 })
  expect(builtin).toMatchObject({
    failures: [{ photo: 'bad.png', why: expect.stringContaining('is not a picture') }],
  })
  expect(drawn().length).toBe(count)

  // The same call again draws nothing again, but what has failed.
  await circle(99).toFile(place('in/bad.png'))
  expect(await fewline(folder.path, call)).toMatchObject({ code: 0 })
  expect(drawn().length).toBe(count)

  // Whoever sends something else is refused, and what is under way when a worker is stopped is drawn to its end.
  const stranger = new Queue('builtin', { connection: { url }, prefix: 'fewline' })
  const odd = await stranger.add('odd.png', { name: '../odd.png', photo: '', options: { output: '/etc/passwd' } })
  await expect.poll(async () => odd.getState()).toBe('failed')
  await stranger.close()
  const { stdout } = await fewline(folder.path, ['queue', '--queue', url])
  expect(stdout).toMatch(
    new RegExp(
      `^builtin: 0 wait, 0 are under way, ${count + 1} were drawn, 2 failed; workers: 3\n  odd\\.png: Expected`,
    ),
  )
  for (const worker of workers.slice(1)) worker.kill('SIGINT')
  await expect.poll(() => workers.slice(1).map(({ exitCode }) => exitCode)).toEqual([0, 0, 0])
}

/** A small photo that is like no other. */
export function circle(i: number): Sharp {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="96" height="96"><rect width="96" height="96" fill="#fff"/>
    <circle cx="48" cy="48" r="${20 + i / 5}" fill="#333"/></svg>`
  return sharp(Buffer.from(svg)).png()
}
